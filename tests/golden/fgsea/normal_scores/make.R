# Normal scores, independent sets of many sizes, shifted sets and diluted copies of some.
# Run in tests/golden/fgsea: Rscript normal_scores/make.R
source("write_expected.R")
set.seed(20261123)
genes <- sprintf("g%04d", 1:3000)
scores <- setNames(rnorm(3000), genes)
shifted <- list()
for (i in 1:12) {
  members <- sample(genes, c(12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 130, 160)[i])
  scores[members] <- scores[members] + c(1, -1)[i %% 2 + 1] * c(0.9, 0.8, 0.7, 0.6, 0.5, 0.5, 0.45, 0.4, 0.35, 0.3, 0.3, 0.3)[i]
  shifted[[sprintf("SHIFTED_%02d", i)]] <- members
}
scores <- sort(scores, decreasing = TRUE)
null <- setNames(lapply(1:24, function(i) sample(genes, 10 + 7 * i)), sprintf("NULL_%02d", 1:24))
diluted <- setNames(lapply(shifted[c(5, 8, 12)], function(s) unique(c(s, sample(genes, length(s) %/% 2)))), c("DILUTED_05", "DILUTED_08", "DILUTED_12"))
write_case("normal_scores", scores, c(shifted, null, diluted))
