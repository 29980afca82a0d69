# Two commands do everything: `make demo` and `make test`. Both start from Python 3.11+ alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-full programs lint site bench chaos clean

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (the first time takes some minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip setuptools wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e '.[all,dev,docs]'
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/python tools/demo.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pages below docs/ as a site in build/site. A page outside of the nav, or a dead link, is an error.
site: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

test: lint site
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# The same, where nothing may be left out: a test whose program or server is not there fails.
test-full: lint site programs
	CI=1 FULL_TESTS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup

# Debian's packages of what some tests need: a browser, a mail server's sink, RabbitMQ. Postfix is
# installed without a configuration, so that it does not start.
programs:
	@PATH="$$PATH:/usr/sbin"; lacking=""; \
	command -v chromium >/dev/null || lacking="$$lacking chromium"; \
	command -v smtp-sink >/dev/null || lacking="$$lacking postfix"; \
	command -v rabbitmq-server >/dev/null || lacking="$$lacking rabbitmq-server"; \
	test -n "$$lacking" || exit 0; \
	command -v apt-get >/dev/null || { echo "not installed, as there is no apt-get:$$lacking"; exit 0; }; \
	as_root=""; test "$$(id -u)" = 0 || as_root=sudo; \
	echo "postfix postfix/main_mailer_type select No configuration" \
	| $$as_root debconf-set-selections; \
	install="$$as_root env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y --no-install-recommends $$lacking"; \
	$$install || { $$as_root apt-get update && $$install; }

bench: $(STAMP)
	@for script in benchmarks/*.py; do $(BIN)/python $$script --quick || exit 1; done

# Kills processes at random while they send, on both databases; it takes long, and prints its seed.
chaos: $(STAMP)
	$(BIN)/python -m tests.chaos.long --database sqlite
	$(BIN)/python -m tests.chaos.long --database postgresql
	$(BIN)/python -m pytest -n 2 -m long tests/chaos

clean:
	rm -rf $(VENV) build dist *.egg-info demo
