# Regulars: `make run` shows it, `make test` proves it. Python 3.11 or newer is all that a machine must have.
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export REFLEX_TELEMETRY_ENABLED := false
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
# How many tests run side by side
JOBS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(JOBS)

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test test-full attack mutants lint format bench lock

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' Makefile | expand -t 22

run: install ## a demo shop with real shopping, on http://localhost:3000
	$(BIN)/regulars demo --if-needed
	$(BIN)/regulars serve

install: ## .venv with what Regulars needs
	@sh bootstrap.sh run

install-dev: ## .venv with what the tests and checks need besides
	@sh bootstrap.sh dev

test: install-dev ## all tests, on SQLite and PostgreSQL, in a real browser
	@sh bootstrap.sh browser
	$(PYTEST)

test-full: install-dev ## the same, with the full histories and the long campaigns
	@sh bootstrap.sh browser
	$(PYTEST) --full -o faulthandler_timeout=3600

# `make attack FULL=` leaves the long campaigns out
FULL ?= --full
ATTACKS := tests/attack tests/app/test_limits.py tests/app/test_policy.py tests/ways/test_codes.py tests/ways/test_takeover.py \
	tests/members/test_erasure.py tests/cli/test_cut_audit.py
attack: install-dev ## the attacks in full: more than two hundred thousand hostile calls, and their counts
	$(PYTEST) $(FULL) -o faulthandler_timeout=3600 $(ATTACKS)

mutants: install-dev ## change the pure rules in thousands of small ways, and see whether a test notices
	$(BIN)/mutmut run --max-children $(JOBS)
	$(BIN)/python -m tests.mutants

lint: install-dev ## ruff, pyright, import-linter, and the rules of this house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/pyright -p .ci/pyright-shell.json
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/repo

format: install-dev ## let ruff put the code in order
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: install-dev ## the figures of speed, as a table and bench/results.json
	$(BIN)/regulars bench

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
lock: install-dev ## newer versions of everything, into the two locks
	$(COMPILE) --upgrade requirements.in -o requirements.lock
	$(COMPILE) --upgrade requirements-dev.in -o requirements-dev.lock
