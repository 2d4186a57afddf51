# The one door to every task. A target sets up what it needs; a second run is quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
CHROMIUM ?= /usr/bin/chromium
export CHROMIUM

.PHONY: help demo test lint types docs format check screenshots clean

help: ## this list
	@sed -En 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

demo: $(VENV)/.demo ## the main job twice, on real input
	@$(BIN)/crowdlab demo

test: $(VENV)/.dev $(VENV)/.postgresql $(CHROMIUM) ## every test and every example; ARGS="-k money" for some
	@$(BIN)/pytest $(ARGS)

lint: $(VENV)/.dev ## style, format and the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

docs: $(VENV)/.dev ## the pages, in docs/_build
	$(BIN)/sphinx-build --nitpicky --fail-on-warning --keep-going --quiet docs docs/_build

format: $(VENV)/.dev ## mends what mends itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: lint types docs test ## all of these: what a change must pass

screenshots: $(VENV)/.dev $(CHROMIUM) ## pictures of every page, in docs/screenshots
	@$(BIN)/python -m docs.showing

clean: ## removes what the other targets made
	rm -rf $(VENV) demo dist docs/_build docs/reference/api
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

INSTALL := $(BIN)/python -m pip --quiet --disable-pip-version-check install

# The developers' environment holds everything the demo needs.
$(VENV)/.dev: pyproject.toml $(VENV)/.made
	@echo "Installing crowdlab and its developers' tools into $(VENV) (a few minutes, once) ..."
	@$(INSTALL) --editable '.[dev]'
	@touch $(VENV)/.demo $@

$(VENV)/.demo: pyproject.toml $(VENV)/.made
	@echo "Installing crowdlab into $(VENV) (a minute, once) ..."
	@$(INSTALL) --editable '.[plots]'
	@touch $@

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "crowdlab needs Python 3.11 or newer; where it has" \
		"another name, say: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(call debian,python3-venv) }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.postgresql: $(VENV)/.made
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { $(call debian,postgresql) }
	@touch $@

$(CHROMIUM):
	@$(call debian,chromium)

# Installs a Debian package: as root, through sudo, or by asking a person to.
define debian
if ! command -v apt-get >/dev/null; then \
	echo "This needs $(1), and there is no apt-get to install it: install it by hand." >&2; exit 1; fi; \
if [ "$$(id -u)" = 0 ]; then root=; elif sudo -n true 2>/dev/null; then root="sudo -n"; else \
	echo "This needs the Debian package $(1), and only root may install it:" \
		"let root run 'apt-get install $(1)', then make again." >&2; exit 1; fi; \
echo "Installing Debian's $(1) ..."; \
$$root apt-get -qq update; \
$$root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $(1) >/dev/null;
endef
