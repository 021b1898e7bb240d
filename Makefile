# From a checkout to figures: `make figures`. To the tests: `make test`. Both make the environment first.
#
#   PYTHON=python3.12     another Python (3.11 to 3.13)
#   INSTALLER=pip         plain pip; otherwise uv, which is fetched into .venv where there is none on the PATH

PYTHON ?= python3
INSTALLER ?= uv
BIN := .venv/bin

.PHONY: help figures test lab check lint types imports doctests environment names lock clean

help:
	@echo "make figures   the environment, the corpus, the notebooks, the figures"
	@echo "make test      the environment, the tests"
	@echo "make lab       JupyterLab on the notebooks"
	@echo "make check     lint, types, imports, doctests, environment"
	@echo "make names     toolkit/NAMES.md anew after a change of signatures or docstrings"
	@echo "make lock      requirements.lock anew after a change of dependencies in pyproject.toml"
	@echo "make clean     remove the environment and whatever else can be made again"

figures: .venv/.installed
	$(BIN)/framing fetch news-2017
	$(BIN)/framing reproduce

# Two processes; loadfile, so that what a file of tests builds once (a tokenised corpus, a fit) is built once.
test: .venv/.installed
	$(BIN)/python -m pytest -n 2 --dist loadfile

lab: .venv/.installed
	$(BIN)/framing lab

check: lint types imports doctests environment

lint: .venv/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.installed
	$(BIN)/mypy

imports: .venv/.installed
	$(BIN)/lint-imports

doctests: .venv/.installed
	$(BIN)/python -m pytest --doctest-modules toolkit

environment: .venv/.installed
	$(BIN)/python .ci/check_environment.py

names: .venv/.installed
	$(BIN)/python .ci/write_names.py

# --no-deps: the lock is complete, and BERTopic's own list would bring several GB of torch.
.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; (3, 11) <= v[:2] <= (3, 13) or sys.exit(f"The toolkit needs Python 3.11 to 3.13; $(PYTHON) is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12 test")'
	$(PYTHON) -m venv .venv
	@set -e; \
	uv=; \
	if [ "$(INSTALLER)" = uv ]; then \
	  uv=$$(command -v uv || true); \
	  if [ -z "$$uv" ] && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv; then uv=$(BIN)/uv; fi; \
	fi; \
	if [ -n "$$uv" ]; then \
	  echo "Installing what requirements.lock pins, through uv: about half a minute."; \
	  "$$uv" pip install --quiet --python $(BIN)/python --no-deps -r requirements.lock; \
	  "$$uv" pip install --quiet --python $(BIN)/python --no-deps -e .; \
	else \
	  echo "Installing what requirements.lock pins, through pip: about a minute and a half."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .; \
	fi
	@touch $@

# The pins that hold are kept; to renew them all: make lock UPGRADE=--upgrade
lock:
	@if command -v uv >/dev/null; then uv=uv; elif [ -x $(BIN)/uv ]; then uv=$(BIN)/uv; \
	else $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv && uv=$(BIN)/uv; fi; \
	$$uv pip compile --quiet --universal --no-header --no-annotate --extra test --extra data --extra lint $(UPGRADE) pyproject.toml -o requirements.lock
	@$(PYTHON) .ci/check_environment.py --stamp

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
