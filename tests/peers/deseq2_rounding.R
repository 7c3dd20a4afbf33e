# How far DESeq2's own P values move when size factors change in their last digit (by 1e-15, at random, five times): its searches of a
# dispersion stop by comparing log likelihoods whose last digits are noise. Usage: Rscript deseq2_rounding.R COUNTS.tsv SAMPLES.csv
# [DESIGN], where the sheet has a column condition. Then compares `alkaline test --method deseq2 --filter none --alpha 0.1`, if a third
# argument names its table.
suppressPackageStartupMessages(library(DESeq2))
arguments <- commandArgs(TRUE)
counts <- as.matrix(read.delim(arguments[1], row.names = 1, check.names = FALSE))
sheet <- read.csv(arguments[2], row.names = 1, stringsAsFactors = TRUE)
design <- as.formula(if (length(arguments) > 3) arguments[4] else "~condition")
reference <- as.character(sheet$condition[1])
sheet$condition <- relevel(sheet$condition, reference)
data <- estimateSizeFactors(DESeqDataSetFromMatrix(counts, sheet, design))
answer <- function(factors) {
  sizeFactors(data) <- factors
  data <- DESeq(data, quiet = TRUE)
  target <- setdiff(levels(sheet$condition), reference)[1]
  list(p = results(data, contrast = c("condition", target, reference))$pvalue, failed = mcols(data)$betaIter == 100)
}
apart <- function(name, p, first) {
  difference <- ifelse(first$p > 0, abs(p - first$p) / first$p, NA)
  converged <- !is.na(difference) & !(first$failed %in% TRUE)
  cat(sprintf("%s\tgenes with P: %d\tmore than 1e-6 apart: %d\tlargest: %.1e\tamong fits that ran away: %.1e of %d\n", name,
              sum(!is.na(difference)), sum(difference[converged] > 1e-6), max(difference[converged]),
              max(0, difference[!converged], na.rm = TRUE), sum(first$failed, na.rm = TRUE)))
}
first <- answer(sizeFactors(data))
set.seed(1)
for (round in 1:5) apart("DESeq2 moved", answer(sizeFactors(data) * (1 + 1e-15 * runif(ncol(data), -1, 1)))$p, first)
if (length(arguments) > 2) {
  own <- read.delim(arguments[3], check.names = FALSE)
  p <- own$PValue[match(rownames(counts), own$gene_id)]
  cat("NA pattern equal:", identical(is.na(p), is.na(first$p)), "\n")
  apart("alkaline", p, first)
}
