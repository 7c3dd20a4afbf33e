# Histograms of the draws that DESeq2 1.38 compares residuals of dispersion with where there are one to three residual degrees of
# freedom. R's generator is seeded, so these are constants: crates/alkaline-dge/src/deseq2/draws.bin, 3 x 200 x 40 numbers of 16 bits,
# the low byte first.
#
#     Rscript draws.R ../../../../crates/alkaline-dge/src/deseq2/draws.bin
breaks <- -20:20 / 2
counts <- integer(0)
for (df in 1:3) {
  set.seed(2)
  for (variance in seq(0, 8, length.out = 200)) {
    draws <- log(rchisq(1e4, df)) + rnorm(1e4, 0, sqrt(variance)) - log(df)
    draws <- draws[draws > min(breaks) & draws < max(breaks)]
    counts <- c(counts, hist(draws, breaks = breaks, plot = FALSE)$counts)
  }
}
out <- file(commandArgs(trailingOnly = TRUE)[1], "wb")
writeBin(as.integer(counts), out, size = 2, endian = "little")
close(out)
