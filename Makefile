# The Painter and the Forger. `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PAGE := _build/html/book/intro.html

# which pictures the book uses: sketch (drawn, the default), cifar10, a folder, a zip; and which
# class of them, if not all. Notebooks run in their own folder, so a path is made absolute.
DATA ?= sketch
CLASS ?=
export GAN_LESSONS_DATA := $(if $(wildcard $(DATA)),$(abspath $(DATA)),$(DATA))
export GAN_LESSONS_CLASS := $(CLASS)
# oneDNN is off by default on some processors; with it a training step takes half the time
export TF_ENABLE_ONEDNN_OPTS ?= 1
export TF_CPP_MIN_LOG_LEVEL ?= 2
# how many tests run at once
JOBS ?= 2
export PYTHONHASHSEED := 0
export PYDEVD_DISABLE_FILE_VALIDATION := 1

.DEFAULT_GOAL := help
.PHONY: help setup book sbom licences twice test test-all test-newest test-oldest test-colab lint notebooks slides nbgrader bundle test-bundle lab serve train clean pins

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## make .venv with the pinned requirements and the package

$(VENV)/.pinned: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" \
	  || { echo "$(PYTHON) is not Python 3.11, 3.12 or 3.13: name one, such as make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.ready: $(VENV)/.pinned pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

book: setup  ## build the book; every notebook runs, the first that fails fails the build
	rm -rf _build
	$(BIN)/jupyter-book build -W --keep-going --all .
	@echo "Open file://$(CURDIR)/$(PAGE)"

test: setup lint  ## run all tests, every notebook among them
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder --durations=20

test-colab:  ## run every notebook with Colab's versions, alone in an empty folder (downloads 1 GB once)
	$(PYTHON) tools/colab.py

test-newest:  ## run the tests with the newest releases allowed (downloads 1 GB once)
	$(PYTHON) tools/environments.py newest

test-oldest:  ## run the tests with the oldest releases allowed (downloads 1 GB once)
	$(PYTHON) tools/environments.py oldest

test-all: test test-oldest test-newest test-colab test-bundle  ## run everything there is to run (hours)

sbom: setup  ## list every part, with version, licence and hash, as CycloneDX JSON in dist/
	$(BIN)/python tools/sbom.py

licences: setup  ## write LICENSES/third-party.md anew, after make pins or a change in vendor/
	$(BIN)/python tools/licences.py

twice: setup  ## build the pages twice and compare (twice the book in full: tools/twice.py --full)
	$(BIN)/python tools/twice.py

lint: setup  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check gan_lessons tools tests
	$(BIN)/mypy

notebooks: setup  ## put the set-up cell into every notebook, strip outputs, make the exercises
	$(BIN)/python tools/notebooks.py --write
	$(BIN)/python tools/exercises.py

slides: setup  ## make the teacher's slides, one page for the browser, from the course's figures
	$(BIN)/python tools/slides.py

nbgrader: setup  ## make an nbgrader course out of the exercises, in marks/
	$(BIN)/python tools/nbgrader.py --out marks

bundle: setup  ## put course, book and wheels into dist/, for a USB stick (FOR="--platform windows --python 3.12")
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python tools/bundle.py $(FOR)

test-bundle: bundle  ## install from dist/ without a network, outside this folder, and paint a frog
	GAN_LESSONS_BUNDLE=dist/painter-and-forger $(BIN)/python -m pytest tests/test_bundle.py -s

lab: setup  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab book

serve: setup  ## serve the built book on this machine
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

train: setup  ## train on DATA into runs/DATA; run it again to go on
	$(BIN)/gan-lessons train --data "$(GAN_LESSONS_DATA)" $(if $(CLASS),--class "$(CLASS)") --run "runs/$(notdir $(basename $(DATA)))"

pins:  ## compile requirements.txt from requirements.in again
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	  --no-emit-index-url --no-annotate --custom-compile-command "make pins" \
	  requirements.in -o requirements.txt

clean:  ## remove everything that was built; runs stay
	rm -rf _build $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache
