# Blocks of genes with the same counts (tied log ratios) and genes with counts up to two million.
source("../write_expected.R")
group <- rep(c("a", "b"), each = 3)
set.seed(8); means <- c(rep(40, 40), rep(120, 40), exp(rnorm(140, 5, 1.2)), exp(runif(20, 11, 14)))
counts <- simulate(18, group, means, 0.03, sizes = c(1, 1, 1.3, 0.8, 1, 1.1))
counts[1:20, ] <- rep(c(30, 30, 39, 24, 30, 33), each = 20)
counts[41:60, ] <- rep(c(100, 100, 130, 80, 100, 110), each = 20)
write_case(counts, group, c("a", "b"))
