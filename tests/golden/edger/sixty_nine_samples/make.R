# Sixty-nine samples in two unequal groups, as a population study.
source("../write_expected.R")
group <- rep(c("male", "female"), c(29, 40))
set.seed(4); means <- exp(rnorm(80, 3.5, 1.6))
write_case(simulate(41, group, means, 0.1 + 1 / (means + 10)), group, c("male", "female"))
