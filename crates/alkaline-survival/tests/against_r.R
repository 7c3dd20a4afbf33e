suppressMessages(library(survival))
say <- function(key, v) { v <- as.numeric(v); cat(paste(c(key, ifelse(is.na(v), "NA", sprintf("%.17g", v))), collapse = " "), "\n", sep = "") }
ask <- function(name, d, group, covariates) {
  d <- d[complete.cases(d[, c("time", "status", group, covariates)]), ]
  g <- as.integer(factor(d[[group]])) - 1
  X <- as.matrix(d[, covariates, drop = FALSE])
  storage.mode(X) <- "double"
  s <- Surv(d$time, d$status)
  cat("data ", name, "\n", sep = "")
  say("times", d$time); say("events", d$status); say("group", g)
  for (j in seq_len(ncol(X))) say("x", X[, j])
  median <- function(type) summary(survfit(s ~ 1, conf.type = type))$table[c("median", "0.95LCL", "0.95UCL")]
  say("medians", c(median("log"), median("log-log"), median("plain")))
  curve <- survfit(s ~ 1, conf.type = "log-log")
  say("survival", curve$surv); say("upper", curve$upper)
  test <- function(rho) { f <- survdiff(s ~ g, rho = rho); c(f$chisq, pchisq(f$chisq, length(f$n) - 1, lower.tail = FALSE)) }
  say("logrank", test(0)); say("peto", test(1))
  for (ties in c("efron", "breslow", "exact")) {
    fit <- coxph(s ~ X, ties = ties)
    table <- summary(fit)$coefficients
    p <- 2 * pnorm(abs(table[, 4]), lower.tail = FALSE)
    say(ties, c(coef(fit), table[, 3], p, fit$loglik, fit$score))
  }
  columns <- as.data.frame(X)
  fit <- coxph(s ~ ., data = columns)
  say("concordance", c(fit$concordance["concordance"], fit$concordance["std"]))
  say("zph", cox.zph(fit)$table[, 1])
  say("martingale", residuals(fit))
  id <- (seq_len(nrow(d)) - 1) %/% 2
  say("robust", sqrt(diag(coxph(s ~ X, cluster = id)$var)))
  say("stratified", coef(coxph(s ~ X + strata(g))))
}
d <- lung; d$status <- d$status - 1; ask("lung", d, "sex", c("age", "sex", "ph.ecog"))
d <- veteran; ask("veteran", d, "celltype", c("trt", "karno", "age"))
d <- ovarian; names(d)[1:2] <- c("time", "status"); ask("ovarian", d, "rx", c("age", "rx"))
d <- pbc; d$status <- as.integer(d$status == 2); d$bili <- log(d$bili); ask("pbc", d, "stage", c("age", "bili", "albumin", "edema"))
d <- colon[colon$etype == 2, ]; ask("colon", d, "rx", c("nodes", "age", "sex"))
d <- gbsg; names(d)[names(d) == "rfstime"] <- "time"; ask("gbsg", d, "hormon", c("hormon", "nodes", "grade", "size"))
# many ties, few times, values far apart
n <- 60; k <- seq_len(n)
d <- data.frame(time = 1 + (k * 7) %% 6, status = as.integer((k * 5) %% 3 > 0), g = k %% 3, a = ((k * 37) %% 101) / 10, b = 1e6 + (k * 53) %% 97)
ask("ties", d, "g", c("a", "b"))
