# Everything a fresh clone needs: Python 3.11 or later, and make. `make help` lists the targets.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ARGS ?=
SIZE ?= ci
SEED ?= 1

.PHONY: help run test hostile check bench listen release sounds docs pictures clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

run: $(VENV)/.run  ## open the app; make run ARGS="run upper-back-release --plain" passes arguments on
	@$(BIN)/timer-app $(ARGS)

# Hundreds of tests start the program, which is compiled for the first of them only, whatever the user's shell says.
test hostile: export PYTHONDONTWRITEBYTECODE =
# What is played to a real sound server is held to the millisecond, so that goes last, apart from what keeps the machine busy.
test: $(VENV)/.test  ## run the tests; with ARGS, run pytest with those arguments instead
ifeq ($(ARGS),)
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not sound_server"
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal -m sound_server
else
	$(BIN)/python -m pytest $(if $(findstring -m quick,$(ARGS)),--numprocesses auto) $(ARGS)
endif

hostile: $(VENV)/.test  ## break files, kill writers, and so on; SIZE=night tries all of it, SEED=7 something else
	TIMER_APP_HOSTILE_SIZE=$(SIZE) TIMER_APP_HOSTILE_SEED=$(SEED) $(BIN)/python -m pytest --numprocesses auto \
		--dist worksteal -m hostile $(ARGS)

check: $(VENV)/.check  ## check style, types (the program's also for Windows and macOS), and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & here=$$!; \
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 timer_app & windows=$$!; \
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin timer_app; macos=$$?; \
	wait $$here && wait $$windows && exit $$macos
	$(BIN)/lint-imports
	$(BIN)/python scripts/make_catalogues.py --check

bench: $(VENV)/.bench  ## measure speed and memory beside a peer; prints figures, passes or fails nothing
	PYTHONPATH=. OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/run.py $(ARGS)

listen: $(VENV)/.listen  ## measure voices, or with ARGS=sessions what exports sound like; fetches several gigabytes
	PYTHONPATH=. OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/listen.py $(ARGS)

release: $(VENV)/.release  ## build and check the wheel and the sdist in dist/, and run a session from the wheel
	$(BIN)/python scripts/release.py

sounds: $(VENV)/.run  ## make the cue sounds again
	$(BIN)/python scripts/make_sounds.py

docs: $(VENV)/.run  ## make the generated pages and the catalogues of texts again
	$(BIN)/python scripts/draw_architecture.py
	$(BIN)/python scripts/draw_moves.py
	$(BIN)/python scripts/draw_keys.py
	$(BIN)/python scripts/draw_settings.py
	$(BIN)/python scripts/make_schema.py
	$(BIN)/python scripts/make_catalogues.py

pictures: $(VENV)/.test  ## take the pictures of the docs again, or with ARGS=FOLDER each screen at five sizes; needs rsvg-convert, Chromium
	PYTHONPATH=. $(BIN)/python scripts/make_pictures.py $(ARGS)
	$(if $(ARGS),,PYTHONPATH=. $(BIN)/python scripts/make_page_pictures.py)

clean:  ## remove what the other targets made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "timer-app needs Python 3.11 or later; none was found"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) --group test
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(PIP) --group check
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	$(PIP) --group bench
	@touch $@

$(VENV)/.listen: $(VENV)/.run
	$(PIP) --editable '.[pico]'
	$(PIP) --group listen
	@touch $@

# The wheels are the program's dependencies, fetched here so that the release itself needs no network.
$(VENV)/.release: $(VENV)/.made pyproject.toml
	$(PIP) --group release
	rm -rf $(VENV)/wheels
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir $(VENV)/wheels .
	rm $(VENV)/wheels/timer_app-*.whl
	@touch $@
