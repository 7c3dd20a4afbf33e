# One DGEList of all samples, one dispersion, a table per contrast. usage: two_contrasts.R COUNTS.csv SAMPLES.csv OUT_DIRECTORY
suppressPackageStartupMessages(library(edgeR))
a <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(a[1], row.names = 1, check.names = FALSE))
samples <- read.csv(a[2])
y <- DGEList(counts[, samples$sample], group = factor(samples$condition))
y <- y[filterByExpr(y), , keep.lib.sizes = FALSE]
y <- estimateDisp(calcNormFactors(y))
for (target in c("resistant_A", "resistant_B")) {
  table <- topTags(exactTest(y, pair = c("parental", target)), n = Inf)$table
  text <- data.frame(lapply(table, function(v) sprintf("%.17g", v)), row.names = rownames(table))
  write.table(text, file.path(a[3], paste0(target, ".csv")), sep = ",", quote = FALSE, col.names = NA)
}
