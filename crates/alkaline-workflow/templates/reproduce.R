# The differential expression of this run again, in R. Written by alkaline @VERSION@.
#
# Run it in the directory of the run:   Rscript reproduce.R
# It needs edgeR (3.40 gives the same numbers to rounding, or 4.5 where the run followed edgeR 4); clusterProfiler and org.Hs.eg.db only for the last part.
# For every contrast it writes contrasts/<id>/test.R.tsv and prints the largest differences to contrasts/<id>/test.tsv.

suppressPackageStartupMessages(library(edgeR))
if (!@LEGACY@ && packageVersion("edgeR") < "4.0.0") stop("this run followed edgeR 4; edgeR ", packageVersion("edgeR"), " is installed")

counts <- read.delim("counts/counts.tsv", comment.char = "#", row.names = 1, check.names = FALSE)
samples <- read.csv("samples.csv", colClasses = "character", check.names = FALSE)
counts <- as.matrix(counts[, samples$sample, drop = FALSE])

# id, variable, reference, target, test, design formula (NA for the exact test), fold-change threshold of TREAT
contrasts <- list(
@CONTRASTS@
)
separate <- @SEPARATE@      # whether each contrast uses its own samples alone
filter_rule <- @FILTER@
norm_method <- @NORMALIZE@
dispersion <- @DISPERSION@  # NA: estimated; else assumed (the square of the BCV)
borrowed <- @BORROWED@         # whether the dispersions of another experiment were used
trend_method <- @TREND@
robust <- @ROBUST@
legacy <- @LEGACY@           # the quasi-likelihood of edgeR 3; FALSE needs edgeR 4, whose deviances are adjusted for bias
rejection_region <- @REGION@

prepare <- function(rows, variable, reference, formula) {
  sheet <- samples[rows, , drop = FALSE]
  group <- factor(sheet[[variable]], levels = unique(sheet[[variable]]))
  y <- DGEList(counts[, rows, drop = FALSE], group = group)
  design <- NULL
  if (!is.na(formula)) {
    sheet[[variable]] <- relevel(factor(sheet[[variable]]), ref = reference)
    design <- model.matrix(as.formula(formula), sheet)
  }
  if (filter_rule == "by-expr") {
    keep <- if (is.null(design)) filterByExpr(y) else filterByExpr(y, design)
    y <- y[keep, , keep.lib.sizes = FALSE]
  }
  y <- calcNormFactors(y, method = norm_method)
  if (borrowed) {
    told <- read.delim("expression/dispersions.tsv", row.names = 1, quote = "")[rownames(y), ]
    y$common.dispersion <- told$common[1]
    if (!anyNA(told$trended)) y$trended.dispersion <- told$trended
    if (!anyNA(told$tagwise)) y$tagwise.dispersion <- told$tagwise
  } else if (is.na(dispersion)) {
    y <- if (is.null(design)) estimateDisp(y, trend.method = trend_method, robust = robust)
         else estimateDisp(y, design, trend.method = trend_method, robust = robust)
  } else {
    y$common.dispersion <- dispersion
  }
  list(y = y, design = design)
}

run_test <- function(y, design, variable, reference, target, method, threshold) {
  if (method == "exact") {
    phi <- if (is.na(dispersion)) "auto" else dispersion
    return(exactTest(y, pair = c(reference, target), dispersion = phi, rejection.region = rejection_region))
  }
  coefficient <- paste0(variable, target)
  if (method == "lrt") return(glmLRT(glmFit(y, design), coef = coefficient))
  # edgeR 3 knows its own quasi-likelihood only
  fit <- if (packageVersion("edgeR") >= "4.0.0") glmQLFit(y, design, robust = robust, legacy = legacy)
         else glmQLFit(y, design, robust = robust)
  if (method == "treat") glmTreat(fit, coef = coefficient, lfc = threshold) else glmQLFTest(fit, coef = coefficient)
}

for (contrast in contrasts) {
  id <- contrast[[1]]; variable <- contrast[[2]]; reference <- contrast[[3]]; target <- contrast[[4]]
  method <- contrast[[5]]; formula <- contrast[[6]]; threshold <- contrast[[7]]
  rows <- seq_len(nrow(samples))
  if (separate) rows <- which(samples[[variable]] %in% c(reference, target))
  prepared <- prepare(rows, variable, reference, formula)
  test <- run_test(prepared$y, prepared$design, variable, reference, target, method, threshold)
  table <- topTags(test, n = Inf)$table
  folder <- file.path("contrasts", id)
  write.table(data.frame(gene_id = rownames(table), table[, c("logFC", "logCPM", "PValue", "FDR")]),
              file.path(folder, "test.R.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)

  ours <- read.delim(file.path(folder, "test.tsv"), row.names = 1, quote = "")
  ours <- ours[!is.na(ours$PValue), ]
  if (!setequal(rownames(ours), rownames(table))) stop(id, ": the tested genes differ")
  theirs <- table[rownames(ours), ]
  cat(sprintf("%s: %d genes; largest difference: logFC %.2g, P (relative) %.2g\n", id, nrow(ours),
              max(abs(ours$logFC - theirs$logFC)),
              max(abs(ours$PValue - theirs$PValue) / pmax(theirs$PValue, 1e-300))))
}

# Enrichment with clusterProfiler, where it is installed. Its Gene Ontology release may differ from the run's, and its
# GSEA P values depend on the random seed, so these tables are to be compared by eye.
if (requireNamespace("clusterProfiler", quietly = TRUE) && requireNamespace("org.Hs.eg.db", quietly = TRUE)) {
  for (contrast in contrasts) {
    folder <- file.path("contrasts", contrast[[1]])
    ours <- read.delim(file.path(folder, "test.tsv"), quote = "")
    ours <- ours[!is.na(ours$PValue), ]
    hits <- ours$gene_name[ours$direction != "ns"]
    go <- clusterProfiler::enrichGO(hits, OrgDb = "org.Hs.eg.db", keyType = "SYMBOL", ont = "ALL",
                                    universe = ours$gene_name, pvalueCutoff = 1, qvalueCutoff = 1)
    write.table(as.data.frame(go), file.path(folder, "ora.R.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
  }
}
