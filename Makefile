# make run         the workday, from this checkout; options of the program go in ARGS="..."
# make demo        a believable day, nothing saved
# make test check  what has to pass
# make torture     the store under processes that are killed, at every call and at every power cut; takes an hour
#
# All of them keep what they need in .venv, made on the first use and renewed when pyproject.toml changes.
# Another Python: make PYTHON=python3.12 run

PYTHON ?= python3
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check

.PHONY: run demo test check torture bench picture keys clean

run: $(VENV)/.installed
	@$(PY) -m huntertui $(ARGS)

demo: $(VENV)/.installed
	@$(PY) -m huntertui demo $(ARGS)

test: $(VENV)/.installed-dev
	@$(PY) -m pytest -q $(ARGS)

check: $(VENV)/.installed-dev
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m mypy

torture: $(VENV)/.installed-dev
	@$(PY) tests/crashpoints.py
	@$(PY) tests/powerloss.py --states 20000
	@$(PY) tests/torture.py --seconds 3600 --kills 10000 $(ARGS)

bench: $(VENV)/.installed-dev
	@$(PY) -m benchmarks
	@$(PY) -m benchmarks.peers
	@$(PY) -m benchmarks.store
	@$(PY) -m benchmarks.importing
	@$(PY) -m benchmarks.engines

picture: $(VENV)/.installed-dev
	@$(PY) docs/picture.py $(ARGS)

keys: $(VENV)/.installed
	@$(PY) docs/keys.py

clean:
	@rm -rf $(VENV) dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip byte-compiles what it installs, but not a checkout that it only points to.
$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	@$(INSTALL) -e .
	@$(PY) -m compileall -q huntertui
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.made
	@$(INSTALL) -e '.[dev]'
	@$(PY) -m compileall -q huntertui
	@touch $(VENV)/.installed $@

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "huntertui needs Python 3.11 or newer, and there is no $(PYTHON)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "huntertui needs Python 3.11 or newer, and this is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "If there is a newer one, name it: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@touch $@
