# The differential expression of this run again, in R. Written by alkaline @VERSION@.
#
# Run it in the directory of the run:   Rscript reproduce.R
# It needs edgeR (3.40 gives the same numbers to rounding, or 4.5 where the run followed edgeR 4); clusterProfiler and org.Hs.eg.db only for the last part.
# For every contrast it writes contrasts/<id>/test.R.tsv and prints the largest differences to contrasts/<id>/test.tsv.

suppressPackageStartupMessages(library(edgeR))
if (!@LEGACY@ && packageVersion("edgeR") < "4.0.0") stop("this run followed edgeR 4; edgeR ", packageVersion("edgeR"), " is installed")

# Names may hold anything, `#` and quotes too, and a gene may be called NA: R's own readers stumble over that. Fields end at tabs;
# text that begins with a quote stands in quotes.
read_table <- function(file, skip = 0) {
  lines <- readLines(file, encoding = "UTF-8")
  fields <- strsplit(paste0(lines[seq_along(lines) > skip], "\t"), "\t", fixed = TRUE)
  plain <- function(text) {
    quoted <- startsWith(text, "\"")
    text[quoted] <- gsub("\"\"", "\"", substring(text[quoted], 2, nchar(text[quoted]) - 1), fixed = TRUE)
    text
  }
  header <- plain(fields[[1]])
  cells <- matrix(plain(unlist(fields[-1])), ncol = length(header), byrow = TRUE)
  table <- lapply(seq_along(header)[-1], function(column) type.convert(cells[, column], as.is = TRUE, na.strings = "NA"))
  names(table) <- header[-1]
  structure(table, class = "data.frame", row.names = cells[, 1])
}

has_values <- @VALUES@       # whether the run began with expression values, which stand on a log2 scale in expression/expression.tsv
# The first line of the count table is a comment.
counts <- if (has_values) read_table("expression/expression.tsv") else read_table("counts/counts.tsv", skip = 1)
samples <- read.csv("samples.csv", colClasses = "character", check.names = FALSE, comment.char = "", na.strings = character(),
                    strip.white = FALSE)
counts <- as.matrix(counts[, samples$sample, drop = FALSE])

# How much longer the transcripts of a gene are in each sample than in all, where the counts are estimates that need offsets.
factors <- NULL
if (file.exists("counts/length_factors.tsv")) factors <- as.matrix(read_table("counts/length_factors.tsv")[, samples$sample, drop = FALSE])

# For every contrast its id and test; for the exact test the pair (reference, target) of a variable, else the model: how its
# variables are read (the levels of a factor, the baseline first, or "number"), the names of its coefficients, and what the contrast
# weighs each with; the threshold is that of TREAT. `samples` where a contrast uses its own alone; `dispersions` are those that were
# used, where they were borrowed.
contrasts <- list(
@CONTRASTS@
)
filter_rule <- @FILTER@
normalization <- @NORMALIZE@
dispersion <- @DISPERSION@  # NA: estimated; else assumed (the square of the BCV)
borrowed <- @BORROWED@         # whether the dispersions of another experiment were used
trend_method <- @TREND@
robust <- @ROBUST@
estimator <- @ESTIMATOR@
prior_df <- @PRIOR_DF@      # NA: estimated
adjust_method <- @ADJUST@
treat_null <- @TREAT_NULL@
min_cpm <- @MIN_CPM@; min_cpm_samples <- @MIN_CPM_SAMPLES@   # of the filter "cpm"
prior_count <- @PRIOR_COUNT@
legacy <- @LEGACY@           # the quasi-likelihood of edgeR 3; FALSE needs edgeR 4, whose deviances are adjusted for bias
rejection_region <- @REGION@
# of DESeq2's tests
size_factors <- @SIZE_FACTORS@; fit_type <- @FIT_TYPE@; use_t <- @USE_T@; replace_from <- @REPLACE_FROM@
lfc_threshold <- @LFC_THRESHOLD@
alternative <- c("greater-abs" = "greaterAbs", "less-abs" = "lessAbs", greater = "greater", less = "less")[[@ALTERNATIVE@]]
alpha <- @ALPHA@; independent_filtering <- @FILTERING@; cooks <- @COOKS@
# of limma's tests
limma_trend <- @LIMMA_TREND@; limma_robust <- @LIMMA_ROBUST@; quality_weights <- @QUALITY@
limma_block <- @LIMMA_BLOCK@     # column of the samples that belong together
limma_lfc <- @LIMMA_LFC@         # TREAT's threshold; 0: the ordinary test
limma_prior_count <- @LIMMA_PRIOR@
proportion <- @PROPORTION@
approximate_errors <- @APPROXIMATE@   # standard errors of contrasts as contrasts.fit has them before limma 4.0

design_of <- function(contrast, sheet) {
  for (name in names(contrast$variables)) {
    levels <- contrast$variables[[name]]
    sheet[[name]] <- if (identical(levels, "number")) as.numeric(sheet[[name]]) else factor(sheet[[name]], levels = levels)
  }
  design <- model.matrix(as.formula(contrast$formula), sheet)
  if (!identical(gsub("`", "", colnames(design)), contrast$coefficients)) stop("R makes another design of ", contrast$formula)
  colnames(design) <- contrast$coefficients
  design
}

prepare <- function(contrast) {
  sheet <- samples
  if (!is.null(contrast$samples)) sheet <- samples[match(contrast$samples, samples$sample), , drop = FALSE]
  if (has_values) return(list(y = counts[, sheet$sample, drop = FALSE], design = design_of(contrast, sheet)))
  group <- if (is.null(contrast[["variable"]])) rep(1, nrow(sheet)) else sheet[[contrast[["variable"]]]]
  y <- DGEList(counts[, sheet$sample, drop = FALSE], group = factor(group, levels = unique(group)))
  design <- if (is.null(contrast$formula)) NULL else design_of(contrast, sheet)
  if (filter_rule == "by-expr") {
    keep <- if (is.null(design)) filterByExpr(y) else filterByExpr(y, design)
    y <- y[keep, , keep.lib.sizes = FALSE]
  } else if (filter_rule == "cpm") {
    y <- y[rowSums(cpm(y) > min_cpm) >= min_cpm_samples, , keep.lib.sizes = FALSE]
  } else if (filter_rule == "counts") {
    smallest <- if (is.null(design)) min(table(y$samples$group)) else 1 / max(hat(design))
    y <- y[rowSums(y$counts >= @MIN_COUNT@) >= smallest - 1e-9, , keep.lib.sizes = FALSE]
  }
  y <- if (is.null(factors)) do.call(calcNormFactors, c(list(y), normalization)) else with_offsets(y)
  if (contrast$method %in% c("deseq2", "deseq2-lrt", "limma-trend", "voom")) return(list(y = y, design = design))
  if (borrowed) {
    told <- read_table(contrast$dispersions)[rownames(y), ]
    y$common.dispersion <- told$common[1]
    if (!anyNA(told$trended)) y$trended.dispersion <- told$trended
    if (!anyNA(told$tagwise)) y$tagwise.dispersion <- told$tagwise
  } else if (is.na(dispersion)) {
    y <- estimate(y, design)
  } else {
    y$common.dispersion <- dispersion
  }
  list(y = y, design = design)
}

# As tximport's vignette: library sizes of the counts at equal lengths, and offsets of the genes.
with_offsets <- function(y) {
  factor <- factors[rownames(y), colnames(y)]
  factor <- factor / exp(rowMeans(log(factor)))
  equal <- y$counts / factor
  sizes <- do.call(calcNormFactors, c(list(equal, lib.size = colSums(equal)), normalization)) * colSums(equal)
  y$samples$lib.size <- colSums(y$counts)
  scaleOffset(y, log(sweep(factor, 2, sizes, "*")))
}

