# What edgeR answers to a simulated experiment, every step with 17 digits. Sourced by the make.R of each case, which is run
# inside its own directory: (cd tests/golden/edger/CASE && Rscript make.R). Made with edgeR 3.40.2, limma 3.54, R 4.2.
suppressPackageStartupMessages({library(edgeR)})
RNGversion("4.0.0")

# Negative binomial counts: `means` per gene, libraries of unequal size, some genes changed in the last group.
simulate <- function(seed, group, means, dispersion, change = 4, changed = 0.1, sizes = NULL) {
  set.seed(seed)
  n <- length(group); G <- length(means)
  if (is.null(sizes)) sizes <- exp(rnorm(n, 0, 0.3))
  mu <- outer(means, sizes)
  last <- group == tail(unique(group), 1)
  hit <- runif(G) < changed
  fold <- ifelse(hit, ifelse(runif(G) < 0.5, change, 1 / change), 1)
  mu[, last] <- mu[, last] * fold
  counts <- matrix(rnbinom(G * n, mu = mu, size = 1 / dispersion), G)
  dimnames(counts) <- list(sprintf("g%04d", seq_len(G)), sprintf("s%02d", seq_len(n)))
  counts
}

save_table <- function(x, file, row = "gene") {
  x <- data.frame(x, check.names = FALSE)
  text <- lapply(x, function(v) if (is.numeric(v)) sprintf("%.17g", v) else as.character(v))
  out <- data.frame(rownames(x), text, check.names = FALSE)
  names(out)[1] <- row
  write.table(out, file.path("expected", file), sep = "\t", quote = FALSE, row.names = FALSE)
}

save_test <- function(test, file) {
  save_table(topTags(test, n = Inf, sort.by = "none")$table[, c("logFC", "logCPM", "PValue", "FDR")], file)
}

write_case <- function(counts, group, pair, batch = NULL, bcv = NULL) {
  dir.create("input", FALSE); dir.create("expected", FALSE)
  write.table(data.frame(gene_id = rownames(counts), counts), "input/counts.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
  samples <- data.frame(sample = colnames(counts), group = group)
  if (!is.null(batch)) samples$batch <- batch
  write.table(samples, "input/samples.tsv", sep = "\t", quote = FALSE, row.names = FALSE)

  y <- DGEList(counts, group = factor(group, levels = unique(group)))
  keep <- filterByExpr(y)
  save_table(data.frame(keep = as.integer(keep), row.names = rownames(y)), "keep.tsv")
  y <- y[keep, , keep.lib.sizes = FALSE]
  factors <- sapply(c("TMM", "TMMwsp", "RLE", "upperquartile"), function(m) calcNormFactors(y, method = m)$samples$norm.factors)
  save_table(data.frame(lib.size = y$samples$lib.size, factors, row.names = colnames(y)), "norm_factors.tsv", "sample")
  y <- calcNormFactors(y)
  save_table(setNames(data.frame(cpm(y)), paste0("cpm.", colnames(y))), "cpm.tsv")
  save_table(setNames(data.frame(cpm(y, log = TRUE)), paste0("logcpm_prior2.", colnames(y))), "logcpm.tsv")
  if (ncol(y) > 2 && nrow(y) > 2) {
    mds <- plotMDS(y, plot = FALSE)
    save_table(data.frame(x = mds$x, y = mds$y, row.names = colnames(y)), "mds_logFC.tsv", "sample")
  }
  scalars <- c()
  if (!is.null(bcv)) {
    save_test(exactTest(y, pair = pair, dispersion = bcv^2), "exact_assumed.tsv")
    scalars["bcv"] <- bcv
  } else {
    z <- estimateDisp(y)
    scalars[c("classic.common", "classic.prior.df")] <- c(z$common.dispersion, z$prior.df)
    save_table(data.frame(AveLogCPM = z$AveLogCPM, trended = z$trended.dispersion, tagwise = z$tagwise.dispersion, row.names = rownames(y)), "classic_disp.tsv")
    # a moving average of one gene is an error upstream
    for (trend in c(if (nrow(y) > 1) "movingave", "loess", "locfit.mixed")) {
      t <- estimateDisp(y, trend.method = trend)
      save_table(data.frame(trended = t$trended.dispersion, tagwise = t$tagwise.dispersion, row.names = rownames(y)), paste0("classic_disp_", trend, ".tsv"))
    }
    for (kind in c("tagwise", "trended", "common")) save_test(exactTest(z, pair = pair, dispersion = kind), paste0("exact_", kind, ".tsv"))
    save_test(exactTest(z, pair = pair, big.count = 1e9), "exact_bigcount1e9.tsv")
    o <- estimateTagwiseDisp(estimateCommonDisp(y))
    scalars["old.common"] <- o$common.dispersion
    save_table(data.frame(AveLogCPM = o$AveLogCPM, tagwise = o$tagwise.dispersion, row.names = rownames(y)), "old_disp.tsv")
    save_test(exactTest(o, pair = pair), "exact_old_tagwise.tsv")

    levels <- levels(y$samples$group); g <- y$samples$group
    if (is.null(batch)) {
      design <- model.matrix(~0 + g); colnames(design) <- levels
      contrast <- (levels == pair[2]) - (levels == pair[1])
    } else {
      design <- model.matrix(~factor(batch) + g)
      contrast <- as.numeric(colnames(design) == paste0("g", pair[2]))
    }
    d <- estimateDisp(y, design)
    scalars[c("glm.common", "glm.prior.df")] <- c(d$common.dispersion, d$prior.df)
    save_table(data.frame(trended = d$trended.dispersion, tagwise = d$tagwise.dispersion, row.names = rownames(y)), "glm_disp.tsv")
    fit <- glmFit(d, design)
    save_test(glmLRT(fit, contrast = contrast), "lrt.tsv")
    save_test(glmTreat(fit, contrast = contrast, lfc = log2(1.2)), "treat_lrt_1.2.tsv")
    save_test(glmTreat(fit, contrast = contrast, lfc = log2(1.2), null = "worst.case"), "treat_lrt_1.2_worst.tsv")
    quasi <- glmQLFit(d, design)
    save_test(glmQLFTest(quasi, contrast = contrast), "ql_legacy_test.tsv")
    save_test(glmTreat(quasi, contrast = contrast, lfc = log2(1.2)), "treat_ql_1.2.tsv")
    save_test(glmTreat(quasi, contrast = contrast, lfc = log2(1.2), null = "worst.case"), "treat_ql_1.2_worst.tsv")
    robust <- glmQLFit(d, design, robust = TRUE)
    save_test(glmQLFTest(robust, contrast = contrast), "ql_legacy_robust_test.tsv")
    r <- estimateDisp(y, robust = TRUE)
    save_table(data.frame(tagwise = r$tagwise.dispersion, prior.df = rep_len(r$prior.df, nrow(y)), row.names = rownames(y)), "classic_disp_robust.tsv")
  }
  save_table(data.frame(value = scalars, row.names = names(scalars)), "scalars.tsv", "name")
}
