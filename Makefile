# Two commands set everything up: `make demo` runs the first notebook, `make test`
# passes the tests. Both need Python 3.11+ and Node 20+ (name another Python with
# PYTHON=python3.13).

PYTHON ?= python3
BIN := .venv/bin
OUT := out
BUNDLES := $(addprefix timeline_nb/widgets/static/,loader.js timeline.js player.js overlay.js editor.js editorLater.js signIn.js permissions.js) \
  timeline_nb/server/labextension/static/remoteEntry.js

# Debian's packages, by root or through sudo.
APT_INSTALL = SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); $$SUDO apt-get update -qq && \
  $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq

# OpenCV's wheel needs two libraries that a server may lack.
OPENCV_NEEDS = $(BIN)/python -c "import cv2" 2>/dev/null || { $(APT_INSTALL) libgl1 libglib2.0-0; }

.PHONY: demo test test-all build lint front films hostile unit browser notebooks docs wheel plugins builds audit attacks bench lock release clean

demo: .venv/demo
	@mkdir -p $(OUT)
	cp notebooks/01_first_cut.ipynb $(OUT)/
	cd $(OUT) && ../$(BIN)/jupyter execute --inplace 01_first_cut.ipynb
	@echo
	@echo "The film:     $(CURDIR)/$(OUT)/traffic.mp4"
	@echo "The notebook: $(CURDIR)/$(OUT)/01_first_cut.ipynb"

# Two at a time, the long ones first, so that neither of two cores ends up idle.
test: .venv/test .venv/programs .venv/samples $(BUNDLES)
	@$(MAKE) --no-print-directory -j2 films unit hostile browser notebooks docs lint front audit wheel builds
	@echo "All checks passed."

build: $(BUNDLES)

# Environments

.venv/bin/python:
	# Debian and Ubuntu keep venv in a package of its own.
	$(PYTHON) -m venv .venv || { $(APT_INSTALL) python3-venv && $(PYTHON) -m venv --clear .venv; }
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

.venv/demo: .venv/bin/python $(BUNDLES) pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[demo]"
	@$(OPENCV_NEEDS)
	@touch $@

# The tests run on the releases of the lock, whose hashes pip checks.
.venv/test: .venv/bin/python $(BUNDLES) pyproject.toml .ci/requirements.txt
	$(BIN)/python -m pip install --quiet --require-hashes --requirement .ci/requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@$(OPENCV_NEEDS)
	@touch $@

widgets-js/node_modules/.package-lock.json: widgets-js/package-lock.json
	cd widgets-js && npm ci --no-fund --no-audit --loglevel=error

