# Forty-eight samples against forty-eight.
source("../write_expected.R")
group <- rep(c("wt", "mut"), each = 48)
set.seed(3); means <- exp(rnorm(60, 4, 1.5))
write_case(simulate(31, group, means, 0.03 + 1 / (means + 20)), group, c("wt", "mut"))
