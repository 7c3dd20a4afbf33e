# Builds `se`, a SummarizedExperiment, from the tables beside this script.
#
#   source("summarized_experiment.R", chdir = TRUE)      # then: se
#   Rscript summarized_experiment.R se.rds               # or: keep it as a file of R's
#
# install.packages("BiocManager"); BiocManager::install("SummarizedExperiment")
suppressPackageStartupMessages(library(SummarizedExperiment))

read_table <- function(name, ...) {
  read.delim(name, check.names = FALSE, quote = "", comment.char = "", na.strings = "NA", ...)
}

# Identifiers stay text: 0123 is a name, and so is 1E6.
with_names <- function(name, key) {
  classes <- setNames("character", key)
  table <- read_table(name, colClasses = classes)
  rows <- table[[key]]
  rows[is.na(rows)] <- "NA" # a name, too
  table <- table[setdiff(names(table), key)]
  rownames(table) <- rows
  table
}

samples <- with_names("colData.tsv", "sample")
words <- vapply(samples, is.character, logical(1))
samples[words] <- lapply(samples[words], function(words) factor(words, unique(words[!is.na(words)])))
genes <- with_names("rowData.tsv", "gene_id")

read_assay <- function(name) {
  table <- as.matrix(with_names(paste0(name, ".tsv"), "gene_id"))
  stopifnot(identical(rownames(table), rownames(genes)), identical(colnames(table), rownames(samples)))
  table
}

assays <- c(@ASSAYS@)
facts <- read_table("metadata.tsv", colClasses = "character")
se <- SummarizedExperiment(
  assays = setNames(lapply(assays, read_assay), assays),
  rowData = DataFrame(genes, check.names = FALSE),
  colData = DataFrame(samples, check.names = FALSE),
  metadata = as.list(setNames(facts$value, facts$key))
)

if (!interactive()) {
  print(se)
  out <- commandArgs(trailingOnly = TRUE)
  if (length(out) == 1) saveRDS(se, out[1])
}
