# make run · make test · make lint · make format · make bench · make prices · make install
# Everything lives in .venv; a stamp there says what is installed, so a second make starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
CODE := pricing calculator api app.py tests deploy

# $(call need,TEST,PACKAGES,OTHERWISE): installs Debian packages where TEST fails and we are root; else names them and runs OTHERWISE.
define need
	@if ! { $(1); } >/dev/null 2>&1; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing $(2)"; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $(2) >/dev/null; \
	  else echo "missing: $(2) (Debian: sudo apt-get install $(2))" >&2; $(3); fi; \
	fi
endef

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 16

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: $(PYTHON) is not" >&2; exit 1; }
	$(call need,$(PYTHON) -c 'import ensurepip',python3-venv,exit 1)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN_STAMP): pyproject.toml constraints.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(RUN_STAMP) $@

.PHONY: install
install: $(RUN_STAMP) ## make .venv with what running needs

.PHONY: run
run: $(RUN_STAMP) ## install, migrate the embedded database and serve on HOST:PORT (127.0.0.1:8000)
	@exec $(PY) -m app

.PHONY: chromium
chromium:
	$(call need,command -v chromium,chromium fonts-liberation,[ "$${CI:-}" != true ])

# In the order of tests/conftest.py: files that wait for a browser take turns with those that compute.
# The second run reads the machine as plain Python: what numba compiles and what is written are the same thing.
.PHONY: test
test: $(DEV_STAMP) chromium ## every test, then those of the machine again without the compiler
	$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder
	NUMBA_DISABLE_JIT=1 $(PY) -m pytest tests/test_machine.py

.PHONY: lint
lint: $(DEV_STAMP) ## ruff, mypy and oxlint, nothing changed
	$(PY) -m ruff check $(CODE)
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m mypy
	$(VENV)/bin/oxlint --deny-warnings web/static

.PHONY: format
format: $(DEV_STAMP) ## put the code in shape
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

.PHONY: bench
bench: $(DEV_STAMP) ## speed as ratios of one run
	@$(PY) -m compileall -q pricing calculator api app.py # as an installed package is; matters to the command's start
	$(PY) -m tests.bench

# make prices PRICES=prices.csv SOURCES=price_sources.json MORE="newer.csv.gz newer_sources.json"
.PHONY: prices
prices: $(RUN_STAMP) ## write pricing/data/rates/ from PRICES (a table of sourced prices), SOURCES (its sources) and MORE of both
	@[ -n "$(PRICES)" ] && [ -n "$(SOURCES)" ] || { echo "usage: make prices PRICES=prices.csv SOURCES=sources.json [MORE='more.csv more.json']" >&2; exit 2; }
	$(PY) -m pricing.imports.survey "$(PRICES)" "$(SOURCES)" $(MORE:%=--more %)
