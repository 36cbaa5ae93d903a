# Everything starts here: `make run`, `make test`, `make help`.
# Needed beforehand: make and Python 3.11 or newer. All the rest goes into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
INSTALL_ITSELF := $(PIP) install --no-deps --no-build-isolation --editable .
STARTED := $(shell date +%s)
WORKERS ?= 2
ARGS ?=

# The first Python that is new enough; `make run PYTHON=/path/to/python3` names another.
ifndef PYTHON
PYTHON := $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$each" && break; done)
endif

# Debian's packages that the tests use when they are there.
TOOLS := chromium fonts-noto-core fonts-noto-cjk postgresql strace

SOURCES := tracker migrations tests

.PHONY: run
run: $(VENV)/.run ## install, then start on http://127.0.0.1:8000 with demo data (TRACKER_PORT, TRACKER_DATA_DIR)
	@exec $(VENV)/bin/tracker serve --asked-at $(STARTED)

.PHONY: test
test: $(VENV)/.dev tools ## install, then run every test but the long ones (ARGS="-k boards")
	@MAKE_STARTED=$(STARTED) $(PY) -m pytest -p tests.duration -n $(WORKERS) -m "not long and not bench" $(ARGS)

.PHONY: test-long
test-long: $(VENV)/.dev tools ## run every test, the long ones too
	@MAKE_STARTED=$(STARTED) TEST_LONG=1 $(PY) -m pytest -p tests.duration -n $(WORKERS) -m "not bench" -o faulthandler_timeout=3600 $(ARGS)

.PHONY: check
check: $(VENV)/.dev ## style, types, templates, architecture: the whole list
	@failed=""; for each in "ruff check ." "ruff format --check --quiet ." "pyright" \
		"djlint templates --lint --quiet" "pytest -q -p no:cacheprovider tests/test_architecture.py"; do \
		echo "== $$each"; $(PY) -m $$each || failed="$$failed [$$each]"; \
	done; \
	[ -z "$$failed" ] || { echo "Not in order:$$failed" >&2; exit 1; }

.PHONY: format
format: $(VENV)/.dev ## put Python into the house format
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

.PHONY: bench
bench: $(VENV)/.dev ## measure, one line of JSON per figure; fails below a bound
	@$(PY) -m tests.bench $(ARGS)

.PHONY: migration
migration: $(VENV)/.dev ## write the next migration from the models (m="what it does")
	@test -n "$(m)" || { echo 'Say what it does: make migration m="a partner has terms"' >&2; exit 2; }
	@rm -rf .make/migration && mkdir -p .make
	@TRACKER_DATA_DIR=.make/migration $(VENV)/bin/flask --app tracker.wsgi db upgrade
	@TRACKER_DATA_DIR=.make/migration $(VENV)/bin/flask --app tracker.wsgi db revision --autogenerate -m "$(m)"
	@$(PY) -m ruff check --fix --quiet migrations; $(PY) -m ruff format --quiet migrations
	@rm -rf .make/migration

.PHONY: translations
translations: $(VENV)/.dev ## gather the words to translate into tracker/translations/*/LC_MESSAGES/messages.po
	@mkdir -p .make
	@$(PY) -m babel.messages.frontend --quiet extract --mapping pyproject.toml \
		--keyword _l --keyword lazy_gettext --keyword lazy_ngettext:1,2 --keyword lazy_pgettext:1c,2 \
		--add-location file --sort-by-file --add-comments "Translators:" --width 100 \
		--project Throughline --copyright-holder "the Throughline authors" --msgid-bugs-address "" \
		--output-file .make/messages.pot tracker templates
	@for locale in zh_Hans zh_Hant fa; do \
		$(PY) -m babel.messages.frontend --quiet update --input-file .make/messages.pot \
			--output-dir tracker/translations --locale "$$locale" --init-missing \
			--ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --width 100 \
			2>.make/translations.log || { cat .make/translations.log; exit 1; }; \
	done

.PHONY: lock
lock: ## choose the versions again and write both lock files (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed to write the lock files." >&2; exit 1; }
	@set -e; options="--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --quiet $(ARGS)"; \
	uv pip compile pyproject.toml --group build $$options --output-file requirements.lock; \
	uv pip compile pyproject.toml --group dev --extra postgres --constraints requirements.lock \
		$$options --output-file requirements-dev.lock

.PHONY: tools
tools: ## let Debian install the browser, the fonts and the database of the tests (only as root)
	@missing=""; \
	if command -v dpkg >/dev/null; then \
		for package in $(TOOLS); do \
			dpkg -s "$$package" >/dev/null 2>&1 || missing="$$missing $$package"; \
		done; \
	fi; \
	if [ -z "$$missing" ]; then \
		:; \
	elif [ "$$(id -u)" != 0 ]; then \
		echo "Not installed:$$missing. Tests that need them say so and are skipped."; \
	else \
		echo "Installing$$missing ..."; mkdir -p .make; \
		{ apt-get update && DEBIAN_FRONTEND=noninteractive \
			apt-get install --yes --no-install-recommends $$missing; } >.make/apt.log 2>&1 \
		|| { tail -n 5 .make/apt.log; echo "Could not install$$missing; tests that need them say so and are skipped."; }; \
	fi

.PHONY: clean
clean: ## remove what make made; the data in instance/ stays
	rm -rf $(VENV) .make dist build .pytest_cache .ruff_cache .hypothesis
	find tracker tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

# What is installed is remembered by a stamp in the virtual environment.

$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL_ITSELF)
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.lock pyproject.toml
	@echo "Installing, with the tools of the tests ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(INSTALL_ITSELF)
	@touch $(VENV)/.run $@

# Some systems ship Python without ensurepip: then pip comes from outside.
$(VENV)/.made:
	@test -n "$(PYTHON)" || { \
		echo "Throughline needs Python 3.11 or newer, and none was found." >&2; \
		echo "Install one, or name it: make run PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Throughline needs Python 3.11 or newer; $(PYTHON) is none." >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { \
		echo "Making a virtual environment with $$("$(PYTHON)" --version) ..."; \
		"$(PYTHON)" -m venv --clear $(VENV) >/dev/null 2>&1 || true; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { \
		"$(PYTHON)" -m venv --clear --without-pip $(VENV) >/dev/null 2>&1 && { \
		"$(PYTHON)" -m pip --quiet --python $(PY) install pip >/dev/null 2>&1 \
		|| uv pip install --quiet --python $(PY) pip >/dev/null 2>&1; }; } \
	|| uv venv --quiet --clear --seed --python "$(PYTHON)" $(VENV) 2>/dev/null \
	|| { \
		echo "A virtual environment could not be made: this Python has neither ensurepip nor pip." >&2; \
		echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(VENV) was made by an older Python; 'make clean' removes it." >&2; exit 1; }
	@touch $@
