# Simulated counts of two equal groups, one gene in ten changed: Rscript counts.R GENES SAMPLES COUNTS.tsv SAMPLES.csv
arguments <- commandArgs(trailingOnly = TRUE)
genes <- as.integer(arguments[1])
samples <- as.integer(arguments[2])
set.seed(1)
mean <- exp(rnorm(genes, 2.5, 2.5))
dispersion <- pmin(8, (0.05 + 1 / mean) * exp(rnorm(genes, 0, 0.5)))
change <- ifelse(runif(genes) < 0.1, exp(rnorm(genes)), 1)
column <- function(sample) {
  factor <- if (sample > samples / 2) change else 1
  rnbinom(genes, mu = mean * factor * runif(1, 0.7, 1.3), size = 1 / dispersion)
}
counts <- sapply(seq_len(samples), column)
colnames(counts) <- paste0("s", seq_len(samples))
table <- data.frame(gene_id = paste0("g", seq_len(genes)), counts)
write.table(table, arguments[3], sep = "\t", quote = FALSE, row.names = FALSE)
sheet <- data.frame(sample = colnames(counts), condition = rep(c("a", "b"), each = samples / 2))
write.csv(sheet, arguments[4], quote = FALSE, row.names = FALSE)
