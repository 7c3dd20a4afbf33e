# Ranked genes, sets of 5 to 60 of them, and limma's answer. Run here: Rscript make.R
suppressMessages(library(limma))
set.seed(20261127)
scores <- sort(round(rnorm(400), 6), decreasing = TRUE)
names(scores) <- sprintf("GENE%03d", seq_along(scores))
sizes <- c(5, 8, 10, 12, 15, 20, 25, 30, 40, 60)
# Every other set leans to the top.
sets <- lapply(seq_along(sizes), function(i) {
  chance <- if (i %% 2 == 0) exp(scores / 2) else rep(1, length(scores))
  sort(sample(names(scores), sizes[i], prob = chance))
})
names(sets) <- sprintf("SET%02d", seq_along(sets))

write.table(data.frame(names(scores), scores), "input/ranks.rnk", sep = "\t", quote = FALSE, row.names = FALSE, col.names = FALSE)
writeLines(vapply(names(sets), function(set) paste(c(set, "", sets[[set]]), collapse = "\t"), ""), "input/sets.gmt")
answer <- cameraPR(scores, lapply(sets, match, names(scores)), sort = FALSE)
write.table(
  data.frame(set = rownames(answer), p = format(answer$PValue, digits = 17, trim = TRUE)),
  "expected/camera.tsv", sep = "\t", quote = FALSE, row.names = FALSE
)
