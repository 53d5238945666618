# `make help` lists what can be asked for. Every target does its own set-up; the second time is quick.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench bench-content bench-names bench-rescreen prove-rescreen load clean

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## make .venv with everything that development needs
	@scripts/setup dev

demo: ## a day of sample uploads and registrations through every role, in under a minute
	@scripts/setup base
	@.venv/bin/screening demo

lint: ## format, style, types, and the walls between the rooms
	@scripts/setup dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: lint ## lint, then every test, with a broker, a database and a Prometheus of their own
	@scripts/setup-broker
	@scripts/setup-postgres
	@scripts/setup-prometheus
	@scripts/setup-spark
	.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: ## measure on the real lists and texts, and write docs/measurements.md
	@scripts/setup dev
	.venv/bin/python tests/benchmarks/measure.py

bench-content: ## measure content screening against its floors, and write docs/measurements-content.md
	@scripts/setup dev
	.venv/bin/python tests/benchmarks/content.py

bench-names: ## measure name screening against its floors, and write docs/measurements-names.md
	@scripts/setup dev
	.venv/bin/python tests/benchmarks/names.py

bench-rescreen: ## measure what a re-screening costs at a million registrants, and write docs/measurements-rescreen.md
	@scripts/setup dev
	@scripts/setup-broker
	@scripts/setup-spark
	.venv/bin/python tests/benchmarks/rescreen_latency.py
	.venv/bin/python tests/benchmarks/rescreen_spark.py
	.venv/bin/python tests/benchmarks/rescreen.py

prove-rescreen: ## prove on real lists and texts that re-screening by the change equals judging all anew, and write the page
	@scripts/setup dev
	.venv/bin/python tests/benchmarks/prove.py

load: ## measure rate and latency of the pipeline on both logs, and write docs/measurements-load.md
	@scripts/setup dev
	@scripts/setup-broker
	.venv/bin/python tests/benchmarks/load.py

clean: ## remove what was made, the data directory and .venv apart
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
