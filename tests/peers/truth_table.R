# One cell of truth_table.sh: edgeR on the counts that alkaline has tested, and both against the truth.
# usage: Rscript truth_table.R DIRECTORY BCV LFC REPLICATES
suppressPackageStartupMessages(library(edgeR))
a <- commandArgs(trailingOnly = TRUE)
file <- function(name) file.path(a[1], name)
counts <- read.delim(file("counts.tsv"), skip = 1, row.names = 1, check.names = FALSE)
samples <- read.csv(file("samples.csv"), check.names = FALSE)
truth <- read.delim(file("truth.tsv"), row.names = 1)
y <- DGEList(as.matrix(counts[, samples$sample]), group = factor(samples$condition))
keep <- filterByExpr(y)
y <- calcNormFactors(y[keep, , keep.lib.sizes = FALSE])
design <- model.matrix(~ samples$condition)
theirs <- list(
  exact = exactTest(estimateDisp(y)),
  ql = glmQLFTest(glmQLFit(estimateDisp(y, design), design))
)
for (method in names(theirs)) {
  edger <- topTags(theirs[[method]], n = Inf, sort.by = "none")$table
  ours <- read.delim(file(paste0(method, ".tsv")), row.names = 1, quote = "")[rownames(edger), ]
  changed <- truth[rownames(edger), "log2_fold_change"] != 0
  called <- list(ours$FDR < 0.05, edger$FDR < 0.05)
  power <- sapply(called, function(x) mean(x[changed]))
  fdr <- sapply(called, function(x) if (any(x)) mean(!changed[x]) else 0)
  cat(sprintf("| %s | %s | %s | %s | %d | %d | %d | %.3f, %.3f | %.3f, %.3f |\n", a[2], a[3], a[4], method,
              sum(called[[1]] & called[[2]]), sum(called[[1]] & !called[[2]]), sum(called[[2]] & !called[[1]]),
              power[1], power[2], fdr[1], fdr[2]))
}
