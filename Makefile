# Two commands do everything: `make demo` and `make test`. Both start from Python 3.11+ alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint docs-test bench chaos clean

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (the first time takes some minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip setuptools wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e '.[all,dev]'
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/python tools/demo.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n 2

bench: $(STAMP)
	@for script in benchmarks/*.py; do $(BIN)/python $$script --quick || exit 1; done

# Kills processes at random while they send, on both databases; it takes long, and prints its seed.
chaos: $(STAMP)
	$(BIN)/python -m tests.chaos.long --database sqlite
	$(BIN)/python -m tests.chaos.long --database postgresql

clean:
	rm -rf $(VENV) build dist *.egg-info demo
