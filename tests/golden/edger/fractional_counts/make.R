# Counts with fractions, as expected counts of quantifiers are.
source("../write_expected.R")
group <- rep(c("a", "b"), each = 3)
set.seed(9); means <- exp(rnorm(240, 4, 1.5))
counts <- simulate(19, group, means, 0.07)
counts[counts > 0] <- counts[counts > 0] + round(runif(sum(counts > 0)), 3)
write_case(counts, group, c("a", "b"))
