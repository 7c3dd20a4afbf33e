# How far edgeR's own answers move when norm factors change in their last digits (by 1e-14, at random, twenty times): what no other
# program can agree with better. Usage: Rscript edger_rounding.R DIRECTORY, which holds counts.tsv and samples.tsv, or such a case's input/.
suppressPackageStartupMessages(library(edgeR))
directory <- commandArgs(TRUE)[1]
golden <- dir.exists(file.path(directory, "input"))
input <- if (golden) file.path(directory, "input") else directory
samples <- read.delim(file.path(input, "samples.tsv"))
counts <- as.matrix(read.delim(file.path(input, "counts.tsv"), row.names = 1, check.names = FALSE))
group <- factor(samples$group, levels = unique(samples$group))
pair <- levels(group)[1:2]
design <- model.matrix(~0 + group)
contrast <- c(-1, 1, rep(0, ncol(design) - 2))
y <- DGEList(counts, group = group)
if (golden) y <- y[filterByExpr(y), , keep.lib.sizes = FALSE]
y <- calcNormFactors(y)

answers <- function(y) {
  classic <- estimateDisp(y)
  older <- estimateTagwiseDisp(estimateCommonDisp(y))
  linear <- estimateDisp(y, design)
  exact <- exactTest(classic, pair = pair)$table
  exact_older <- exactTest(older, pair = pair)$table
  robust <- glmQLFTest(glmQLFit(linear, design, robust = TRUE), contrast = contrast)$table
  list(common = classic$common.dispersion, trended = classic$trended.dispersion, tagwise = classic$tagwise.dispersion,
       logFC = exact$logFC, P = exact$PValue,
       older.common = older$common.dispersion, older.tagwise = older$tagwise.dispersion,
       older.logFC = exact_older$logFC, older.P = exact_older$PValue,
       glm.common = linear$common.dispersion, glm.tagwise = linear$tagwise.dispersion, robust.P = robust$PValue)
}

gap <- function(name, a, b) {
  if (grepl("logFC", name)) max(abs(a - b)) else max(abs(a - b) / pmax(abs(a), 1e-300))
}

first <- answers(y)
set.seed(1)
moved <- replicate(20, {
  z <- y
  z$samples$norm.factors <- z$samples$norm.factors * (1 + 1e-14 * runif(ncol(z), -1, 1))
  other <- answers(z)
  mapply(gap, names(first), first, other)
})
for (name in rownames(moved)) cat(name, format(max(moved[name, ]), digits = 2), "\n", sep = "\t")
