# Everything a person or a machine does with this project starts here: `make help`.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
export NAKAMAWA_DATA_DIR ?= var
# What is imported is compiled once and kept, also where the environment would have every start compile it again.
export PYTHONDONTWRITEBYTECODE :=
PORT ?= 8000
HOST ?= 127.0.0.1
MODEL := $(NAKAMAWA_DATA_DIR)/models/multilingual-e5-small
# Node's npm where there is one, else the one that the development packages bring.
NPM = $(shell command -v npm || echo "$(CURDIR)/$(BIN)/npm")
# The tests never see the settings of the person who runs them.
CLEAN_ENV := env -u NAKAMAWA_ENVIRONMENT -u NAKAMAWA_DATABASE_URL -u NAKAMAWA_DEMO -u NAKAMAWA_SECRET_KEY -u NAKAMAWA_ENCODER

say = @printf '\n== %s\n' "$(1)"

.PHONY: help setup assets model migrate run test lint types browser journeys unit bench quality screenshots fmt clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/.installed static/vendor/.installed ## Install Python packages and browser libraries
assets: static/vendor/.installed
model: $(MODEL)/checksums.json ## Build the language model into the data folder (once)

.venv/.installed: requirements.lock pyproject.toml
	$(call say,Python packages (this takes a few minutes))
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	# What is imported is compiled then: most files of these packages never are.
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -r requirements.lock "torch==2.13.0"
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

static/vendor/.installed: package-lock.json | .venv/.installed
	$(call say,Browser libraries)
	PATH="$(CURDIR)/$(BIN):$$PATH" "$(NPM)" ci --ignore-scripts --no-audit --no-fund
	rm -rf static/vendor
	mkdir -p static/vendor/leaflet
	cp node_modules/htmx.org/dist/htmx.min.js static/vendor/
	cp -R node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css node_modules/leaflet/dist/images static/vendor/leaflet/
	rm -rf node_modules
	touch $@

$(MODEL)/checksums.json: | .venv/.installed
	$(call say,Language model)
	$(BIN)/python -m matching.encoders.e5 "$(MODEL)"

migrate: setup ## Bring the database to the newest shape
	$(BIN)/nakamawa migrate

run: export NAKAMAWA_DEMO ?= true
run: setup model ## Set up everything and serve with demo data on http://127.0.0.1:8000
	$(call say,Database and demo data)
	$(BIN)/python -m seed
	$(call say,Serving on http://$(HOST):$(PORT))
	$(BIN)/nakamawa serve --with-worker --host $(HOST) --port $(PORT)

# Side by side, because tests wait for browsers and servers a part of their time; each says what it found when it is done.
# Style and types begin while the model is still being made.
test: setup ## Set up, check and test everything
	$(call say,Style, types, journeys and all other tests side by side; each but the last says at its end what it found)
	$(MAKE) --no-print-directory --jobs=3 --output-sync=target unit journeys lint types
	$(call say,All passed)

lint: setup ## Style of Python and templates
	$(call say,Style)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

types: setup ## Types, strictly
	$(call say,Types)
	$(BIN)/mypy

browser: setup
	$(call say,Browser for the tests)
	bash tests/browser/install.sh

# A process of their own: a browser's event loop stays in it, and the language model is loaded once.
journeys: setup model browser
	$(call say,Journeys in a real browser and the graded sets)
	$(CLEAN_ENV) OMP_NUM_THREADS=1 $(BIN)/pytest tests/browser tests/quality

# More processes than the smallest machine has cores: these tests wait for databases, programs and timeouts a part of their
# time. They let the browser go first: each of its many small steps would wait for a core, and the journeys take three
# times as long. The plus lets its progress be seen while the output of the others is held back until they are done.
unit: setup model
	$(call say,All other tests on SQLite and on PostgreSQL)
	+$(CLEAN_ENV) OMP_NUM_THREADS=1 nice $(BIN)/pytest --numprocesses 3 --dist worksteal --ignore tests/browser --ignore tests/quality

quality: setup model ## Measure the ranking on the graded sets
	$(CLEAN_ENV) $(BIN)/pytest -m quality -s -p no:randomly tests/quality

bench: setup model ## Measure speed and memory with all the workshops of the 23 wards
	$(CLEAN_ENV) $(BIN)/python -m bench

screenshots: setup model browser ## Take the pictures of the README anew
	$(CLEAN_ENV) $(BIN)/python -m tests.browser.screenshots docs/screenshots

fmt: setup ## Put the source into its usual shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what the set-up made; the data folder stays
	rm -rf .venv static/vendor node_modules *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