estimate <- function(y, design) {
  if (estimator == "common-then-tagwise" && is.null(design)) {
    trend <- switch(trend_method, none = "none", loess = "loess", "movingave")
    return(estimateTagwiseDisp(estimateCommonDisp(y), prior.df = if (is.na(prior_df)) 10 else prior_df, trend = trend))
  }
  if (estimator == "abundant-genes") {
    # what glmQLFit of edgeR 4 does by itself when there are no dispersions
    if (is.null(design)) design <- model.matrix(~0 + y$samples$group)
    abundance <- aveLogCPM(y)
    evidence <- nrow(y) * sqrt(ncol(y) - ncol(design))
    top <- order(abundance, decreasing = TRUE)[seq_len(ceiling(min(0.02 + 0.98 * (20 / evidence)^(1/3), 1) * nrow(y)))]
    y$common.dispersion <- dispCoxReid(y$counts[top, ], design = design, offset = getOffset(y), AveLogCPM = abundance[top])
    y$AveLogCPM <- abundance
    return(y)
  }
  arguments <- list(y, design, trend.method = trend_method, robust = robust)
  if (!is.na(prior_df)) arguments$prior.df <- prior_df
  # from edgeR 4.8 on the default span of the trend is another one
  if (packageVersion("edgeR") >= "4.8.0") arguments$legacy.span <- TRUE
  do.call(estimateDisp, arguments)
}

# The dispersion of all genes is that of the most abundant ones, as edgeR 4.0 to 4.5 had it.
quasi_fit <- function(y, design) {
  if (packageVersion("edgeR") < "4.0.0") return(glmQLFit(y, design, robust = robust, prior.count = prior_count))
  if (legacy) return(glmQLFit(y, design, robust = robust, legacy = TRUE, prior.count = prior_count))
  top <- order(y$AveLogCPM, decreasing = TRUE)[seq_len(ceiling(0.1 * nrow(y)))]
  phi <- if (is.null(y$trended.dispersion)) y$common.dispersion else mean(y$trended.dispersion[top])
  glmQLFit(y, design, dispersion = phi, robust = robust, legacy = FALSE, prior.count = prior_count)
}

run_test <- function(contrast, y, design) {
  if (contrast$method == "exact") {
    phi <- if (is.na(dispersion)) "auto" else dispersion
    return(exactTest(y, pair = contrast$pair, dispersion = phi, rejection.region = rejection_region,
                     prior.count = prior_count))
  }
  fit <- if (contrast$method == "lrt") glmFit(y, design, prior.count = prior_count) else quasi_fit(y, design)
  test <- switch(contrast$method, lrt = glmLRT, ql = glmQLFTest,
                 treat = function(...) glmTreat(..., lfc = contrast$threshold, null = treat_null))
  # a single coefficient is tested as one: edgeR then does not rotate the design
  single <- which(contrast$weights != 0)
  if (length(single) == 1 && contrast$weights[single] == 1) test(fit, coef = single) else test(fit, contrast = contrast$weights)
}

# DESeq2 on the genes that passed the filter; the likelihood ratio compares with the design in which the contrast is zero.
deseq2_table <- function(contrast, y, design) {
  suppressPackageStartupMessages(library(DESeq2))
  sheet <- samples[match(colnames(y), samples$sample), , drop = FALSE]
  for (name in names(contrast$variables)) {
    levels <- contrast$variables[[name]]
    sheet[[name]] <- if (identical(levels, "number")) as.numeric(sheet[[name]]) else factor(sheet[[name]], levels = levels)
  }
  data <- if (is.null(factors)) {
    DESeqDataSetFromMatrix(y$counts, sheet, as.formula(contrast$formula))
  } else {
    own <- list(abundance = y$counts, counts = y$counts, length = factors[rownames(y), colnames(y)], countsFromAbundance = "no")
    DESeqDataSetFromTximport(own, sheet, as.formula(contrast$formula))
  }
  arguments <- list(data, sfType = size_factors, fitType = fit_type, minReplicatesForReplace = replace_from, quiet = TRUE)
  if (contrast$method == "deseq2-lrt") {
    turned <- contrastAsCoef(design, contrast$weights)
    arguments <- c(arguments, list(test = "LRT", full = design, reduced = turned$design[, -turned$coef, drop = FALSE]))
  } else {
    arguments$useT <- use_t
  }
  data <- do.call(DESeq, arguments)
  asked <- if (is.null(contrast$levels) || contrast$method == "deseq2-lrt") contrast$weights else contrast$levels
  arguments <- list(data, contrast = asked, alpha = alpha, independentFiltering = independent_filtering, pAdjustMethod = adjust_method)
  if (contrast$method == "deseq2") arguments <- c(arguments, list(lfcThreshold = lfc_threshold, altHypothesis = alternative))
  if (!cooks) arguments$cooksCutoff <- FALSE
  table <- do.call(results, arguments)
  data.frame(logFC = table$log2FoldChange, logCPM = aveLogCPM(y), PValue = table$pvalue, FDR = table$padj, row.names = rownames(table))
}

