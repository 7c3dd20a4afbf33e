# Writes the tables of input/ (a series of arrays and one of NCBI's counts, as GEO has them) and expected/: what the scripts there, arrays.R and
# counts.R, say of them. The groups are read from the scripts.
groups_of <- function(script) sub('^gsms <- "(.*)"$', "\\1", grep("^gsms <-", readLines(script), value = TRUE))
suppressPackageStartupMessages({library(limma); library(DESeq2)})
set.seed(5)
matrix_file <- function(file, series, samples, keys, values = NULL) {
  quoted <- function(x) paste0("\"", x, "\"")
  line <- function(key, x) paste(c(key, quoted(x)), collapse = "\t")
  lines <- c(line("!Series_title", "made up"), line("!Series_geo_accession", series), "",
             line("!Sample_title", paste("sample", seq_along(samples))), line("!Sample_geo_accession", samples),
             line("!Sample_platform_id", rep("GPL1", length(samples))), line("!Sample_characteristics_ch1", keys), "!series_matrix_table_begin",
             line(quoted("ID_REF"), samples))
  if (!is.null(values)) {
    cells <- ifelse(is.na(values), "", format(values, digits = 8, trim = TRUE))
    lines <- c(lines, apply(cbind(quoted(rownames(values)), cells), 1, paste, collapse = "\t"))
  }
  writeLines(c(lines, "!series_matrix_table_end"), file)
}
save <- function(m, file) write.table(data.frame(ID = rownames(m), format(as.matrix(m), digits = 17, trim = TRUE)), file, sep = "\t", quote = FALSE, row.names = FALSE)

# arrays: eight samples, of which two are left out
samples <- paste0("GSM", 1:8)
values <- round(2^(6 + 4 * rnorm(250, 0, 0.6) + matrix(rnorm(2000, 0, 0.4), 250) + outer(rep(1, 250), c(0, 0.4, 0, 0.2, 0, 0, 0.3, 0))), 3)
values[1:20, c(2, 4, 7)] <- values[1:20, c(2, 4, 7)] * 5
values[30, 3] <- -2.5; values[31, 5] <- NA; values[32, 1] <- 900000
rownames(values) <- sprintf("p%03d_at", 1:250); colnames(values) <- samples
matrix_file("input/arrays_series_matrix.txt", "GSE1", samples, paste("dose:", 1:8), values)
# what input/arrays.R, which stands as GEO2R shows such scripts, does with them
read <- read.delim("input/arrays_series_matrix.txt", skip = 8, nrows = 250, row.names = 1, check.names = FALSE)
sml <- strsplit(groups_of("input/arrays.R"), "")[[1]]; sel <- which(sml != "X"); sml <- sml[sel]
ex <- as.matrix(read[, sel])
qx <- as.numeric(quantile(ex, c(0, 0.25, 0.5, 0.75, 0.99, 1), na.rm = TRUE))
stopifnot((qx[5] > 100) || (qx[6] - qx[1] > 50 && qx[2] > 0))
ex[which(ex <= 0)] <- NaN
ex <- normalizeBetweenArrays(log2(ex))
gs <- factor(sml); groups <- make.names(c("low dose", "high dose")); levels(gs) <- groups
design <- model.matrix(~gs + 0); colnames(design) <- levels(gs)
ex <- ex[complete.cases(ex), ]
fit2 <- eBayes(contrasts.fit(lmFit(ex, design), makeContrasts(contrasts = paste(groups[1], groups[2], sep = "-"), levels = design)), 0.01)
save(topTable(fit2, adjust = "fdr", sort.by = "B", number = Inf), "expected/arrays.tsv")

# NCBI's counts: seven samples in the series, of which NCBI counted six, in another order
series <- paste0("GSM", 11:17); gsms <- groups_of("input/counts.R")
counted <- rev(series[-6])
mu <- exp(rnorm(400, 4, 1.8)); counts <- matrix(rnbinom(2400, mu = mu, size = 1 / 0.15), 400)
colnames(counts) <- counted; rownames(counts) <- 1000 + 41 * (1:400)
counts[1:30, colnames(counts) %in% c("GSM12", "GSM15", "GSM17")] <- counts[1:30, colnames(counts) %in% c("GSM12", "GSM15", "GSM17")] * 4
counts[31:40, ] <- 0; counts[41, ] <- c(0, 0, 0, 12, 0, 0)
write.table(data.frame(GeneID = rownames(counts), counts), "input/GSE2_raw_counts_GRCh38.p13_NCBI.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
write.table(data.frame(GeneID = rownames(counts), Symbol = paste0("SYM", 1:400), Description = "x", Synonyms = "", GeneType = "protein-coding", EnsemblGeneID = "", Length = 1000),
            "input/Human.GRCh38.p13.annot.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
matrix_file("input/counts_series_matrix.txt", "GSE2", series, paste("treatment:", c("a", "b", "x", "a", "b", "a", "b")))
# what input/counts.R does with them: the digits are of the samples of the series; those that NCBI did not count are not there
sml <- setNames(strsplit(gsms, "")[[1]], series)
use <- series[sml != "X" & series %in% counted]
tbl <- counts[, use]; gs <- factor(sml[use]); groups <- make.names(c("control", "drug")); levels(gs) <- groups
tbl <- tbl[rowSums(tbl >= 10) >= min(table(gs)), ]
ds <- DESeq(DESeqDataSetFromMatrix(countData = tbl, colData = data.frame(Group = gs, row.names = colnames(tbl)), design = ~Group),
            test = "Wald", sfType = "poscount", quiet = TRUE)
r <- results(ds, contrast = c("Group", groups[1], groups[2]), alpha = 0.05, pAdjustMethod = "fdr")
save(as.data.frame(r), "expected/counts.tsv")
