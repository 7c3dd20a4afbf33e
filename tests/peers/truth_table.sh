#!/bin/sh
# Power and false discoveries of alkaline beside edgeR, on the same simulated counts, over a grid of replicates, biological
# coefficients of variation and fold changes. Prints the table of docs/explanation/power.md.
# usage: tests/peers/truth_table.sh ALKALINE [DIRECTORY]      needs Rscript with edgeR
set -eu
alkaline=$1
work=${2:-$(mktemp -d)}
here=$(dirname "$0")
printf '| BCV | log2 fold change | replicates | test | genes called by both | only alkaline | only edgeR | power (alkaline, edgeR) | FDR (alkaline, edgeR) |\n'
printf '|---|---|---|---|---|---|---|---|---|\n'
for bcv in 0.1 0.2 0.4; do
  for lfc in 0.585 1 2; do
    for replicates in 2 3 5 10; do
      data=$work/$bcv-$lfc-$replicates
      "$alkaline" simulate -q --counts-only --out "$data" --seed 1 --replicates "$replicates" --bcv "$bcv" \
        --library-size 20000000 --fraction-changed 0.1 --smallest-lfc "$lfc" --excess-lfc 0
      for method in exact ql; do
        "$alkaline" test -q --counts "$data/counts.tsv" --samples "$data/samples.csv" --method "$method" --lfc 0 \
          --contrast condition,parental,resistant -o "$data/$method.tsv"
      done
      Rscript "$here/truth_table.R" "$data" "$bcv" "$lfc" "$replicates"
      rm -r "$data"
    done
  done
done
