# The whole interface of a contributor. Everything is installed into .venv; nothing else on the machine is touched,
# except that root on Debian or Ubuntu gets the missing system packages.

VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY_TO_TEST := $(VENV)/.ready-to-test
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo "$$p" && break; done)
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

.PHONY: help screenshots demo test check bench audit venv clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1  /p' Makefile

demo: $(INSTALLED) ## Make the sample publication in ./demo and serve it (PORT=… for another port than 8000)
	$(BIN)/stoppress demo demo $(if $(PORT),--port $(PORT))

test: $(READY_TO_TEST) ## Every check and every test
	VENV=$(VENV) tests/run

check: $(READY_TO_TEST) ## Linters and types only
	VENV=$(VENV) tests/run --checks

bench: $(READY_TO_TEST) ## Measure against nginx and write bench/RESULTS.md
	VENV=$(VENV) bench/run

audit: $(READY_TO_TEST) ## Let the W3C's checker and Lighthouse look at the pages and write audit/RESULTS.md
	VENV=$(VENV) audit/run

screenshots: $(READY_TO_TEST) ## Photograph every page type into ./screenshots, at three widths, light and dark
	$(BIN)/python -m tests.looks

venv: $(READY_TO_TEST) ## The environment with everything for development

clean: ## Remove the environment and caches; ./demo stays
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/pip: Makefile
	@[ -n "$(PYTHON)" ] || { echo "Stop Press needs Python 3.11, 3.12 or 3.13: install one of them (Debian: apt-get install python3)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv, which Debian leaves out of Python."; \
			apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv; \
		else \
			echo "Python's venv module is missing: run 'sudo apt-get install python3-venv', then make again." >&2; exit 1; \
		fi; }
	@[ -x $(BIN)/pip ] && $(BIN)/pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $(BIN)/pip

$(INSTALLED): pyproject.toml $(BIN)/pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $(INSTALLED)

$(READY_TO_TEST): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $(READY_TO_TEST)
