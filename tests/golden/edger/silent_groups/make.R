# Genes silent in one group, in libraries of very different size: adjusted group sums can be negative.
source("../write_expected.R")
group <- rep(c("luminal", "basal"), c(2, 3))
set.seed(7); means <- exp(rnorm(280, 4, 1.4))
counts <- simulate(17, group, means, 0.06, sizes = c(0.4, 2.1, 0.6, 1.7, 1))
counts[1:25, 1:2] <- 0
counts[26:45, 3:5] <- 0
write_case(counts, group, c("luminal", "basal"))
