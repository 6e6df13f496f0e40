# Everything a newcomer needs: `make demo` and `make test` set themselves up.
# Uses uv where it is installed, else venv and pip. `make demo ARGS=--once` plays the tour in the terminal.

VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
# The first interpreter that TensorFlow has a build for.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
ifdef UV
  PIP_INSTALL := uv pip install --quiet --python $(BIN)/python
else
  PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: help install demo test test-postgres fuzz lint image audit format bench bench-long lock clean

help:
	@echo "make demo      the bot in a simulated Discord in your browser (ARGS=--once: a tour in the terminal)"
	@echo "make test      every test"
	@echo "make test-postgres  those that touch the database, on PostgreSQL"
	@echo "make fuzz      20,000 broken pictures through a worker, 500 through the bot (FILES=, BOT=, SEED=)"
	@echo "make lint      ruff, the import contracts, hadolint and pyright"
	@echo "make image     the bot's image without an engine: its steps in an empty environment"
	@echo "make bench     the measurements (DATA=folder to measure on); make bench-long: those that take two hours"
	@echo "make install   only the set-up, for running the bot: .venv/bin/koredare"

$(BIN)/python:
	@test -n "$(UV)$(PYTHON)" || { echo "Koredare needs Python 3.11, 3.12 or 3.13; none was found." >&2; exit 1; }
ifdef UV
	@uv venv --quiet --python '>=3.11,<3.14' $(VENV)
else
	@$(PYTHON) -m venv $(VENV)
endif

# One stamp per set of extras, renewed when what it depends on changes.
$(VENV)/.installed-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up ($*): the first time takes a minute or two."
	@$(PIP_INSTALL) -c constraints.txt -e '.[$*]'
	@$(BIN)/python -m ml.cascades
	@touch $@

install: $(VENV)/.installed-demo

demo: $(VENV)/.installed-demo
	@$(BIN)/koredare demo $(ARGS)

# Compiled modules are kept, also where they are not by default: the tests start hundreds of processes.
test: $(VENV)/.installed-dev
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 $(ARGS)

# All that touches the database, on a PostgreSQL that they start themselves; where there is none, a line that says so.
test-postgres: $(VENV)/.installed-dev
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --database postgres tests/bot/database tests/test_migrations.py tests/e2e $(ARGS)

# What fails is kept in build/fuzz, under its seed.
fuzz: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest tests/fuzz -q -s --fuzz-files $(or $(FILES),20000) --fuzz-bot $(or $(BOT),500) \
		--fuzz-seed $(or $(SEED),1) --fuzz-out build/fuzz $(ARGS)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@! test -x $(BIN)/hadolint || $(BIN)/hadolint Containerfile
	@$(BIN)/pyright

# The steps by which the bot's image is made, in an empty environment; no engine is needed.
image: | $(BIN)/python
	@$(BIN)/python .ci/image.py

# Vulnerabilities that are known of the versions in constraints.txt; without a network it only warns.
audit: | $(BIN)/python
	@$(BIN)/python .ci/audit.py

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# DATA=folder with faces/, unseen/, seed/, detection/, negatives/. The embedder that is measured on characters kept out of
# its training is made first, which takes twenty minutes once; killed, it goes on where it was.
HELD_OUT := build/held-out
LONG := trolls killing kills_of_workers scale soak
bench: $(VENV)/.installed-dev $(if $(DATA),$(HELD_OUT)/embedder.tflite)
	@for b in $(filter-out $(LONG),$(basename $(notdir $(wildcard benchmarks/[a-z]*.py)))); do \
		echo "== $$b"; $(BIN)/python benchmarks/$$b.py $(DATA) || exit 1; done
	@for b in $(if $(DATA),naming quality reviewing); do \
		echo "== $$b, characters kept out"; $(BIN)/python benchmarks/$$b.py $(DATA) --embedder $(HELD_OUT)/embedder.tflite || exit 1; done

# A server's history played through, hundreds of processes killed, a million faces, half an hour over a wire: two hours.
bench-long: $(VENV)/.installed-dev
	@for b in $(LONG); do echo "== $$b"; $(BIN)/python benchmarks/$$b.py $(DATA) || exit 1; done

$(HELD_OUT)/embedder.tflite: $(VENV)/.installed-pretrain
	@$(BIN)/python -m ml.pretraining finetune $(DATA)/faces --out $(HELD_OUT) --epochs 14 --exclude 'moe-*' 'screen-*'
	@$(BIN)/python -m ml.pretraining export --weights $(HELD_OUT)/embedder.npz --out $@

# No download addresses: the file names versions only.
lock: | $(BIN)/python
	@uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
		--extra demo --extra dev --extra dask --extra onnx --extra postgres --no-emit-package koredare pyproject.toml -o constraints.txt

clean:
	@rm -rf $(VENV) build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