# limma on log2 counts per million; the contrast is made a coefficient, so that its standard error is exact.
limma_table <- function(contrast, y, design) {
  block <- if (is.na(limma_block)) NULL else samples[match(colnames(y), samples$sample), limma_block]
  weigh <- function(...) if (quality_weights) voomWithQualityWeights(y, design, ...) else voom(y, design, ...)
  if (has_values) {
    values <- y
    if (quality_weights) values <- new("EList", list(E = y, weights = asMatrixWeights(arrayWeights(y, design), dim(y))))
  } else if (contrast$method == "voom") {
    values <- weigh()
    if (!is.null(block)) values <- weigh(block = block, correlation = duplicateCorrelation(values, design, block = block)$consensus)
  } else {
    values <- cpm(y, log = TRUE, prior.count = limma_prior_count)
    if (quality_weights) values <- new("EList", list(E = values, weights = asMatrixWeights(arrayWeights(values, design), dim(values))))
  }
  rho <- if (is.null(block)) NULL else duplicateCorrelation(values, design, block = block)$consensus
  if (approximate_errors) {
    fit <- contrasts.fit(lmFit(values, design, block = block, correlation = rho), contrast$weights)
    coefficient <- 1
  } else {
    turned <- contrastAsCoef(design, contrast$weights)
    fit <- lmFit(values, turned$design, block = block, correlation = rho)
    coefficient <- turned$coef
  }
  trend <- limma_trend || contrast$method == "limma-trend"
  table <- if (limma_lfc > 0) {
    topTreat(treat(fit, lfc = limma_lfc, trend = trend, robust = limma_robust), coef = coefficient, number = Inf, adjust.method = adjust_method)
  } else {
    topTable(eBayes(fit, proportion, trend = trend, robust = limma_robust), coef = coefficient, number = Inf, adjust.method = adjust_method)
  }
  abundance <- if (has_values) rowMeans(y, na.rm = TRUE) else aveLogCPM(y)
  data.frame(logFC = table$logFC, logCPM = abundance[match(rownames(table), rownames(y))], PValue = table$P.Value,
             FDR = table$adj.P.Val, row.names = rownames(table))
}

edger_table <- function(contrast, y, design) {
  table <- topTags(run_test(contrast, y, design), n = Inf, adjust.method = adjust_method)$table
  names(table)[names(table) == "FWER"] <- "FDR"
  table
}

for (contrast in contrasts) {
  id <- contrast$id
  prepared <- prepare(contrast)
  table_of <- if (startsWith(contrast$method, "deseq2")) deseq2_table
    else if (contrast$method %in% c("limma", "limma-trend", "voom")) limma_table
    else edger_table
  table <- table_of(contrast, prepared$y, prepared$design)
  table <- table[!is.na(table$PValue), ]
  folder <- contrast$folder
  write.table(data.frame(gene_id = rownames(table), table[, c("logFC", "logCPM", "PValue", "FDR")]),
              file.path(folder, "test.R.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)

  ours <- read_table(file.path(folder, "test.tsv"))
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
    folder <- contrast$folder
    ours <- read_table(file.path(folder, "test.tsv"))
    ours <- ours[!is.na(ours$PValue), ]
    hits <- ours$gene_name[ours$direction != "ns"]
    go <- clusterProfiler::enrichGO(hits, OrgDb = "org.Hs.eg.db", keyType = "SYMBOL", ont = "ALL",
                                    universe = ours$gene_name, pvalueCutoff = 1, qvalueCutoff = 1)
    write.table(as.data.frame(go), file.path(folder, "ora.R.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)
  }
}
