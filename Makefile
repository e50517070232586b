# `make demo` and `make test` set up everything they need in .venv; Python 3.11+ and make are all that must be there.

BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo chat test slow proof chaos bench lint types imports pytest format clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

setup: $(READY) ## set up .venv

demo: $(READY) ## play a recorded conversation against the sandbox service
	@$(BIN)/growqr demo

chat: $(READY) ## talk to the agent against the sandbox service
	@$(BIN)/growqr chat

test: lint types imports pytest ## every check: style, types, layers, tests with coverage

proof: $(READY) ## what the goldens reach and whether they notice a broken rule, against fixtures/floor.yaml; a minute
	$(BIN)/growqr golden coverage fixtures/conversations fixtures/messages --messages fixtures/messages/independent.jsonl --floor fixtures/floor.yaml
	$(BIN)/growqr golden mutate fixtures/conversations fixtures/messages --messages fixtures/messages/independent.jsonl --singles 0 --budget 60 --floor fixtures/floor.yaml
	$(BIN)/growqr rules lint --examples 500 --messages fixtures/messages/independent.jsonl --floor fixtures/floor.yaml

slow: $(READY) ## the tests that take longer: weights are fitted again, a local Ray is started, the wheel is installed
	$(BIN)/pytest -q -m "slow or wheel"

chaos: $(READY) ## 5,000 turns on each database while workers are killed and the database is restarted; a few minutes
	$(BIN)/python -m growqr_testkit.reliability.chaos --store postgres
	$(BIN)/python -m growqr_testkit.reliability.chaos --store sqlite

bench: $(READY) ## growqr beside other routers, each in its own environment; 20 minutes and 8 GB; CLINC150=PATH adds that
	nice $(BIN)/python bench/peers/run.py $(if $(CLINC150),--clinc $(CLINC150))

lint: $(READY)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

pytest: $(READY)
	$(BIN)/pytest -q -n auto --cov --cov-report=term:skip-covered

format: $(READY) ## format the code and repair what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove .venv and every cache
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first interpreter on PATH that is new enough and can make virtual environments.
$(READY): pyproject.toml
	@set -e; found=; \
	for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found=$$python; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'No Python 3.11 or newer with the venv module is on PATH.' >&2; \
	  echo 'Install one (on Debian or Ubuntu: apt install python3 python3-venv) and run make again.' >&2; \
	  exit 1; \
	fi; \
	echo "Setting up .venv with $$found ($$($$found -c 'import platform; print(platform.python_version())'))"; \
	[ -x $(BIN)/python ] && $(BIN)/python -c '' 2>/dev/null || $$found -m venv --clear .venv; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev; \
	touch $(READY)
