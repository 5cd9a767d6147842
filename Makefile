# The only list of commands. Each is quick the second time.
#
#   make lab      install, build, open JupyterLab with the first notebook (OPEN=no: no browser)
#   make test     all tests
#   make check    everything that is checked without running the product
#   make gen      write the generated files anew
#   make build    engine, widget bundle, lab extension
#   make wheel    sdist and wheel into dist/
#   make notebooks  run the notebooks and keep what they show
#   make bench    measure, and write tests/bench/RESULTS.md
#   make faults   kill the server, fail its disk and cut its lines, hundreds of times
#   make hostile  attack it with a million frames, and with whatever else is known to harm
#   make lock     pin the newest versions that fit into .ci/requirements.txt

PYTHON ?= python3
VENV ?= .venv
OPEN ?= yes
TESTS ?= tests
SHARED = $(or $(CELLISSIMO_SHARED),../shared/data)

BIN := $(VENV)/bin
PY := $(BIN)/python
# Node of the system, or else the one that the virtual environment got from PyPI.
NODE = $(shell $(PY) -c 'import hatch_build; print(hatch_build.find_node())')
export PATH := $(abspath $(BIN)):$(PATH)

GENERATED := extension/src/gen kernel_lib/cellissimo/schema/generated \
             kernel_lib/cellissimo/native/csrc/layout.h \
             kernel_lib/cellissimo/native/csrc/grooves.h tests/parity/images.json tests/parity/times.json tests/parity/policy.json tests/parity/wire.json tests/parity/anchors.json \
             docs/openapi.json docs/server.md

.PHONY: lab notebooks test check gen build wheel bench faults hostile lock install clean \
        check-style check-types check-arrows check-generated check-typescript test-typescript test-notebooks test-python

install: $(VENV)/.installed

$(VENV)/.installed: .ci/requirements.txt pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r .ci/requirements.txt
	command -v npm >/dev/null || { \
	  $(PY) -m pip install --quiet --disable-pip-version-check \
	    "$$($(PY) -c 'import hatch_build; print(hatch_build.NODE_REQUIREMENT)')"; \
	  ln -sf "$$($(PY) -c 'import hatch_build; print(hatch_build.find_node())')" $(BIN)/node; }
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	mkdir -p $(VENV)/share/jupyter/labextensions/@cellissimo
	ln -sfn $(CURDIR)/extension/labextension $(VENV)/share/jupyter/labextensions/@cellissimo/lab
	mkdir -p $(VENV)/etc/jupyter/jupyter_server_config.d
	ln -sfn $(CURDIR)/jupyter_config/jupyter_server_config.d/cellissimo_server.json \
	  $(VENV)/etc/jupyter/jupyter_server_config.d/cellissimo_server.json
	touch $@

build: install
	$(PY) hatch_build.py

lab: build
	$(BIN)/jupyter lab $(if $(filter no,$(OPEN)),--no-browser) \
	  $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/01_first_beat.ipynb

gen: install
	$(PY) -m cellissimo.schema.generate
	$(PY) -m cellissimo.notation.generate
	$(PY) -m tests.parity.generate_images
	$(PY) -m tests.parity.generate_times
	$(PY) -m tests.parity.generate_policy
	$(PY) -m tests.parity.generate_wire
	$(PY) -m tests.parity.generate_anchors
	$(PY) -m cellissimo_server.generate
	@if test -d "$(SHARED)/chords"; then $(PY) -m tests.parity.generate_chords; else \
	  echo "tests/parity/chords.json is left as it is: it needs the chord sheets in $(SHARED)"; fi

check: check-style check-types check-arrows check-generated check-typescript

check-style: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check

check-types: install
	$(BIN)/mypy

check-arrows: install
	$(BIN)/lint-imports

check-generated: gen
	@changed="$$(git status --porcelain -- $(GENERATED))"; test -z "$$changed" || \
	  { git diff -- $(GENERATED); echo "not as committed: $$changed"; \
	    echo "run 'make gen' and commit the result"; exit 1; }

check-typescript: build
	cd extension && $(NODE) node_modules/typescript/bin/tsc
	cd extension && $(NODE) node_modules/oxlint/bin/oxlint --deny-warnings

test: test-typescript test-notebooks test-python

test-typescript: build
	$(NODE) extension/scripts/test.mjs

# Twice: what the first run leaves behind must not matter to the second.
test-notebooks: build
	$(PY) -m pytest --quiet -p no:randomly -p tests.notebook_server --nbval notebooks
	$(PY) -m pytest --quiet -p no:randomly -p tests.notebook_server --nbval notebooks

# The tests of a file stay together: they share its servers and browsers.
test-python: build
	$(PY) -m pytest -n logical --maxprocesses 4 --dist loadfile $(TESTS)

notebooks: build
	$(PY) -m tests.execute_notebooks

bench: build
	$(PY) -m tests.bench

faults: build
	CELLISSIMO_LONG=1 $(PY) -m pytest -s tests/faults tests/properties/test_rooms_converge.py

hostile: build
	CELLISSIMO_LONG=1 $(PY) -m pytest -s tests/hostile

wheel: install
	rm -rf dist
	$(PY) -m build --no-isolation

lock: install
	$(PY) -m pip install --quiet --upgrade --group dev -e '.[audio,client,lab,postgres,s3,server]'
	$(PY) -m pip freeze --exclude-editable > .ci/requirements.txt

clean:
	rm -rf build dist extension/lib extension/labextension extension/node_modules .cache
	rm -rf kernel_lib/cellissimo/widgets/static kernel_lib/cellissimo/native/engine.wasm
