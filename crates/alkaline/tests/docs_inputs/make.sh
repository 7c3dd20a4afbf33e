#!/usr/bin/env bash
# The files that the pages of the documentation speak of, small and simulated, under the names that the pages use: made once, in
# the working directory. `alkaline` is on the path.
set -euo pipefail
quiet="-q"

alkaline simulate $quiet --replicates 3 --library-size 6000 --expressed-genes 300 --out simulated
alkaline simulate $quiet --counts-only --cohort --replicates 3 --library-size 200000 --expressed-genes 400 --out table

for number in 1 2 3; do
  cp simulated/parental_$number.bam a$number.bam
  cp simulated/resistant_$number.bam b$number.bam
done
cp a1.bam H3122.bam
cp b1.bam H3122CR.bam
cp a1.bam a.bam
cp b1.bam b.bam
mkdir -p bams folder bam parts
for group in parental resistant; do
  for number in 1 2 3; do cp simulated/${group}_$number.bam bams/; cp simulated/${group}_$number.bam folder/; done
done
cp a1.bam bam/H2228_1.bam; cp a2.bam bam/H2228_2.bam
cp b1.bam bam/H2228_CR_1.bam; cp b2.bam bam/H2228_CR_2.bam
cp a3.bam bam/H2228_AR_1.bam; cp b3.bam bam/H2228_AR_2.bam

# a GTF of the genes of hg38 that lie in one piece: contig and strand, the first start, then lengths and distances in turn
alkaline reference show hg38 -o hg38.tsv $quiet
awk -F'\t' '!/^#/ && match($4, /^chr[^+-]+[+-]/) && $4 !~ /[ ;]/ {
  contig = substr($4, 1, RLENGTH - 1); strand = substr($4, RLENGTH, 1); n = split(substr($4, RLENGTH + 1), number, ",")
  start = number[1]
  for (i = 2; i <= n; i += 2) {
    end = start + number[i] - 1
    printf "%s\tx\texon\t%d\t%d\t.\t%s\t.\tgene_id \"%s\"; gene_name \"%s\";\n", contig, start, end, strand, $1, $2
    start = end + number[i + 1]
  }
}' hg38.tsv > genes.gtf

cp table/counts.tsv counts.tsv
cp table/contrasts.csv contrasts.csv
awk -F, 'NR == 1 { print $0 ",batch,group" } NR > 1 { print $0 "," ($3 % 2 ? "x" : "y") "," ($2 == "parental" ? "control" : "treated") }' table/samples.csv > samples.csv
cp table/cohort/patients.csv table/cohort/plasma.csv .

alkaline test $quiet --counts counts.tsv --samples samples.csv --contrast condition,parental,resistant -o test.tsv
alkaline normalize $quiet --counts counts.tsv --unit log-cpm -o expression.tsv
alkaline normalize $quiet --counts counts.tsv --unit tpm -o tpm.tsv
cut -f2 test.tsv | sed -n '2,40p' > my-genes.txt
cp my-genes.txt my_genes.txt; cp my-genes.txt up.txt
cut -f2 test.tsv | sed 1d > tested.txt
cut -f2,3 test.tsv | sed 1d > ranks.rnk
{ printf 'SET_A\tna'; sed -n '2,30p' tested.txt | tr '\n' '\t' | sed 's/^/\t/'; echo; printf 'SET_B\tna'; sed -n '60,90p' tested.txt | tr '\n' '\t' | sed 's/^/\t/'; echo; } | sed 's/\t$//' > my.gmt
cp my.gmt h.all.gmt; cp my.gmt h.all.v7.0.symbols.gmt
cp counts.tsv gene_counts.txt

alkaline init $quiet bams --out . 2>/dev/null || true
alkaline run $quiet --parental H3122.bam --resistant H3122CR.bam --bcv 0.1 --out out
alkaline run $quiet --counts counts.tsv --samples samples.csv --contrasts contrasts.csv --go none --gene-sets my.gmt --out other
cp -r other out_rnaseq
cp -r other out_array

# tables of other tools under the names that the pages have
{ echo ",baseMean,log2FoldChange,lfcSE,stat,pvalue,padj"; awk -F'\t' 'NR > 1 { print $2 "," 100 + NR "," $3 ",0.3," $3 / 0.3 "," $5 "," $6 }' test.tsv; } > deseq2.csv
{ printf 'ID\tadj.P.Val\tP.Value\tt\tB\tlogFC\tGene.symbol\n'; awk -F'\t' 'NR > 1 { print "p" NR "\t" $6 "\t" $5 "\t" $3 * 3 "\t" 1 "\t" $3 "\t" $2 }' test.tsv; } > geo2r.top.table.tsv
