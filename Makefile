# GNU make 3.81 syntax (macOS). Prerequisites: git, make, Python >= 3.11.
export UV_FROZEN := 1
export UV_PYTHON_DOWNLOADS := never
UV_VERSION := 0.13.9
PYTHON ?= python3
FIND_UV := PATH="$$PATH:$(CURDIR)/.bootstrap/bin"
RUN := $(FIND_UV) uv run --no-sync
TEAM ?= demo

.DEFAULT_GOAL := help
.PHONY: help install demo test check slow bench notebooks facts report lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

install:  ## install everything from uv.lock, checked by hash
	@UV_VERSION=$(UV_VERSION) PYTHON=$(PYTHON) sh .ci/bootstrap
	@echo "installing from uv.lock (some hundred MB on the first run)"
	@$(FIND_UV) uv sync --quiet

demo: install  ## run the main job on params/demo.yaml and print the report's path (no key, no GPU)
	@$(RUN) playbook run params/demo.yaml --out reports

test: install  ## run all tests: unit, notebooks, browser
	@$(RUN) pytest

check: install  ## format, lint, types, import layers, sizes, facts
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) pytest -q -p no:cacheprovider tests/house
	$(RUN) playbook facts check --allow-findings  # findings come with age; broken facts fail

slow: install  ## the long proofs: no network, kill -9, fresh clone
	@$(RUN) pytest -m slow

bench: install  ## benchmarks against named peers; results in tests/benchmarks/results
	@$(RUN) python -m tests.benchmarks

notebooks: install  ## run the six notebooks as tests
	@$(RUN) pytest notebooks

facts: install  ## check the facts: references, sources, prices, age, ends that touch a team
	@$(RUN) playbook facts check

report: install  ## re-render the latest report of TEAM=demo from its JSON
	@$(RUN) playbook report reports/$(TEAM)/latest

lock:  ## resolve uv.lock again, against the public index only
	$(FIND_UV) env -u UV_FROZEN -u UV_DEFAULT_INDEX -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS uv lock

clean:  ## remove the environment, caches and reports
	rm -rf .venv .bootstrap .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find reports -mindepth 1 -maxdepth 1 ! -name README.md ! -name '*.png' -exec rm -rf {} +
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
