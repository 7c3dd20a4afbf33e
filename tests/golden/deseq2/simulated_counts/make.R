# What DESeq2 1.38.3 says of counts that a small generator makes: crates/alkaline-dge/tests/deseq2/tables.rs makes the same.
#
#     Rscript make.R        # in this directory
suppressPackageStartupMessages(library(DESeq2))
stopifnot(packageVersion("DESeq2") == "1.38.3")

state <- 20261130
uniform <- function() {
  state <<- (16807 * state) %% 2147483647
  state / 2147483647
}
counts <- matrix(0, 600, 16)
for (i in 1:600) {
  m <- exp(1 + 7 * uniform())
  e <- uniform()
  change <- if (e < .15) exp(3 * (uniform() - .5)) else 1
  k <- floor(3 + 9 * uniform())
  for (j in 1:16) {
    g <- 0
    for (l in 1:k) g <- g - log(uniform())
    rate <- m * (0.7 + 0.6 * ((5 * j) %% 7) / 6) * (if (j > 8) change else 1) * g / k
    z <- -6
    for (l in 1:12) z <- z + uniform()
    y <- max(0, floor(rate + sqrt(rate) * z + .5))
    if (i %% 50 == 0 && j == 1 + (i / 50) %% 16) y <- 40 * y + 200
    counts[i, j] <- y
  }
}
stopifnot(sum(counts) == 4502995)
rownames(counts) <- paste0("g", 1:600)
colnames(counts) <- paste0("s", 1:16)
dir.create("input", showWarnings = FALSE)
write.table(data.frame(gene = rownames(counts), counts), "input/counts.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
sheet <- data.frame(row.names = colnames(counts), group = factor(rep(c("A", "B"), each = 8)),
                    batch = factor(rep(c("x", "y"), 8)), third = factor(c("A", "C", "B")[1 + (0:15) %% 3]),
                    age = c(34, 51, 47, 62, 29, 55, 71, 38, 45, 58, 33, 66, 49, 41, 60, 37))

write <- function(results, case) {
  table <- as.data.frame(results)
  table <- cbind(gene = rownames(table), as.data.frame(lapply(table, function(x) sprintf("%.15g", x))))
  write.table(table, file.path("expected", paste0(case, ".tsv")), sep = "\t", quote = FALSE, row.names = FALSE)
}
fitted <- function(samples, design, rows = 1:600, ...) {
  data <- DESeqDataSetFromMatrix(counts[rows, samples], droplevels(sheet[samples, ]), design)
  suppressMessages(DESeq(data, quiet = TRUE, ...))
}
dir.create("expected", showWarnings = FALSE)

b <- c("group", "B", "A")
all <- fitted(1:16, ~group)
write(results(all, contrast = b), "eight_by_eight")
for (alternative in c("greaterAbs", "lessAbs", "greater", "less"))
  write(results(all, contrast = b, lfcThreshold = .5, altHypothesis = alternative),
        paste0("threshold_", c(greaterAbs = "greater_abs", lessAbs = "less_abs", greater = "greater", less = "less")[alternative]))
write(results(fitted(1:16, ~group, test = "LRT", reduced = ~1), contrast = b), "eight_by_eight_lrt")
write(results(fitted(1:16, ~group, useT = TRUE), contrast = b), "eight_by_eight_t")
write(results(fitted(1:16, ~third), contrast = c("third", "C", "B")), "three_levels")
# the fit of a gene with an outlier runs away here, and where the optimiser leaves it changes the trend
regular <- which(1:600 %% 50 != 0)
write(results(fitted(1:16, ~age + group, regular), contrast = b), "with_age")
write(results(fitted(c(1:4, 9:12), ~batch + group), contrast = b, alpha = .05), "batch_and_group")
write(results(fitted(c(1:4, 9:12), ~batch + group, test = "LRT", reduced = ~batch), contrast = b), "batch_and_group_lrt")
write(results(fitted(c(1:3, 9:11), ~group), contrast = b), "three_by_three")
write(results(fitted(c(1:3, 9:10), ~group), contrast = b), "three_by_two")
write(results(fitted(c(1:2, 9:10), ~group), contrast = b), "two_by_two")
write(results(fitted(c(1:3, 9:11), ~group, fitType = "mean"), contrast = b), "mean_trend")
write(results(fitted(c(1:3, 9:11), ~group, sfType = "poscounts"), contrast = b, independentFiltering = FALSE), "poscounts_unfiltered")
write(results(fitted(c(1:3, 9:11), ~group, fitType = "local"), contrast = b), "local_trend")
write(results(fitted(1:16, ~group, fitType = "local"), contrast = b), "local_trend_eight_by_eight")
# abundant genes that vary more than others: no parametric curve fits, and the local one takes its place
six <- c(1:3, 9:11)
restless <- counts[, six]
abundant <- rowSums(restless) > 2000
restless[abundant, ] <- floor(restless[abundant, ] * rep(c(.1, 2, 1, 1.9, .2, .9), each = sum(abundant)))
data <- DESeqDataSetFromMatrix(restless, droplevels(sheet[six, ]), ~group)
data <- suppressMessages(DESeq(data, quiet = TRUE))
stopifnot(attr(dispersionFunction(data), "fitType") == "local")
write(results(data, contrast = b), "local_where_no_curve_fits")

# blind transformations of nine samples
nine <- DESeqDataSetFromMatrix(counts[, c(1:4, 9:13)], sheet[c(1:4, 9:13), ], ~1)
transformed <- function(values, case) {
  table <- data.frame(gene = rownames(counts), apply(assay(values), 2, function(x) sprintf("%.15g", x)))
  write.table(table, file.path("expected", paste0(case, ".tsv")), sep = "\t", quote = FALSE, row.names = FALSE)
}
transformed(varianceStabilizingTransformation(nine), "vst_all_genes")
transformed(varianceStabilizingTransformation(nine, fitType = "local"), "vst_local")
transformed(varianceStabilizingTransformation(nine, fitType = "mean"), "vst_mean")
transformed(vst(nine, nsub = 300), "vst_300_genes")
transformed(rlog(nine), "rlog")
transformed(rlog(nine, fitType = "local"), "rlog_local")

# fold changes under a normal prior
shrunken <- function(data, case) write(suppressMessages(lfcShrink(data, coef = "group_B_vs_A", type = "normal", quiet = TRUE)), case)
shrunken(fitted(c(1:3, 9:11), ~group), "three_by_three_shrunken")
shrunken(all, "eight_by_eight_shrunken")
shrunken(fitted(c(1:4, 9:12), ~batch + group), "batch_and_group_shrunken")
