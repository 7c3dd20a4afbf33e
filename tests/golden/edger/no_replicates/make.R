# One sample a side at an assumed BCV of 0.2.
source("../write_expected.R")
group <- c("parental", "resistant")
set.seed(3); means <- exp(rnorm(400, 4, 2))
write_case(simulate(13, group, means, 0.04, change = 8), group, c("parental", "resistant"), bcv = 0.2)
