# One sample against three: one group has no replicates, the other carries the dispersion.
source("../write_expected.R")
group <- c("parental", rep("resistant", 3))
set.seed(2); means <- exp(rnorm(260, 4.5, 1.5))
write_case(simulate(12, group, means, 0.1), group, c("parental", "resistant"))
