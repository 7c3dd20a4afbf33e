# Over-representation by clusterProfiler's rules, with R's own distribution functions. Run in this directory: Rscript make.R
suppressMessages(library(qvalue))
set.seed(20)
genes <- sprintf("G%04d", 1:900)
size <- c(sample(5:120, 70, replace = TRUE), 600, 10, 9, 500, 501)
sets <- lapply(size, function(n) sample(genes, n))
names(sets) <- sprintf("SET_%03d", seq_along(sets))
sets[["SET_080"]] <- sets[["SET_001"]]                       # a tie
universe <- c(sample(genes, 700), sprintf("X%03d", 1:200))   # 200 genes in no set
pool <- c(sets[["SET_003"]][1:15], sets[["SET_010"]][1:8], sample(universe, 25), sample(setdiff(genes, universe), 6))
query <- unique(sample(pool))
dir.create("input", showWarnings = FALSE); dir.create("expected", showWarnings = FALSE)
writeLines(vapply(names(sets), function(n) paste(c(n, paste("set", n), sets[[n]]), collapse = "\t"), ""), "input/sets.gmt")
writeLines(query, "input/query.txt"); writeLines(universe, "input/universe.txt")

table_of <- function(classic, ease = FALSE) {
  annotated <- unique(unlist(sets)); inside <- intersect(annotated, universe)
  counted <- if (classic) intersect(query, annotated) else intersect(query, inside)
  rows <- lapply(sort(names(sets)), function(name) {
    members <- intersect(sets[[name]], inside)
    hits <- counted[counted %in% members]
    touched <- any(counted %in% sets[[name]])
    if (length(members) < 10 || length(members) > 500 || (classic && !touched)) return(NULL)
    k <- length(hits); m <- length(members); n <- length(counted); N <- length(inside)
    p <- if (ease) { if (k < 2) 1 else phyper(k - 2, m, N - m, n - 1, lower.tail = FALSE) }
         else phyper(k - 1, m, N - m, n, lower.tail = FALSE)
    data.frame(ID = name, GeneRatio = paste0(k, "/", n), BgRatio = paste0(m, "/", N), pvalue = p,
               geneID = paste(hits, collapse = "/"))
  })
  rows <- do.call(rbind, rows); rows <- rows[order(rows$pvalue), ]
  rows$p.adjust <- p.adjust(rows$pvalue, "BH")
  rows$qvalue <- tryCatch(qvalue(rows$pvalue, lambda = 0.05, pi0.method = "bootstrap")$qvalues, error = function(e) NA)
  rows
}
save <- function(rows, file) {
  for (column in c("pvalue", "p.adjust", "qvalue")) rows[[column]] <- trimws(formatC(rows[[column]], digits = 17, format = "g"))
  write.table(rows, file, sep = "\t", quote = FALSE, row.names = FALSE)
}
save(table_of(TRUE), "expected/rules_4.18.tsv")
save(table_of(FALSE), "expected/rules_4.20.tsv")
save(table_of(TRUE, ease = TRUE), "expected/ease_4.18.tsv")
