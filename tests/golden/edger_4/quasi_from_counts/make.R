# Quasi-likelihood of edgeR 4 from counts, without estimateDisp: plain and robust, with genes that one sample drives. Run inside this
# directory: Rscript make.R. Made with edgeR 4.10.7, limma 3.68.5, R 4.6.
suppressPackageStartupMessages(library(edgeR))
RNGversion("4.0.0")
set.seed(41)
group <- rep(c("a", "b"), each = 4); batch <- rep(c("x", "y"), 4)
means <- exp(rnorm(300, 4, 1.5))
mu <- outer(means, exp(rnorm(8, 0, 0.3)))
mu[1:30, group == "b"] <- mu[1:30, group == "b"] * 3
mu[100:160, batch == "y"] <- mu[100:160, batch == "y"] * 1.7
counts <- matrix(rnbinom(length(mu), mu = mu, size = 1 / 0.06), nrow(mu))
driven <- seq(40, 300, by = 20)
counts[cbind(driven, rep_len(1:8, length(driven)))] <- counts[cbind(driven, rep_len(1:8, length(driven)))] * 25 + 40
dimnames(counts) <- list(sprintf("g%03d", seq_len(nrow(counts))), sprintf("s%d", 1:8))
dir.create("input", FALSE); dir.create("expected", FALSE)
write.table(data.frame(gene_id = rownames(counts), counts), "input/counts.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
write.table(data.frame(sample = colnames(counts), group, batch), "input/samples.tsv", sep = "\t", quote = FALSE, row.names = FALSE)

y <- DGEList(counts, group = factor(group))
keep <- filterByExpr(y)
y <- normLibSizes(y[keep, , keep.lib.sizes = FALSE])
design <- model.matrix(~factor(batch) + group)
save_table <- function(x, file, row) {
  text <- lapply(x, function(v) if (is.numeric(v)) sprintf("%.17g", v) else as.character(v))
  out <- data.frame(rownames(x), text, check.names = FALSE)
  names(out)[1] <- row
  write.table(out, file.path("expected", file), sep = "\t", quote = FALSE, row.names = FALSE)
}
save_table(data.frame(keep = as.integer(keep), row.names = rownames(counts)), "keep.tsv", "gene")
for (robust in c(FALSE, TRUE)) {
  fit <- glmQLFit(y, design, robust = robust, legacy = FALSE)
  kind <- if (robust) "robust" else "plain"
  for (lfc in c(0, log2(1.2))) {
    test <- if (lfc == 0) glmQLFTest(fit, coef = 3) else glmTreat(fit, coef = 3, lfc = lfc)
    table <- topTags(test, n = Inf, sort.by = "none")$table[, c("logFC", "logCPM", "PValue", "FDR")]
    save_table(table, paste0("ql_", kind, if (lfc > 0) "_treat", ".tsv"), "gene")
  }
  cat(kind, "prior df", range(fit$df.prior), "\n")
}
save_table(data.frame(value = c(dispersion = fit$dispersion[1])), "scalars.tsv", "name")
