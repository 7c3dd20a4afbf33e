# One sample a side without any biological variation: the binomial limit.
source("../write_expected.R")
group <- c("parental", "resistant")
set.seed(4); means <- exp(rnorm(300, 3, 1.2))
write_case(simulate(14, group, means, 1e-6, sizes = c(1, 1.05)), group, c("parental", "resistant"), bcv = 0)
