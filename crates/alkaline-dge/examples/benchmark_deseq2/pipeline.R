# DESeq2 from file to table: Rscript pipeline.R COUNTS.tsv SAMPLES.csv OUT.tsv
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages(library(DESeq2))
counts <- as.matrix(read.delim(arguments[1], row.names = 1))
sheet <- read.csv(arguments[2], row.names = 1)
sheet$condition <- factor(sheet$condition)
data <- DESeq(DESeqDataSetFromMatrix(counts, sheet, ~condition), quiet = TRUE)
result <- as.data.frame(results(data, contrast = c("condition", "b", "a")))
write.table(data.frame(gene_id = rownames(result), format(result, digits = 15)), arguments[3], sep = "\t", quote = FALSE, row.names = FALSE)
