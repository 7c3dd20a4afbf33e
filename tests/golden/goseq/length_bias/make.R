# Over-representation corrected for gene length by goseq itself. Run in this directory: Rscript make.R
suppressMessages(library(goseq))
set.seed(7); number <- 4000
length_of <- round(exp(rnorm(number, 7.3, 0.9)))
called <- as.integer(runif(number) < plogis(-4 + 0.9 * (log(length_of) - 7.3)))
names(called) <- paste0("g", seq_len(number))
pwf <- nullp(called, bias.data = length_of, plot.fit = FALSE)
sets <- lapply(1:60, function(i) {
  weight <- if (i %% 2) length_of^runif(1, -1, 1) else rep(1, number)
  names(called)[sample(number, sample(10:200, 1), prob = weight)]
})
names(sets) <- sprintf("SET_%02d", seq_along(sets))
sets$EVERY <- names(called)          # so that every gene is annotated
gene2cat <- data.frame(gene = unlist(sets), cat = rep(names(sets), lengths(sets)))
result <- goseq(pwf, gene2cat = gene2cat)
dir.create("input", showWarnings = FALSE); dir.create("expected", showWarnings = FALSE)
write.table(data.frame(gene_id = names(called), Length = length_of, called = called), "input/genes.tsv",
            sep = "\t", quote = FALSE, row.names = FALSE)
writeLines(vapply(names(sets), function(n) paste(c(n, "", sets[[n]]), collapse = "\t"), ""), "input/sets.gmt")
out <- data.frame(ID = result$category, pvalue = trimws(formatC(result$over_represented_pvalue, digits = 15, format = "g")))
write.table(out, "expected/goseq.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
write.table(data.frame(gene_id = names(called), chance = trimws(formatC(pwf$pwf, digits = 10, format = "g")))[seq(1, number, 20), ],
            "expected/chance.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
