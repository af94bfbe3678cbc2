# Components of variance of three ledgers by lme4 (REML), kept in components.json beside this file.
#     Rscript tests/reference/components/components.R        (R 4.2, lme4 1.1-31, jsonlite)
suppressMessages(library(lme4)); library(jsonlite)
arguments <- commandArgs(FALSE)
here <- dirname(sub("--file=", "", grep("--file=", arguments, value = TRUE)))
one <- function(name) {
  d <- read.csv(file.path(here, paste0(name, ".csv")))
  d$cls <- interaction(d$school, d$grade, d$class, drop = TRUE)
  control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e6), calc.derivs = FALSE)
  m <- lmer(total ~ 0 + factor(grade) + (1 | school) + (1 | cls) + (1 | date), d, REML = TRUE, control = control)
  v <- as.data.frame(VarCorr(m)); v <- setNames(v$vcov, v$grp)
  list(name = name, criterion = unname(getME(m, "devcomp")$cmp[["REML"]]),
       school = v[["school"]], class = v[["cls"]], day = v[["date"]], rest = v[["Residual"]])
}
write(toJSON(lapply(c("even", "uneven", "no_school"), one), auto_unbox = TRUE, digits = 10, pretty = TRUE),
      file.path(here, "components.json"))
