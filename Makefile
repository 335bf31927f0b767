# The same words as the README. Needs Python 3.11 or newer, make and git; everything else is installed into .venv,
# at the versions and hashes of the lock files. Every step leaves a stamp, so that a second run does nothing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
STATIC := mystery_shopper/web/static/manifest.json
BROWSER := tests/browser-packages

FRONTEND_SOURCES := $(wildcard frontend/*.js frontend/*.scss frontend/*.svg frontend/package.json)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
NPM_CI := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --no-audit --no-fund --loglevel=error >/dev/null
NPM_RUN := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm run --silent

# The locks are complete, so nothing is resolved: pip would look for a newer coverage to meet coverage[toml], and refuse it.
INSTALL_LOCKED := scripts/install-locked.sh

export PYTHONDONTWRITEBYTECODE :=
export PIP_REQUIRE_VIRTUALENV := 0
export npm_config_update_notifier := false
# npm wants a home to keep its cache in; a service account or a build machine may have none.
ifeq ($(and $(HOME),$(wildcard $(HOME)/.)),)
export HOME := $(CURDIR)/$(VENV)/home
endif

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: install
install: $(STAMPS)/run $(STATIC) ## Install what running needs: virtual environment, locked packages, style sheets

.PHONY: install-dev
install-dev: $(STAMPS)/dev $(STATIC) $(STAMPS)/browser ## Install what testing needs as well, a browser included

.PHONY: run
run: install ## Start with demonstration data on http://127.0.0.1:8000 (PORT=... to change) and print the accounts
	@exec $(BIN)/mystery-shopper serve --demo

.PHONY: worker
worker: install ## Send what waits in the outbox and keep the clocks, until stopped
	@exec $(BIN)/mystery-shopper worker

.PHONY: codes
codes: install ## Print the accounts of the demonstration with their current codes
	@DEMO=on $(BIN)/mystery-shopper demo codes

.PHONY: test
test: install-dev ## Run every test: on SQLite, then what touches the database again on PostgreSQL
	@scripts/test.sh

.PHONY: check
check: install-dev ## Lint, format, types, imports, security, templates, migrations
	@scripts/check.sh

.PHONY: test-whole
test-whole: install-dev ## Run every test on both databases, also those that make test leaves out to be done in 20 minutes
	@WHOLE=yes scripts/test.sh

.PHONY: faults
faults: install-dev ## Break things at full size: workers killed, every bad input at every form, properties tried more often
	@FAULTS=full $(BIN)/python -m pytest --quiet -m hypothesis
	@for database in sqlite postgresql; do \
	  FAULTS=full TEST_DATABASE=$$database $(BIN)/python -m pytest --quiet -s tests/faults tests/architecture/test_fuzz.py; \
	done

.PHONY: bench
bench: install-dev ## Measure the service beside a bare handler, at 10,000 cases; writes docs/figures/bench.md
	@$(BIN)/python -m benchmarks

.PHONY: lock
lock: $(STAMPS)/dev ## Write the lock files anew from setup.cfg (UPGRADE=1 takes the newest versions that fit)
	@scripts/lock.sh

.PHONY: clean
clean: ## Remove what was installed and built; the data in instance/ stays
	rm -rf $(VENV) frontend/node_modules mystery_shopper/web/static $(BROWSER)/node_modules $(BROWSER)/unpacked
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@echo "Making the virtual environment"
	@$(PYTHON) -m venv $(VENV)

# An order-only prerequisite: the time of the interpreter says nothing about what is installed.
$(STAMPS)/run: requirements.lock setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages"
	@$(INSTALL_LOCKED) requirements.lock
	@PYTHONWARNINGS=ignore $(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	@echo "Installing the locked packages for tests"
	@$(INSTALL_LOCKED) requirements-dev.lock
	@mkdir -p $(STAMPS) && touch $@

frontend/node_modules/.package-lock.json: frontend/package-lock.json | $(STAMPS)/run
	@echo "Installing the front-end packages"
	@cd frontend && $(subst $(BIN)/npm,../$(BIN)/npm,$(NPM_CI))
	@touch $@

$(STATIC): frontend/node_modules/.package-lock.json $(FRONTEND_SOURCES)
	@echo "Compiling style sheets and scripts"
	@cd frontend && $(subst $(BIN)/npm,../$(BIN)/npm,$(NPM_RUN)) build
	@touch $@

# Only where no browser is installed: a headless Chromium out of an npm package.
$(STAMPS)/browser: $(BROWSER)/package-lock.json | $(STAMPS)/dev
	@if ! $(BIN)/python -m tests.support.browser --installed; then \
	  echo "Installing a headless browser for the tests"; \
	  cd $(BROWSER) && $(subst $(BIN)/npm,../../$(BIN)/npm,$(NPM_CI)); \
	fi
	@touch $@
