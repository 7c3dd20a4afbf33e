# Which pathways stand for themselves, by `alkaline enrich gsea --collapse` and by fgsea's collapsePathways: how many agree, and how many
# agree between seeds of fgsea. Prints the table of docs/explanation/validation.md.
#
# Rscript collapse.R RANKS.rnk SETS.gmt COLLAPSED.tsv
#
# COLLAPSED.tsv is what alkaline wrote with --min-size 15 --max-size 500. fgsea is asked twice: of its own significant pathways, and of
# those of COLLAPSED.tsv in the same order, so that only the collapse can differ.
suppressMessages(library(fgsea))
BiocParallel::register(BiocParallel::SerialParam(progressbar = FALSE))
arguments <- commandArgs(trailingOnly = TRUE)
ranked <- read.delim(arguments[1], colClasses = c("character", "numeric"))
scores <- sort(setNames(ranked[[2]], ranked[[1]]), decreasing = TRUE)
sets <- gmtPathways(arguments[2])
ours <- read.delim(arguments[3], colClasses = "character", quote = "", na.strings = character())
ours_main <- ours$ID[ours$represented_by == ""]

agreement <- function(a, b) sprintf("%d of %d and %d", length(intersect(a, b)), length(a), length(b))
between_seeds <- function(answers) {
  pairs <- combn(length(answers), 2)
  paste(range(apply(pairs, 2, function(pair) {
    a <- answers[[pair[1]]]
    b <- answers[[pair[2]]]
    round(length(intersect(a, b)) / length(union(a, b)), 2)
  })), collapse = " to ")
}
jaccard <- function(answers) {
  shares <- sapply(answers, function(main) length(intersect(main, ours_main)) / length(union(main, ours_main)))
  paste(round(range(shares), 2), collapse = " to ")
}

seeds <- 1:5
plan <- list("of its own significant pathways" = FALSE, "of ours" = TRUE)
cat("fgsea", as.character(packageVersion("fgsea")), "; ours:", length(ours_main), "of", nrow(ours), "stand for themselves\n")
for (name in names(plan)) {
  answers <- lapply(seeds, function(seed) {
    set.seed(seed)
    sink("/dev/null")
    table <- fgseaMultilevel(sets, scores, minSize = 15, maxSize = 500, eps = 0, nproc = 1)
    sink()
    chosen <- if (plan[[name]]) table[match(ours$ID, table$pathway)] else table[padj < 0.05][order(pval)]
    main <- collapsePathways(chosen, sets, scores)$mainPathways
    cat(name, "seed", seed, ":", nrow(chosen), "significant; main pathways in common", agreement(ours_main, main), "\n")
    main
  })
  in_all <- Reduce(intersect, answers)
  in_any <- Reduce(union, answers)
  cat(name, ": Jaccard with ours", jaccard(answers), "; between seeds of fgsea", between_seeds(answers), "\n")
  cat(name, ": main with every seed", length(in_all), ", of which ours", length(intersect(in_all, ours_main)),
      "; ours that are main with no seed", length(setdiff(ours_main, in_any)), "\n")
}
