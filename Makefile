# Targets say what they do: `make` alone lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# What a set-up rests on: when one of these changes, the next target sets up again.
BASIS  := requirements.lock pyproject.toml tools/setup.sh
LAB_OPTIONS ?=
BUILD_OPTIONS ?=

.DEFAULT_GOAL := help
.PHONY: help setup report test test-fast test-slow lint docs lab bench mutants lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: $(BASIS)
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash tools/setup.sh runtime
$(VENV)/.test: $(VENV)/.runtime requirements-test.lock
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash tools/setup.sh test
$(VENV)/.slow: $(VENV)/.test requirements-slow.lock
	@PYTHON="$(PYTHON)" VENV="$(VENV)" bash tools/setup.sh slow

setup: $(VENV)/.runtime ## make the environment in .venv and get the fonts (once)

report: $(VENV)/.runtime ## read data/raw, make every report and letter owed, print their paths
	@$(BIN)/shuangjian intake data/raw
	@$(BIN)/shuangjian build $(BUILD_OPTIONS)

test: $(VENV)/.test ## the fast tests (about ten minutes on two cores)
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-fast: $(VENV)/.test ## the tests that need no document (about five minutes on two cores)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/unit

test-slow: $(VENV)/.slow ## the tests that need a browser, Spark, a cluster, or kill processes
	@$(BIN)/python -m pytest tests/slow

lint: $(VENV)/.test ## ruff (notebooks too), mypy, the floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports --no-cache

docs: $(VENV)/.test ## write the generated pages of docs/ anew
	@$(BIN)/shuangjian indicators --appendix docs/indicators.md
	@$(BIN)/shuangjian dictionary --out docs/data-dictionary.md
	@$(BIN)/shuangjian reference --schemas docs/schemas/reference
	@$(BIN)/python tools/coverage.py

lab: $(VENV)/.runtime ## open JupyterLab on the first notebook for exploring
	@[ -d data/snapshots ] || $(BIN)/shuangjian intake data/raw
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" $(LAB_OPTIONS) notebooks/explore/start_here.ipynb

bench: $(VENV)/.slow ## measure speed and memory (long; results go to benchmarks/)
	@for name in intake core statistics_speed statistics_coverage rendering engine; do \
	    echo "benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py || exit 1; done

mutants: $(VENV)/.slow ## change the code in a sample of places and see whether a test notices (about half an hour)
	@$(BIN)/python tools/mutants.py

lock: $(VENV)/.test ## write the three lock files anew from pyproject.toml (needs uv)
	@bash tools/lock.sh

clean: ## delete what can be made again (never data/snapshots)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
