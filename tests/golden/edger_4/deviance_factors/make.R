# edgeR 4 as a black box: by which factors does it scale unit deviances, and how many degrees of freedom do they then have?
# Rscript make.R, in this directory: input/means.tsv (mu, phi) -> expected/factors.tsv (mu, phi, df, scale).
#
# Two libraries of one size and one group. Where both counts are equal the deviance is zero and the adjusted degrees of freedom
# are those of one count. Where they differ a little the adjusted deviance over the plain one is the scale. Two genes without
# any deviance for each with some keep the average quasi-dispersion at one.
suppressPackageStartupMessages(library(edgeR))
unit_deviance <- function(y, mu, phi) {
  y <- y + 1e-8
  mu <- mu + 1e-8
  if (phi < 1e-4) return(2 * (y * log(y / mu) - (y - mu) - 0.5 * (y - mu)^2 * phi * (1 - phi * y)))
  size <- 1 / phi
  2 * (y * log(y / mu) + (y + size) * log((mu + size) / (y + size)))
}
points <- read.delim("input/means.tsv")
answer <- matrix(NA, nrow(points), 2, dimnames = list(NULL, c("df", "scale")))
for (phi in unique(points$phi)) {
  rows <- which(points$phi == phi)
  mu <- points$mu[rows]
  gap <- pmin(0.9, 0.3 * sqrt(mu * (1 + phi * mu)) / mu)
  even <- cbind(mu, mu)
  uneven <- cbind(mu * (1 - gap), mu * (1 + gap))
  y <- rbind(even, uneven, even, even)
  fit <- glmQLFit(y, matrix(1, 2, 1), dispersion = phi, offset = 0, AveLogCPM = rep(0, nrow(y)), abundance.trend = FALSE)
  stopifnot(fit$average.ql.dispersion == 1)
  first <- seq_along(mu)
  answer[rows, "df"] <- fit$df.residual.adj[first]
  plain <- rowSums(unit_deviance(uneven, even, phi))
  answer[rows, "scale"] <- fit$deviance.adj[length(mu) + first] / plain
}
text <- sapply(data.frame(points, answer), function(v) sprintf("%.17g", v))
write.table(text, "expected/factors.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
