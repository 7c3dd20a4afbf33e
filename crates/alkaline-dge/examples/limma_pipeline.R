# limma from file to table, for benchmark_limma: Rscript limma_pipeline.R TABLE OUT voom|limma
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(edgeR))
table <- read.delim(arguments[1], row.names = 1, check.names = FALSE)
values <- as.matrix(table)
group <- factor(rep(c("a", "b"), each = ncol(values) / 2))
design <- model.matrix(~group)
if (arguments[3] == "voom") {
  y <- calcNormFactors(DGEList(values, group = group))
  fit <- eBayes(lmFit(voom(y, design), design))
} else {
  fit <- eBayes(lmFit(values, design))
}
result <- topTable(fit, coef = 2, number = Inf, sort.by = "P")
write.table(data.frame(gene_id = rownames(result), result), arguments[2], sep = "\t", quote = FALSE, row.names = FALSE)
