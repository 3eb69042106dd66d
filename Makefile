# Two commands are enough for most: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PYTEST_ARGS ?=
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE) \
	--extra pdf --extra routes pyproject.toml

PREPARE = @command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: on Debian or Ubuntu run \`apt-get install python3 python3-venv\` (with sudo)." >&2; exit 1; }; \
	$(PYTHON) tools/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run test explore check bench lock assets docs format wheel

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; \
	do printf '  make %-8s %s\n' "$$name" "$$what"; done

run: ## prepare what is missing and serve on 127.0.0.1:8000 (HOST=… PORT=… to change)
	$(PREPARE) run

test: ## prepare what is missing and run every test (PYTEST_ARGS=… for some)
	$(PREPARE) test
	$(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST_ARGS)

explore: ## the property tests with ten times as many examples, other ones each time
	$(PREPARE) test
	CIVICWINDOW_EXAMPLES=explore $(BIN)/python -m pytest -n 2 -m hypothesis $(PYTEST_ARGS)

check: ## format, lint, types, layers, dead code, dependencies, templates, translations
	$(PREPARE) check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/vulture
	$(BIN)/deptry .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python tools/translations.py check
	$(BIN)/python -m tools.diagram check

bench: ## measure both databases against a bare endpoint and print the truth
	$(PREPARE) test
	$(BIN)/python -m bench.together
	$(BIN)/python -m bench.queueing
	$(BIN)/python -m bench.applying
	$(BIN)/python -m bench.board
	$(BIN)/python -m bench.repairs
	$(BIN)/python -m bench.repairs 1000000
	$(BIN)/python -m bench.nearby
	$(BIN)/python -m bench.register
	$(BIN)/python -m bench --people 1000000

lock: ## renew the locks after a change in pyproject.toml (UPGRADE=--upgrade for new versions)
	$(PREPARE) check
	$(LOCK) --group build --output-file requirements/run.lock
	$(LOCK) --group build --group dev --constraint requirements/run.lock \
		--output-file requirements/dev.lock

assets: ## build the browser's files and the translations
	$(PREPARE) assets

docs: ## write docs/workflow-*.md again from the workflows' tables
	$(PREPARE) check
	$(BIN)/python -m tools.diagram write

format: ## put the code into its one form
	$(PREPARE) check
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

wheel: ## build dist/*.whl with templates, migrations, assets and translations inside
	$(PREPARE) check
	$(BIN)/python -m build
