# Timed from statistics_speed.py: the design, then the top-two share of eight items with Korn-Graubard limits.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
d <- read.csv(arguments[1]); repeats <- as.integer(arguments[2]); items <- paste0("q", 1:8)
d$school <- factor(d$school)
overall <- function() {
  D <- svydesign(id = ~class, strata = ~school, weights = ~w, data = d)
  lapply(items, function(q) svyciprop(as.formula(paste0("~I(", q, ">=4)")), subset(D, !is.na(d[[q]])), method = "beta"))
}
by_school <- function() {
  D <- svydesign(id = ~class, strata = ~school, weights = ~w, data = d)
  lapply(items, function(q) svyby(as.formula(paste0("~I(", q, ">=4)")), ~school, subset(D, !is.na(d[[q]])), svyciprop, vartype = "ci", method = "beta"))
}
best <- function(f) min(sapply(seq_len(repeats), function(i) system.time(f())[["elapsed"]]))
o <- overall(); b <- by_school()
cat(best(overall), best(by_school), "\n")
for (k in 1:8) cat(as.numeric(o[[k]]), attr(o[[k]], "ci"), b[[k]][[2]][1], b[[k]]$ci_l[1], b[[k]]$ci_u[1], "\n")
