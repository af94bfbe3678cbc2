# Results of R's package survey (4.1.1) on further designs of answers.csv (invented data: nine strata, one of them with a
# single cluster, two drawn whole): what to do with a single unit, one and two stages, domains, groups, calibration, replicates.
# Run in this folder with `Rscript further.R`; it writes further.json.
suppressMessages({library(survey); library(jsonlite)})
d <- read.csv("answers.csv")
out <- list()
put <- function(k, ...) out[[k]] <<- as.list(c(...))
est <- function(k, m, df) { ci <- confint(m, df = df); put(k, est = as.numeric(coef(m))[1], se = as.numeric(SE(m))[1], lo = ci[1, 1], hi = ci[1, 2]) }
share <- function(k, D, method) { m <- svyciprop(~I(b == 1), D, method = method); ci <- attr(m, "ci"); put(k, est = as.numeric(m), lo = as.numeric(ci[1]), hi = as.numeric(ci[2])) }
association <- function(k, D) { t <- svychisq(~g + b, D); put(k, stat = as.numeric(t$statistic), ndf = as.numeric(t$parameter[1]), ddf = as.numeric(t$parameter[2]), p = as.numeric(t$p.value)) }
for (lonely in c("adjust", "average", "certainty")) for (kind in c("one", "two")) {
  options(survey.lonely.psu = lonely)
  D <- if (kind == "one") svydesign(id = ~c, strata = ~h, weights = ~w, data = d) else
    svydesign(id = ~c + k, strata = ~h, weights = ~w, fpc = ~N + M, data = d, nest = TRUE)
  p <- paste0(lonely, ".", kind, ".")
  S <- subset(D, s == "F")
  put(paste0(p, "degf"), est = degf(D)); put(paste0(p, "domain.degf"), est = degf(S))
  est(paste0(p, "mean.y"), svymean(~y, D, na.rm = TRUE), degf(D)); est(paste0(p, "total.x"), svytotal(~x, D), degf(D))
  r <- svyratio(~y, ~x, D, na.rm = TRUE); put(paste0(p, "ratio"), est = r$ratio[1, 1], se = sqrt(r$var[1, 1]))
  est(paste0(p, "domain.mean.x"), svymean(~x, S), degf(D)); est(paste0(p, "domain.total.x"), svytotal(~x, S), degf(D))
  est(paste0(p, "strata.mean.x"), svymean(~x, subset(D, h %in% c(1, 2, 4, 6))), degf(D))
  b <- svyby(~x, ~g, D, svymean, deff = TRUE, covmat = FALSE); for (i in 1:3) put(paste0(p, "by.x.", b$g[i]), est = b$x[i], se = b$se[i], deff = b[i, 4])
  b <- svyby(~x, ~g + s, D, svytotal); for (i in 1:6) put(paste0(p, "cross.x.", b$g[i], b$s[i]), est = b$x[i], se = b$se[i])
  v <- vcov(svyby(~x, ~g, D, svymean, covmat = TRUE)); put(paste0(p, "covariance"), ab = v[1, 2], ac = v[1, 3], bc = v[2, 3])
  for (m in c("beta", "xlogit", "asin", "mean")) share(paste0(p, "share.", m), S, m)
  for (q in c(.5, .77)) { m <- svyquantile(~x, S, q, ci = TRUE)[[1]]; put(paste0(p, "quantile.", q), est = m[1, 1], lo = m[1, 2], hi = m[1, 3], se = m[1, 4]) }
  est(paste0(p, "variance.x"), svyvar(~x, D), degf(D)); association(paste0(p, "chisq"), D); association(paste0(p, "domain.chisq"), S)
  W <- sum(weights(D)); tg <- c(.4, .33, .27) * W * 1.1; ts <- c(.53, .47) * W * 1.1; tx <- sum(d$x * weights(D)) * 1.13
  both <- c(`(Intercept)` = sum(tg), gb = tg[2], gc = tg[3], sM = ts[2])
  cal <- function(...) calibrate(D, ~g + s, both, ..., epsilon = 1e-13, maxit = 500)
  C5 <- postStratify(D, ~g + s, data.frame(g = rep(c("a", "b", "c"), 2), s = rep(c("F", "M"), each = 3), Freq = c(100, 200, 300, 150, 120, 180)))
  designs <- list(regression = calibrate(D, ~g + x, c(`(Intercept)` = sum(tg), gb = tg[2], gc = tg[3], x = tx), calfun = "linear"),
    raking = cal(calfun = "raking"), logit = cal(calfun = "logit", bounds = c(.3, 3)), bounded = cal(calfun = "linear", bounds = c(.7, 1.8)),
    poststratified = C5, twice = calibrate(C5, ~x - 1, c(x = tx * 1.2), calfun = "linear"), raking_bounded = cal(calfun = "raking", bounds = c(.4, 2.5)))
  for (name in names(designs)) {
    C <- designs[[name]]; q <- paste0(p, name, "."); Z <- subset(C, z == 1)
    est(paste0(q, "mean.y"), svymean(~y, C, na.rm = TRUE), degf(C)); est(paste0(q, "total.b"), svytotal(~b, C), degf(C))
    est(paste0(q, "domain.total.b"), svytotal(~b, Z), degf(C)); put(paste0(q, "domain.deff"), deff = deff(svymean(~x, Z, deff = TRUE))[[1]])
    b <- svyby(~x, ~g, C, svymean); put(paste0(q, "by.x.b"), est = b$x[2], se = SE(b)[2])
    share(paste0(q, "share"), C, "beta"); association(paste0(q, "chisq"), C)
  }
  # With a stratum drawn whole, R scales "average" replicates by all units and leaves such strata out of "adjust" totals: not compared.
  if (kind == "one" || lonely == "certainty") {
    R <- as.svrepdesign(D, type = "JKn"); S <- subset(R, s == "F"); q <- paste0(p, "jackknife.")
    put(paste0(q, "degf"), est = degf(R)); put(paste0(q, "domain.degf"), est = degf(S))
    est(paste0(q, "mean.x"), svymean(~x, R), degf(R)); est(paste0(q, "total.x"), svytotal(~x, R), degf(R)); est(paste0(q, "domain.mean.x"), svymean(~x, S), degf(R))
    r <- svyratio(~b, ~x, R); put(paste0(q, "ratio"), est = r$ratio[1, 1], se = sqrt(r$var[1, 1])); share(paste0(q, "domain.share"), S, "beta")
    m <- svyquantile(~x, S, .5, ci = TRUE)[[1]]; put(paste0(q, "domain.quantile"), est = m[1, 1], lo = m[1, 2], hi = m[1, 3])
    association(paste0(q, "chisq"), R); association(paste0(q, "domain.chisq"), S)
    b <- svyby(~x, ~g, R, svymean); for (i in 1:3) put(paste0(q, "by.x.", b$g[i]), est = b$x[i], se = b$se[i])
    est(paste0(q, "raking.mean.x"), svymean(~x, calibrate(R, ~g + s, both, calfun = "raking", epsilon = 1e-12, maxit = 500)), degf(R))
  }
}
D <- svydesign(id = ~c, weights = ~w, data = d); R <- as.svrepdesign(D, type = "JK1"); est("jk1.mean.x", svymean(~x, R), degf(R)); put("jk1.degf", est = degf(R))
D <- svydesign(id = ~c, weights = ~w, fpc = ~N, data = transform(d, N = 100)); R <- as.svrepdesign(D, type = "JK1"); est("jk1.fpc.mean.x", svymean(~x, R), degf(R))
D <- svydesign(id = ~c + k, fpc = ~N + M, data = transform(d, N = 60)); est("fractions.total.x", svytotal(~x, D), degf(D)); est("fractions.mean.x", svymean(~x, D), degf(D))
# Forty rows whose mean is to rise from 20.5 to 30: without bounds the linear method gives six negative weights.
D <- svydesign(id = ~1, weights = rep(1, 40), data = data.frame(x = 1:40)); total <- c(`(Intercept)` = 40, x = 1200)
weight <- function(k, C) { w <- weights(C); put(k, least = min(w), first = w[[1]], tenth = w[[10]], thirtieth = w[[30]], last = w[[40]], negative = sum(w < 0)) }
weight("negative.linear", calibrate(D, ~x, total))
weight("negative.bounded", calibrate(D, ~x, total, bounds = c(.2, 3), epsilon = 1e-13, maxit = 500))
weight("negative.logit", calibrate(D, ~x, total, calfun = "logit", bounds = c(.2, 3), epsilon = 1e-13, maxit = 500))
weight("negative.raking", calibrate(D, ~x, total, calfun = "raking", epsilon = 1e-13, maxit = 500))
write(toJSON(out, auto_unbox = TRUE, digits = NA), "further.json")
