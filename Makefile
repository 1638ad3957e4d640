# What a person or CI does with this repository. `make` lists the targets; every one sets up what it needs first, and
# second runs skip what has not changed.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

ARGS ?=
PY := .venv/bin/python
CODE := $(wildcard src tests bench scripts)
WORKERS ?= logical

PYTHON_STAMP := .venv/.ready$(subst /,-,$(CURDIR))
NODE_STAMP := web/node_modules/.ready
UI := src/postline/web/dist/index.html
UI_SOURCES := $(shell find web -name node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help setup ui chromium demo serve worker sandbox test test-fast soak check format format-check lint types \
	imports migrations files ui-check clean bench

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

## Set-up

$(PYTHON_STAMP): requirements/dev.txt scripts/setup-python
	@scripts/setup-python
	@touch $@

$(NODE_STAMP): web/package-lock.json web/package.json scripts/npm | $(PYTHON_STAMP)
	@echo "Installing the UI's dependencies"
	@scripts/npm ci --silent
	@touch $@

$(UI): $(UI_SOURCES) $(NODE_STAMP)
	@echo "Building the UI"
	@scripts/npm run --silent build
	@touch $@

setup: $(PYTHON_STAMP) ## Make .venv with the locked dependencies and the command .venv/bin/postline
ui: $(if $(UI_SOURCES),$(UI)) ## Build the UI into the package

chromium: ## Make sure that there is a browser for the browser tests
	@scripts/setup-chromium

## Running

demo: setup ui ## Try everything against the sandbox; ARGS=--once ends by itself
	@$(PY) -m postline demo $(ARGS)

serve: setup ui ## Run the API and the UI
	@$(PY) -m postline serve $(ARGS)

worker: setup ## Run a worker that publishes
	@$(PY) -m postline worker $(ARGS)

bench: setup ## Measure; BENCH=burst|backlog|steady|head-of-line|scale-out|memory, ARGS=…
	@$(PY) -m bench $(BENCH) $(ARGS)

sandbox: setup ## Run the stand-in for the networks
	@$(PY) -m postline sandbox $(ARGS)

## Checking

test: setup ui chromium ## Run the tests; ARGS="-k words" chooses
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 $(ARGS)

test-fast: setup ## Run the tests that need no browser
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8 -m "not browser and not live and not soak" $(ARGS)

soak: setup ## Crash workers at random; ARGS="--runs 200 --seed 1 --json"
	@$(PY) -m tests.delivery.crash.soak $(ARGS)

check: format-check lint types imports migrations files ui-check ## Everything that CI checks besides the tests

format: setup ## Bring the code into shape
	@.venv/bin/ruff check --quiet --fix-only $(CODE)
	@.venv/bin/ruff format $(CODE)

format-check: setup ## Is the code in shape?
	@.venv/bin/ruff format --check $(CODE)

lint: setup ## Look for likely mistakes
	@.venv/bin/ruff check $(CODE)

types: setup ## Check types
	@$(PY) -m mypy $(CODE)

imports: setup ## Check that imports run one way
	@.venv/bin/lint-imports

migrations: setup ## Check that migrations and models agree
	@$(PY) scripts/check_migrations.py

files: setup ## Check that no file names a registry, a path of this machine or a key
	@$(PY) scripts/check_files.py

ui-check: setup $(if $(UI_SOURCES),$(NODE_STAMP)) ## Check the UI's types
	@scripts/npm run --silent --if-present check

clean: ## Remove what was built and cached; keeps .venv and data
	@rm -rf src/postline/web/dist web/node_modules build test-artifacts \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests bench scripts -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
