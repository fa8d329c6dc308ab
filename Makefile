# GNU make. Needs Python 3.11 or newer; everything else is installed into .venv.
#   make PYTHON=python3.12 demo     with another Python

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Only errors: what make prints on standard output is what the program prints.
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input

DATA := protocols/*.yaml formulary/*.yaml catalogue/*.yaml policies/*.yaml examples/sample-*.yaml
CASES := tests/cases/*.yaml

# Programs of others that read what protoplan writes; an environment of their own, so that what they
# need never changes what protoplan runs with.
FOREIGN := .venv-foreign
FOREIGN_TESTS := tests/foreign

# Programs that lock, list, audit and build, likewise.
EVIDENCE := .venv-evidence

# The fuzzer and what it looks at, likewise; atheris runs on Python 3.11.
FUZZ := .venv-fuzz

.DELETE_ON_ERROR:
.PHONY: help demo test test-foreign mutate mutate-quick lint check schemas hazards reference \
  pictures evidence corpus fuzz bench versions audit lock sbom reproducible clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.stamp-run ## print the plan of the first sample
	@$(BIN)/protoplan plan examples/sample-a.yaml

test: $(VENV)/.stamp-dev ## run the tests
	@$(BIN)/python -m pytest

test-foreign: $(VENV)/.stamp-dev $(FOREIGN)/.stamp-python $(FOREIGN)/.stamp-node $(FOREIGN)/.stamp-libical $(FOREIGN)/.stamp-poppler ## have programs of others read the calendars and sheets
	@$(BIN)/python -m pytest $(FOREIGN_TESTS)

mutate: $(VENV)/.stamp-dev ## try every mutant of what makes doses and days; takes hours, writes docs/evidence/mutation.json
	@$(BIN)/python -m tests.mutating --evidence

mutate-quick: $(VENV)/.stamp-dev ## try the mutants of a few functions, in about a minute
	@$(BIN)/python -m tests.mutating --quick

lint: $(VENV)/.stamp-dev ## check style and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

check: $(VENV)/.stamp-run ## check every data file and run the cases
	@$(BIN)/protoplan check $(DATA)
	@$(BIN)/protoplan test $(CASES)

schemas: $(VENV)/.stamp-run ## write schemas/ anew, after a change of the readers
	@$(BIN)/python -m protoplan.schemas

hazards: $(VENV)/.stamp-run ## write docs/hazards.md anew, after a change of docs/hazards.yaml
	@$(BIN)/python -m tests.hazards

reference: $(VENV)/.stamp-run ## write docs/reference/ anew, after a change of codes or commands
	@$(BIN)/python -m tests.reference

evidence: $(VENV)/.stamp-dev ## write docs/evidence.md anew; KINDS="tests hazards" runs these first
	@$(BIN)/python -m tests.gathering $(KINDS)

bench: $(VENV)/.stamp-dev ## measure beside other programs, side by side; a few minutes
	@if command -v npm >/dev/null; then cd benchmarks/encender && npm ci --silent --ignore-scripts >&2; fi
	@$(BIN)/python -m benchmarks.run
	@$(BIN)/python -m tests.gathering benchmarks

corpus: $(VENV)/.stamp-dev ## judge every file of the corpus of harmed ones (about an hour)
	@CORPUS_OF_EACH=all $(BIN)/python -m tests.gathering corpus

SECONDS_OF_FUZZ ?= 300

fuzz: $(VENV)/.stamp-dev $(FUZZ)/.stamp ## hunt for texts that no reader foresaw, for SECONDS_OF_FUZZ
	@SECONDS_OF_FUZZ=$(SECONDS_OF_FUZZ) $(BIN)/python -m tests.gathering fuzz

versions: $(EVIDENCE)/.stamp ## run tests with the lowest and the highest versions of dependencies
	@$(EVIDENCE)/bin/python -m tests.versions

audit: $(EVIDENCE)/.stamp ## ask for known vulnerabilities of what is locked; fails if nobody answers
	@$(EVIDENCE)/bin/python -m tests.audit

lock: $(EVIDENCE)/.stamp ## write requirements/ anew with the highest versions; then make sbom
	@$(EVIDENCE)/bin/python -m tests.locks lock

sbom: $(EVIDENCE)/.stamp ## write requirements/sbom.json anew, of what is locked to run
	@$(EVIDENCE)/bin/python -m tests.locks sbom

reproducible: $(EVIDENCE)/.stamp ## build the last commit twice and compare the bytes
	@$(EVIDENCE)/bin/python -m tests.builds

pictures: $(VENV)/.stamp-dev ## draw docs/pictures anew; needs pdftoppm (poppler-utils)
	@$(BIN)/python docs/pictures/draw.py

clean: ## remove what was made
	@rm -rf $(VENV) $(FOREIGN) $(EVIDENCE) $(FUZZ) $(FOREIGN_TESTS)/node_modules benchmarks/encender/node_modules build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find src tests -type d -name __pycache__ -prune -exec rm -rf {} +

# The environment, what is needed to run, what is needed to develop: each on top of the one before,
# so that `make -j` never lets two pips into one environment.

$(VENV)/.stamp-venv:
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { \
	  echo "There is no '$(PYTHON)' here. protoplan needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "protoplan needs Python 3.11 or newer, and '$(PYTHON)' is $$('$(PYTHON)' --version 2>/dev/null || echo 'not one that runs'). Name another: make PYTHON=/path/to/python3.11" >&2; \
	  exit 1; }
	@echo "Setting up $(VENV) (once; this takes a little while) ..." >&2
	@'$(PYTHON)' -m venv --clear $(VENV) >&2 || { \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu the package python3-venv brings what it needs." >&2; \
	  exit 1; }
	@$(PIP) install --upgrade 'pip>=25.1' >&2
	@touch $@

$(VENV)/.stamp-run: $(VENV)/.stamp-venv pyproject.toml
	@echo "Installing protoplan ..." >&2
	@$(PIP) install --editable . >&2
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-run pyproject.toml
	@echo "Installing the tools for tests and checks ..." >&2
	@$(PIP) install --editable . --group dev >&2
	@touch $@

$(FUZZ)/.stamp: $(VENV)/.stamp-venv pyproject.toml
	@echo "Installing the fuzzer in $(FUZZ) ..." >&2
	@'$(PYTHON)' -m venv --clear $(FUZZ) >&2
	@$(FUZZ)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input \
	  install --editable . 'atheris>=3,<4' >&2
	@touch $@

$(EVIDENCE)/.stamp: $(VENV)/.stamp-venv pyproject.toml
	@echo "Installing the tools for evidence in $(EVIDENCE) ..." >&2
	@'$(PYTHON)' -m venv --clear $(EVIDENCE) >&2
	@$(EVIDENCE)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input \
	  install --upgrade 'pip>=25.1' >&2
	@$(EVIDENCE)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input \
	  install --editable . --group evidence >&2
	@touch $@

# Programs of others: Python packages, npm packages by their lock file, and libical with a small
# reader in C. One after the other, as above.

$(FOREIGN)/.stamp-python: $(VENV)/.stamp-venv $(FOREIGN_TESTS)/requirements.txt
	@echo "Installing calendar programs of others in $(FOREIGN) ..." >&2
	@'$(PYTHON)' -m venv --clear $(FOREIGN) >&2
	@$(FOREIGN)/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input \
	  install --requirement $(FOREIGN_TESTS)/requirements.txt >&2
	@touch $@

$(FOREIGN)/.stamp-node: $(FOREIGN)/.stamp-python $(FOREIGN_TESTS)/package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { \
	  echo "test-foreign needs Node.js 20 or newer with npm, for ical.js and its kin." >&2; exit 1; }
	@cd $(FOREIGN_TESTS) && npm ci --silent --ignore-scripts >&2
	@touch $@

$(FOREIGN)/.stamp-libical: $(FOREIGN)/.stamp-python $(FOREIGN_TESTS)/readers/libical.c
	@pkg-config --exists libical 2>/dev/null || { \
	  command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && { \
	  echo "Installing libical-dev ..." >&2; \
	  apt-get update -qq >&2 && apt-get install -qq -y --no-install-recommends libical-dev pkg-config >&2; }; } || { \
	  echo "test-foreign needs libical and pkg-config; on Debian: apt-get install libical-dev pkg-config" >&2; exit 1; }
	@$(CC) -Wall -o $(FOREIGN)/bin/read-libical $(FOREIGN_TESTS)/readers/libical.c \
	  $$(pkg-config --cflags --libs libical)
	@touch $@

$(FOREIGN)/.stamp-poppler: $(FOREIGN)/.stamp-libical
	@command -v pdftotext >/dev/null || { \
	  command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && { \
	  echo "Installing poppler-utils ..." >&2; \
	  apt-get update -qq >&2 && apt-get install -qq -y --no-install-recommends poppler-utils >&2; }; } || { \
	  echo "test-foreign needs pdftotext; on Debian: apt-get install poppler-utils" >&2; exit 1; }
	@touch $@
