# Runs fgsea on the input of a case and writes what it answers.
# Usage: source()d by <case>/make.R, which defines `scores` (named, falling) and `sets`.
suppressMessages(library(fgsea))

number <- function(x) format(x, digits = 17, trim = TRUE, scientific = NA)

write_case <- function(case, scores, sets) {
  dir.create(file.path(case, "input"), showWarnings = FALSE)
  dir.create(file.path(case, "expected"), showWarnings = FALSE)
  writeLines(paste(names(scores), number(scores), sep = "\t"), file.path(case, "input", "ranks.rnk"))
  writeLines(sapply(names(sets), function(s) paste(c(s, s, sets[[s]]), collapse = "\t")), file.path(case, "input", "sets.gmt"))
  # What was written is what is read: 17 digits keep every bit.
  ranks <- read.delim(file.path(case, "input", "ranks.rnk"), header = FALSE)
  scores <- setNames(ranks[[2]], ranks[[1]])

  runs <- lapply(1:8, function(seed) {
    set.seed(seed)
    fgseaMultilevel(sets, scores, sampleSize = 301, eps = 0, nPermSimple = 10000, nproc = 1)
  })
  first <- runs[[1]][order(pathway)]
  log2p <- sapply(runs, function(run) log2(run[order(pathway)]$pval))
  set.seed(1)
  simple <- fgseaSimple(sets, scores, nperm = 200000, nproc = 1)[order(pathway)]
  # fgsea adds one to both counts; without it the share is unbiased.
  same_sign <- (1 + simple$nMoreExtreme) / simple$pval - 1
  answer <- data.frame(
    pathway = first$pathway, size = first$size, ES = number(first$ES),
    leadingEdge = sapply(first$leadingEdge, paste, collapse = "/"),
    log2p_mean = number(rowMeans(log2p)), log2p_sd = number(apply(log2p, 1, sd)), log2err = number(first$log2err),
    more_extreme = simple$nMoreExtreme, same_sign = round(same_sign)
  )
  write.table(answer, file.path(case, "expected", "fgsea.tsv"), sep = "\t", quote = FALSE, row.names = FALSE)

  # As fgsea's manual suggests: the significant sets by rising P.
  significant <- runs[[1]][order(pval)][padj < 0.01]
  set.seed(1)
  collapsed <- collapsePathways(significant, sets, scores)
  writeLines(collapsed$mainPathways, file.path(case, "expected", "collapse_main.txt"))
}
