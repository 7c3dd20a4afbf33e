# The classic path of edgeR, file to file: the other half of benchmark_edger.rs.
# usage: Rscript classic_pipeline.R COUNTS.tsv OUT.tsv LABELS [BCV] [--unfiltered]
a <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(edgeR))
options(digits = 17)
counts <- as.matrix(read.delim(a[1], row.names = 1))
y <- DGEList(counts, group = factor(strsplit(a[3], ",")[[1]]))
if (!("--unfiltered" %in% a)) y <- y[filterByExpr(y), , keep.lib.sizes = FALSE]
y <- calcNormFactors(y)
bcv <- if (length(a) > 3) suppressWarnings(as.numeric(a[4])) else NA
test <- if (is.na(bcv)) exactTest(estimateDisp(y)) else exactTest(y, dispersion = bcv^2)
write.table(topTags(test, n = Inf)$table, a[2], sep = "\t", quote = FALSE, col.names = NA)
