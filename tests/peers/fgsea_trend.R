# What fgsea says of some sets of one list with 101, 501 and 2001 climbers, seed by seed: does its answer drift with their number?
#
# Rscript fgsea_trend.R RANKS.rnk SETS.gmt OUT.tsv
#
# Sets of about forty sizes are asked for. OUT.tsv is the last argument of `cargo run --example gsea_calibration`.
suppressMessages(library(fgsea))
arguments <- commandArgs(trailingOnly = TRUE)
ranked <- read.delim(arguments[1], header = FALSE, comment.char = "#")
ranked[[2]] <- suppressWarnings(as.numeric(ranked[[2]]))
ranked <- ranked[!is.na(ranked[[2]]), ]
scores <- sort(setNames(ranked[[2]], ranked[[1]]), decreasing = TRUE)
sets <- lapply(gmtPathways(arguments[2]), function(genes) unique(genes[genes %in% names(scores)]))

sizes <- unique(round(exp(seq(log(10), log(300), length.out = 48))))
sets <- sets[lengths(sets) %in% sizes]
set.seed(1000)
# Only sets that random draws cannot settle; this run is used for nothing else.
first <- fgseaMultilevel(sets, scores, eps = 0, nproc = 1)
sets <- sets[first[pval < 0.02]$pathway]
cat(length(sets), "sets of", length(unique(lengths(sets))), "sizes\n")

plan <- list(c(101, 30, 1000), c(501, 16, 10000), c(2001, 8, 20000))
answers <- list()
for (row in plan) {
  for (seed in seq_len(row[2])) {
    set.seed(seed)
    run <- fgseaMultilevel(sets, scores, sampleSize = row[1], nPermSimple = row[3], eps = 0, nproc = 1)
    answers[[length(answers) + 1]] <- data.frame(
      set = run$pathway, sample_size = row[1], seed = seed, log2_p = format(log2(run$pval), digits = 17, trim = TRUE)
    )
    write.table(do.call(rbind, answers), arguments[3], sep = "\t", quote = FALSE, row.names = FALSE)
  }
}
