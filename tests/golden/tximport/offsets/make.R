# Writes input/ and expected/: made-up counts of genes with average transcript lengths, and the tests of edgeR and DESeq2 with offsets as
# tximport's vignette has them.
suppressPackageStartupMessages({library(edgeR); library(DESeq2)})
set.seed(11)
genes <- 300; samples <- c("a1", "a2", "a3", "b1", "b2", "b3"); group <- factor(c("A", "A", "A", "B", "B", "B"))
batch <- factor(c("x", "y", "x", "y", "x", "y"))
len <- matrix(exp(rnorm(genes, 7, 0.6)) * exp(rnorm(genes * 6, 0, 0.05)), genes)
swap <- sample(genes, 60); len[swap, 4:6] <- len[swap, 4:6] * exp(rnorm(60, 0, 0.7))
len <- round(len, 3)
rate <- exp(rnorm(genes, 0, 1.4)); fold <- rep(1, genes); fold[1:40] <- exp(rnorm(40, 0, 1.2))
mu <- rate * len / 1000 * 120 * outer(rep(1, genes), c(1, 1.3, 0.8, 1.1, 0.7, 1.4)); mu[, 4:6] <- mu[, 4:6] * fold
cts <- matrix(rnbinom(genes * 6, mu = mu, size = 1 / 0.08), genes)
cts[cts > 0] <- cts[cts > 0] + round(runif(sum(cts > 0), -0.4, 0.4), 3)
cts[7, ] <- c(0, 0, 0, 12.25, 9.5, 20.125)
dimnames(cts) <- dimnames(len) <- list(sprintf("g%03d", 1:genes), samples)
save <- function(m, file) write.table(data.frame(gene_id = rownames(m), format(as.matrix(m), digits = 17, trim = TRUE)), file, sep = "\t", quote = FALSE, row.names = FALSE)
save(cts, "input/counts.tsv"); save(len, "input/lengths.tsv")
cts <- as.matrix(read.delim("input/counts.tsv", row.names = 1)); len <- as.matrix(read.delim("input/lengths.tsv", row.names = 1))

offsets <- function(cts, len) {
  normMat <- len / exp(rowMeans(log(len)))
  normCts <- cts / normMat
  eff.lib <- calcNormFactors(normCts) * colSums(normCts)
  normMat <- log(sweep(normMat, 2, eff.lib, "*"))
  scaleOffset(DGEList(cts), normMat)
}
for (model in c("group", "batch")) {
  design <- if (model == "group") model.matrix(~group) else model.matrix(~batch + group)
  y <- estimateDisp(offsets(cts, len), design)
  last <- ncol(design)
  lrt <- glmLRT(glmFit(y, design), coef = last)$table
  ql <- glmQLFTest(glmQLFit(y, design), coef = last)$table
  save(data.frame(lrt[, c("logFC", "logCPM", "LR", "PValue")], row.names = rownames(cts)), paste0("expected/", model, ".lrt.tsv"))
  save(data.frame(ql[, c("logFC", "logCPM", "F", "PValue")], row.names = rownames(cts)), paste0("expected/", model, ".ql.tsv"))
  treat <- glmTreat(glmQLFit(y, design), coef = last, lfc = 0.5)$table
  save(data.frame(treat[, c("logFC", "PValue")], row.names = rownames(cts)), paste0("expected/", model, ".treat.tsv"))
  txi <- list(abundance = cts / len, counts = cts, length = len, countsFromAbundance = "no")
  formula <- if (model == "group") ~group else ~batch + group
  dds <- suppressMessages(DESeq(DESeqDataSetFromTximport(txi, data.frame(group, batch, row.names = samples), formula), quiet = TRUE))
  res <- results(dds)
  save(data.frame(res[, c("baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj")]), paste0("expected/", model, ".deseq2.tsv"))
  if (model == "group") save(normalizationFactors(dds)[1:5, ], "expected/normalization_factors.tsv")
}
