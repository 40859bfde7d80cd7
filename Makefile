# Shorthands; bootstrap.py does the work, and is enough where make is missing.
PYTHON ?= python3
VENV_PYTHON = .venv/bin/python

.PHONY: run test check setup acceptance bench

run: ## set up what is missing, then serve the app
	$(PYTHON) bootstrap.py run

test check: ## ruff, mypy --strict, import-linter, pytest
	$(PYTHON) bootstrap.py test

setup: ## the environment, with the tools for development
	$(PYTHON) bootstrap.py setup --dev

acceptance: setup ## what needs ../shared or many minutes, then the benchmarks
	$(VENV_PYTHON) -m pytest -m acceptance
	$(MAKE) bench

bench: setup ## figures go to benchmarks/LOG.md
	$(VENV_PYTHON) -m benchmarks
