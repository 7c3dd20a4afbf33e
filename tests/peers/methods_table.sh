#!/usr/bin/env bash
# The table of docs/explanation/methods.md: power and false discovery rate of every test on the simulator's grid.
#   tests/peers/methods_table.sh PATH_OF_ALKALINE > table.md
set -euo pipefail
alkaline=${1:?the path of alkaline}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
methods="exact lrt ql voom limma-trend deseq2"
for method in $methods; do
  "$alkaline" power --method "$method" --bcv 0.2 0.4 --lfc 1 2 --replicates 2 3 5 10 --simulations 5 --seed 1 -o "$place/$method.tsv" 2> "$place/$method.log" &
  # two at a time
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
done
wait
echo "| BCV | log2 fold change | test | 2 replicates | 3 | 5 | 10 |"
echo "|---|---|---|---|---|---|---|"
for setting in "0.2 1" "0.2 2" "0.4 1" "0.4 2"; do
  read -r bcv lfc <<< "$setting"
  for method in $methods; do
    awk -F '\t' -v bcv="$bcv" -v lfc="$lfc" -v method="$method" '
      NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
      $at["BCV"] == bcv && $at["log2FC"] == lfc {
        cells = cells sprintf(" %.2f ", $at["power"]) ($at["called"] < 20 ? sprintf("(%d calls)", $at["called"]) : sprintf("%.3f", $at["FDR"])) " |"
      }
      END { printf "| %s | %s | %s |%s\n", bcv, lfc, method, cells }' "$place/$method.tsv"
  done
done
