# Five groups of two; the pair compared is the third and the fifth, all groups carry the dispersion.
source("../write_expected.R")
group <- rep(c("d0", "d1", "d2", "d3", "d4"), each = 2)
set.seed(5); means <- exp(rnorm(240, 4.5, 1.4))
write_case(simulate(15, group, means, 0.08), group, c("d2", "d4"))
