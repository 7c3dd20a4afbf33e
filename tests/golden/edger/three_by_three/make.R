# Two groups of three, realistic means, a tenth of the genes changed fourfold.
source("../write_expected.R")
group <- rep(c("parental", "resistant"), each = 3)
set.seed(1); means <- exp(rnorm(320, 4, 1.8))
write_case(simulate(11, group, means, 0.05 + 1 / (means + 10)), group, c("parental", "resistant"))
