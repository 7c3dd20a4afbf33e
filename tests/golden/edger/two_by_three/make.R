# Two samples against three.
source("../write_expected.R")
group <- rep(c("ctl", "trt"), c(2, 3))
set.seed(2); means <- exp(rnorm(220, 4, 1.6))
write_case(simulate(21, group, means, 0.04 + 1 / (means + 8)), group, c("ctl", "trt"))
