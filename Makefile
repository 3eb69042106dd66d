# Two commands are enough for most: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PYTEST_ARGS ?=
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE) pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock assets format wheel

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; \
	do printf '  make %-8s %s\n' "$$name" "$$what"; done

run: ## prepare what is missing and serve on 127.0.0.1:8000 (HOST=… PORT=… to change)
	@$(PYTHON) tools/bootstrap.py run

test: ## prepare what is missing and run every test (PYTEST_ARGS=… for some)
	@$(PYTHON) tools/bootstrap.py test
	$(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST_ARGS)

check: ## format, lint, types, layers, dead code, dependencies, templates, translations
	@$(PYTHON) tools/bootstrap.py check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python tools/translations.py check

bench: ## measure both databases against a bare endpoint and print the truth
	@$(PYTHON) tools/bootstrap.py test
	$(BIN)/python -m bench

lock: ## renew the locks after a change in pyproject.toml (UPGRADE=--upgrade for new versions)
	@$(PYTHON) tools/bootstrap.py check
	$(LOCK) --group build --output-file requirements/run.lock
	$(LOCK) --group build --group dev --constraint requirements/run.lock \
		--output-file requirements/dev.lock

assets: ## build the browser's files and the translations
	@$(PYTHON) tools/bootstrap.py assets

format: ## put the code into its one form
	@$(PYTHON) tools/bootstrap.py check
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

wheel: ## build dist/*.whl with templates, migrations, assets and translations inside
	@$(PYTHON) tools/bootstrap.py check
	$(BIN)/python -m build
