# Four pairs: batches in the model, so fits are iterative.
source("../write_expected.R")
group <- rep(c("control", "treated"), each = 4); batch <- rep(1:4, 2)
set.seed(6); means <- exp(rnorm(240, 5, 1.2))
counts <- simulate(16, group, means, 0.05)
effect <- matrix(2^rnorm(240 * 4, 0, 0.6), 240)
counts[] <- round(counts * effect[, batch])
write_case(counts[rowSums(counts) > 0, ], group, c("control", "treated"), batch = batch)
