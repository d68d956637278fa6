# `make help` lists what there is. A fresh machine needs python3 (3.11 or newer), make and git.

UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
PORT := $(or $(VITRAL_PORT),8000)
BIN := .venv/bin
ASSETS := core/static/dist/manifest.json
SOURCES := $(shell find core/assets/src -type f)

# the machine's own certificates, where it keeps any: a company's proxy may be among them
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(CERTIFICATES),)
export UV_SYSTEM_CERTS ?= 1
export NODE_EXTRA_CA_CERTS ?= $(CERTIFICATES)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test lint types suite bench docs reference fmt

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

install: .venv/.synced $(ASSETS) ## Install everything that development needs into .venv

run: .venv/.synced $(ASSETS) ## Make the two demo sites and serve them on 127.0.0.1:8000 (VITRAL_PORT)
	@VITRAL_PORT=$(PORT) $(BIN)/vitral demo --serve

test: lint types suite docs ## Everything that CI checks: lint, types, the suite on both engines, docs

lint: .venv/.synced ## Style, import floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.synced ## mypy (strict) and pyright on core/ and hookspecs/
	$(BIN)/mypy
	$(BIN)/basedpyright

suite: .venv/.synced $(ASSETS) ## The test suite, on SQLite and PostgreSQL
	$(BIN)/pytest -n 3

bench: .venv/.synced $(ASSETS) ## Measure the budgets of the design, as ratios in one run
	$(BIN)/python -m benchmarks

docs: .venv/.synced ## Build the documentation, warnings are errors; refuse a stale reference
	@$(BIN)/python docs/generate.py --check
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

reference: .venv/.synced ## Make the generated pages of the reference again
	@$(BIN)/python docs/generate.py

fmt: .venv/.synced ## Format the code
	$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

.uv/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vitral needs python3 3.11 or newer."; exit 1; }
	@python3 -m venv .uv || { echo "python3 has no venv module; on Debian: apt-get install python3-venv"; exit 1; }
	@.uv/bin/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: pyproject.toml uv.lock | $(if $(findstring .uv/,$(UV)),.uv/bin/uv)
	$(UV) sync -q --frozen
	@touch $@

$(ASSETS): core/_assets.py core/assets/package-lock.json $(SOURCES) | .venv/.synced
	$(BIN)/python -m core._assets
	@touch $@
