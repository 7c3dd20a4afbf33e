# Scores as -log10 P of a strong experiment has them: a few genes outweigh all others.
# Run in tests/golden/fgsea: Rscript heavy_tails/make.R
source("write_expected.R")
set.seed(20261124)
genes <- sprintf("g%04d", 1:3000)
scores <- setNames(rt(3000, df = 1.1), genes)
scores <- sort(scores, decreasing = TRUE)
extreme <- names(scores)[c(1:40, 2961:3000)]
lucky <- setNames(lapply(1:12, function(i) unique(c(sample(extreme[if (i %% 2) 1:40 else 41:80], 1 + i %/% 3), sample(genes, c(10, 14, 20, 30, 45, 70)[(i - 1) %/% 2 + 1])))), sprintf("LUCKY_%02d", 1:12))
null <- setNames(lapply(1:20, function(i) sample(genes, 8 + 6 * i)), sprintf("NULL_%02d", 1:20))
write_case("heavy_tails", scores, c(lucky, null))