$(BUNDLES) &: widgets-js/node_modules/.package-lock.json widgets-js/build.mjs $(wildcard $(foreach depth,* */* */*/*,widgets-js/src/$(depth).ts widgets-js/src/$(depth).css))
	cd widgets-js && npm run --silent build

# Chromium shows the widgets, the ffmpeg program is what frames are compared with, melt
# renders what is exported, and the vault keeps its key in a real GNOME keyring where
# there is D-Bus. Plugins in C are built again where there is the compiler that built
# them, which Debian 12 has.
.venv/programs:
	@for program in chromium ffmpeg melt $(if $(shell command -v apt-get 2>/dev/null),gnome-keyring-daemon dbus-run-session secret-tool); do \
	  command -v $$program >/dev/null && continue; \
	  if command -v apt-get >/dev/null; then \
	    $(APT_INSTALL) chromium ffmpeg melt gnome-keyring dbus libsecret-tools || exit 1; break; \
	  fi; \
	  echo "The tests need chromium, ffmpeg and melt: brew install chromium ffmpeg mlt"; exit 1; \
	done
	@command -v firefox-esr firefox >/dev/null || ! command -v apt-get >/dev/null || { $(APT_INSTALL) firefox-esr; } || true
	@command -v wasm-ld-14 >/dev/null || ! command -v apt-get >/dev/null || { $(APT_INSTALL) clang-14 lld-14; } || true
	@mkdir -p .venv && touch $@

# What other programs wrote, for readers to be tried on.
.venv/samples: .venv/bin/python .ci/samples.txt
	@rm -rf $@
	$(BIN)/python -m pip download --quiet --no-deps --require-hashes --dest $@ \
	  --requirement .ci/samples.txt || { rm -rf $@; exit 1; }

# Checks

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture

front: $(BUNDLES)
	cd widgets-js && npm run --silent check && npm run --silent test

# Three parts of the tests that need no browser.
PYTEST = $(BIN)/python -m pytest -q -m "not whole and not browser"

films: .venv/test .venv/programs .venv/samples $(BUNDLES)
	$(PYTEST) tests/media

hostile: .venv/test .venv/programs $(BUNDLES)
	$(PYTEST) tests/attacks tests/soak tests/publishing

unit: .venv/test .venv/programs .venv/samples $(BUNDLES)
	$(PYTEST) --ignore tests/media --ignore tests/attacks --ignore tests/soak --ignore tests/publishing

# A test that fails is tried once more, and listed with what failed: see CONTRIBUTING.md.
browser: .venv/test .venv/programs $(BUNDLES)
	$(BIN)/python -m pytest -q -m "browser and not whole" -p no:cacheprovider \
	  --reruns 1 --rerun-show-tracebacks -raR

# The matrices whole, of which `make test` tries a part, and examples of properties that no
# run had before; half an hour more.
test-all: test
	$(BIN)/python -m pytest -q -m whole
	$(BIN)/python -m pytest -q -m "hypothesis and not whole" --hypothesis-profile=drawn

# Kills, mutated files, floods and races with their full numbers; hours.
attacks: .venv/test .venv/programs
	$(BIN)/python tests/attacks/run.py
	$(BIN)/python tests/soak/run.py

notebooks: .venv/test
	@rm -rf $(OUT)/nbval && mkdir -p $(OUT)/nbval
	cp notebooks/*.ipynb $(OUT)/nbval/
	cd $(OUT)/nbval && TIMELINE_NB_CACHE_DIR=cache ../../$(BIN)/python -m pytest -q \
	  -p no:cacheprovider -c ../../pyproject.toml --rootdir=. --nbval-lax .

# The site is built of a copy, in which the cells of its pages write their files. What ran
# already is taken from the cache.
SITE := $(OUT)/docs

docs: .venv/test .venv/programs $(BUNDLES)
	@rm -rf $(SITE)/source && mkdir -p $(SITE) && cp -r notebooks $(SITE)/source
	TIMELINE_NB_DOCS_RUN=cache TIMELINE_NB_DOCS_CACHE=$(CURDIR)/$(SITE)/cache \
	  TIMELINE_NB_CACHE_DIR=$(CURDIR)/$(SITE)/media $(BIN)/python -m sphinx -q -W --keep-going \
	  -b html -c $(SITE)/source/docs $(SITE)/source $(SITE)/html
	PYTHONPATH=tests $(BIN)/python tests/check_site.py $(SITE)/html
	@echo "The site: $(CURDIR)/$(SITE)/html/index.html"

wheel: .venv/test $(BUNDLES)
	@rm -rf $(OUT)/wheel && mkdir -p $(OUT)
	@# The wheel is built of the source archive, which so is known to be whole.
	$(BIN)/python -m build --outdir $(OUT)/wheel . > $(OUT)/build.log || { cat $(OUT)/build.log; exit 1; }
	$(BIN)/python -m twine check --strict $(OUT)/wheel/*
	$(BIN)/python tests/check_wheel.py $(OUT)/wheel
	$(BIN)/python tests/write_sbom.py $(OUT)/wheel

# Builds the plugins that come with the package anew.
plugins: .venv/test .venv/programs
	$(BIN)/python tests/plugin_builds.py --write

# The bytes of each plugin are those that its sources give.
builds: .venv/test .venv/programs
	$(BIN)/python tests/plugin_builds.py

# Known vulnerabilities are listed here, and stop a release.
audit: .venv/test widgets-js/node_modules/.package-lock.json
	$(BIN)/python tests/audit_dependencies.py

# Releases

lock: .venv/bin/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate \
	  --python-version 3.11 --custom-compile-command "make lock" --output-file .ci/requirements.txt \
	  pyproject.toml --all-extras --group test

# The changelog's top section names the version and its date; the commit is tagged at last.
release: test
	$(BIN)/python tests/audit_dependencies.py --strict
	@rm -rf $(OUT)/release && mkdir -p $(OUT)/release
	cp $(OUT)/wheel/* .ci/requirements.txt $(OUT)/release/
	cd $(OUT)/release && shasum -a 256 * > SHA256SUMS
	$(BIN)/python tests/check_release.py

bench: .venv/test
	@for script in import_time timeline_edits project_load detector tracker tables shots effects standard_edit smart_cut plugins server copies caches \
	    access index strips long_films scrub busy play timeline_draw editor_paint telemetry interchange; do \
	  printf '\n## `python tests/bench/%s.py`\n\n' $$script; \
	  $(BIN)/python tests/bench/$$script.py || exit 1; done

clean:
	rm -rf .venv out widgets-js/node_modules timeline_nb/widgets/static timeline_nb/server/labextension/static
