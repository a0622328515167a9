# What a person types. Everything lands in .venv, build and dist; the system's own Python is never touched.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup tools run test soak check bench package test-package lock translations clean

# The first Python on the path that is new enough.
PYTHON := $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$p -c 'import sys, venv; assert sys.version_info >= (3, 11); print("$p")' 2>/dev/null)))
# Hundreds of programs start in the tests: what Python has compiled is kept also where the environment says otherwise.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
# A file named after all that decides what the environment holds: another lock, Python or folder makes another name.
READY := $(VENV)/ready-$(shell { cat requirements/dev.txt pyproject.toml; $(PYTHON) -VV; pwd; } 2>&1 | sha256sum | cut -c1-16)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
DEV_LOCK := requirements/dev.txt

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 22

tools: $(READY)

$(READY):
	@if [ -z "$(PYTHON)" ]; then echo "Miratag needs Python 3.11 or newer (Debian, Ubuntu: sudo apt-get install python3 python3-venv)." >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then echo "$(PYTHON) has no venv. Debian, Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; fi
	@echo "Setting up $(VENV): the first time fetches about 250 MB and takes a minute or two."
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --only-binary :all: -r $(DEV_LOCK)
	@PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

setup: tools  ## the virtual environment and what Qt needs of the system
	@$(PYTHON) installer/system_packages.py app

run: setup  ## a server with a demo organization, and the app signed in to it; ARGS=--once ends after the round trip
	@$(BIN)/miratag demo $(ARGS)

# One more at a time than two cores have: half of the time tests wait.
test: tools  ## every test but the long ones
	@$(PYTHON) installer/system_packages.py tests
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not slow" $(ARGS)

soak: tools  ## the long tests, one at a time, and generated examples that make test does not try
	@$(PYTHON) installer/system_packages.py tests
	@$(BIN)/python -m pytest -q -m "slow or hypothesis" --hypothesis-profile others $(ARGS)

check: setup  ## style, types, imports and the rules of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q tests/unit/house

# Other log agents stand in an environment of their own; those that do not install are left out, and that is said.
PEERS := build/peers
build/peers/ready: requirements/bench.txt
	@rm -rf $(PEERS) && $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --no-input -qq install --require-hashes --only-binary :all: -r $< \
		|| echo "Peers of the log agent did not install; they are left out." >&2
	@touch $@

bench: setup build/peers/ready  ## measure ours beside peers; docs/performance.md tells how
	@$(PYTHON) installer/system_packages.py tests
	@$(BIN)/python -m bench $(ARGS)

package: tools  ## the desktop bundle and its Debian package, in dist/
	@$(PYTHON) installer/system_packages.py packaging
	@$(BIN)/python -m installer.package

test-package: package  ## install the package in a bare Debian 12, file a report, remove it (root only)
	@MIRATAG_PACKAGE="$$(ls -t dist/*.deb | head -1)" $(BIN)/python -m pytest -q tests/package

# One resolution for the first three; whoever takes client.txt or server.txt gets the versions that the tests ran with.
lock:  ## resolve the dependencies anew, with hashes
	@test -x build/uv/bin/uv || { $(PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet uv; }
	@export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	compile() { build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade "$$@"; }; \
	compile pyproject.toml --extra server --extra dev -o requirements/dev.txt; \
	compile pyproject.toml -c requirements/dev.txt -o requirements/client.txt; \
	compile pyproject.toml -c requirements/dev.txt --extra server -o requirements/server.txt; \
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"], sep="\n")' \
		| compile - -o requirements/bench.txt

# Reading the texts takes a newer Qt than the program may run with (pyproject.toml says why).
translations: tools  ## take new texts into the catalogues and compile them; ARGS=de begins a language
	@test -x build/linguist/lupdate || { $(PYTHON) -m venv build/linguist && build/linguist/bin/pip install --quiet pyside6-essentials==6.12.0 \
		&& ln -s "$$(build/linguist/bin/python -c 'import PySide6; print(PySide6.__path__[0])')/lupdate" build/linguist/lupdate; }
	@$(BIN)/python -m installer.translations $(ARGS)

clean:  ## remove what make made
	@rm -rf build dist $(VENV) .demo .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
