# The classic path of the real edgeR, for comparison with a run of alkaline:
# filterByExpr -> calcNormFactors -> estimateDisp -> exactTest, by group; or exactTest at a given BCV.
# usage: Rscript edger_classic.R counts.tsv samples.csv VARIABLE REFERENCE TARGET BCV|NA OUT_PREFIX
suppressPackageStartupMessages(library(edgeR))
a <- commandArgs(trailingOnly = TRUE)
skip <- if (grepl("^#", readLines(a[1], n = 1))) 1 else 0
counts <- read.delim(a[1], skip = skip, row.names = 1, check.names = FALSE)
samples <- read.csv(a[2], check.names = FALSE, colClasses = "character")
counts <- as.matrix(counts[, samples$sample, drop = FALSE])
y <- DGEList(counts, group = factor(samples[[a[3]]]))
keep <- filterByExpr(y)
y <- calcNormFactors(y[keep, , keep.lib.sizes = FALSE])
if (a[6] == "NA") {
  y <- estimateDisp(y)
  test <- exactTest(y, pair = c(a[4], a[5]))
} else {
  test <- exactTest(y, pair = c(a[4], a[5]), dispersion = as.numeric(a[6])^2)
}
table <- topTags(test, n = Inf)$table
options(digits = 17)
write.csv(table[, c("logFC", "logCPM", "PValue", "FDR")], paste0(a[7], ".test.csv"), quote = FALSE)
write.csv(y$samples[, c("lib.size", "norm.factors")], paste0(a[7], ".samples.csv"), quote = FALSE)
