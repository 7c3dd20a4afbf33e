# A single gene: nothing to share information with.
source("../write_expected.R")
group <- rep(c("a", "b"), each = 2)
counts <- matrix(c(95, 69, 201, 111), 1, dimnames = list("g1", c("s01", "s02", "s03", "s04")))
write_case(counts, group, c("a", "b"))
