# Writes input/ and expected/: small made-up files of four quantifiers, and what tximport makes of them.
library(tximport)
set.seed(3)
genes <- paste0("G", sprintf("%02d", 1:12))
tx <- data.frame(tx = paste0("T", 1:40), gene = sample(genes, 40, replace = TRUE))
tx$gene[1:2] <- genes[1]
write.table(tx[-40, ], "input/tx2gene.tsv", sep = "\t", quote = FALSE, row.names = FALSE, col.names = c("transcript_id", "gene_id"))
samples <- c("a", "b", "c")
length <- sample(300:4000, 40)
for (s in seq_along(samples)) {
  effective <- pmax(length - 180 - 10 * s, 20) + round(runif(40), 3)
  reads <- round(rexp(40, 1 / 300), 3)
  reads[tx$gene %in% genes[1]] <- 0
  if (s == 2) reads[tx$gene %in% genes[2:3]] <- 0
  reads[sample(40, 6)] <- 0
  rate <- reads / effective
  tpm <- round(1e6 * rate / sum(rate), 6)
  name <- samples[s]
  out <- function(table, file) write.table(table, file.path("input", file), sep = "\t", quote = FALSE, row.names = FALSE)
  out(data.frame(Name = tx$tx, Length = length, EffectiveLength = effective, TPM = tpm, NumReads = reads), paste0(name, "_quant.sf"))
  out(data.frame(target_id = tx$tx, length = length, eff_length = effective, est_counts = reads, tpm = tpm), paste0(name, ".abundance.tsv"))
  out(data.frame(transcript_id = tx$tx, gene_id = tx$gene, length = length, effective_length = ifelse(1:40 == 7, 0, effective),
                 expected_count = reads, TPM = tpm, FPKM = tpm, IsoPct = 0), paste0(name, ".isoforms.results"))
  out(data.frame(t_id = 1:40, chr = "1", strand = "+", start = 1, end = 2, t_name = tx$tx, num_exons = 1, length = length,
                 gene_id = tx$gene, gene_name = ".", cov = reads, FPKM = tpm), paste0(name, ".t_data.ctab"))
}
kinds <- list(salmon = "%s_quant.sf", kallisto = "%s.abundance.tsv", rsem = "%s.isoforms.results", stringtie = "%s.t_data.ctab")
tx2gene <- tx[-40, ]
for (kind in names(kinds)) {
  files <- setNames(file.path("input", sprintf(kinds[[kind]], samples)), samples)
  for (rule in c("no", "scaledTPM", "lengthScaledTPM")) {
    got <- tximport(files, type = kind, tx2gene = tx2gene, countsFromAbundance = rule, readLength = 90, txIn = TRUE, importer = read.delim)
    save <- function(m, what) write.table(data.frame(gene = rownames(m), format(m, digits = 17, trim = TRUE, scientific = FALSE)),
      file.path("expected", paste(kind, rule, what, "tsv", sep = ".")), sep = "\t", quote = FALSE, row.names = FALSE)
    save(got$counts, "counts")
    if (rule == "no") save(got$length, "length")
  }
}
