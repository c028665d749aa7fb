# Every target sets up what it needs by itself: only Python (3.11 or newer) and make must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Missing compiled files make every command start three times as slowly.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check format bench lock clean

demo: $(READY)            ## the main job on the embedded default: SQLite and a local store
	@$(BIN)/python -m docs.demo.demo

test: $(READY)            ## everything, against real servers that the tests start themselves
	@$(BIN)/python -m pytest -n auto --dist loadfile $(or $(PYTEST),--cov --cov-report=term)

check: $(READY)           ## format, lint, types, import contracts, docs, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@$(MAKE) --no-print-directory test

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)           ## tables of ratios; several minutes, and once half an hour to make a million items
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/bench.txt
	$(BIN)/python -m benchmarks

# Hashed, without the address of any registry: a universal resolution for every system and Python that we support.
lock: $(READY)
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	    --all-extras pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	    --all-extras pyproject.toml requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	    -c requirements/dev.txt requirements/bench.in -o requirements/bench.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	    requirements/tools.in -o requirements/tools.txt

# uv installs the locked set in seconds; pip needs minutes for it.
$(READY): requirements/dev.txt requirements/tools.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* dist build
