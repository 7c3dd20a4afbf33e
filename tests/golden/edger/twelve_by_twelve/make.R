# Two groups of twelve: the filter relaxes above ten samples, dispersions are nearly the genes' own.
source("../write_expected.R")
group <- rep(c("a", "b"), each = 12)
set.seed(10); means <- exp(rnorm(160, 3.5, 1.5))
write_case(simulate(20, group, means, 0.15), group, c("a", "b"))
