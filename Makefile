# `make` lists the commands; each does its own set-up.

PYTHON ?= python3
VENV := .venv/bin/python
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help python test-setup run test lint types bench screenshots check format lock messages clean clean-data

help: ## List the commands
	@echo "Open e-Mentoring"
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-18s %s\n' "$$name" "$$what"; done

python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make run PYTHON=python3.12"; exit 1; }

test-setup: python
	@$(PYTHON) scripts/setup.py test

run: python ## Set up and run the platform on this machine (PORT=8000)
	@$(PYTHON) scripts/setup.py run
	@$(VENV) scripts/run_local.py

test: test-setup ## Run the whole test suite, journeys in Chromium included (ARGS="-k diary -x")
	@$(VENV) -m pytest -n 2 --dist loadgroup $(ARGS)

lint: test-setup ## Check style and layers
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@.venv/bin/lint-imports

types: test-setup ## Check types
	@$(VENV) -m mypy

bench: test-setup ## Measure pages, PDFs and memory on PostgreSQL (takes minutes; ARGS=--quick for costs only)
	@$(VENV) scripts/bench.py $(ARGS)

screenshots: test-setup ## Write every page, role, width and language to var/screenshots/
	@$(VENV) scripts/screenshots.py $(ARGS)

check: python ## Do all that CI does: style, types, the suite, the suite on PostgreSQL, Redis and S3
	@bash .ci/run

format: test-setup ## Format the code and mend what can be mended
	@$(VENV) -m ruff check --fix .
	@$(VENV) -m ruff format .

lock: test-setup ## Write the locks of requirements/ from pyproject.toml (ARGS=--upgrade for newer versions)
	@for name in run dev node; do \
	  case $$name in run) what="pyproject.toml" ;; dev) what="pyproject.toml --group dev -c requirements/run.txt" ;; node) what="--group node" ;; esac; \
	  $(VENV) -m uv pip compile $$what --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
	    --custom-compile-command "make lock" $(ARGS) --output-file requirements/$$name.txt || exit 1; \
	done

messages: test-setup ## Compile the translations whose source changed
	@echo "  Compiled."

clean: ## Remove what set-up made; your data in var/ stays
	rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data: python ## Delete the demo's data in var/, after asking (YES=1 does not ask); keys and logs stay
	@$(PYTHON) scripts/clean_data.py
