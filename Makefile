# `make up` and `make test` need nothing but Python 3.11 or newer, git and make. `make help` lists the rest.
# Not from the environment: nobody destroys another stack by an exported STACK.
STACK := local
ARGS := stack
NAME :=
FROM := dev
PYTHON ?= python3
# As it was typed: URNs have dollar signs.
override ARGS := $(value ARGS)
export ARGS
BIN := .venv/bin
RUN := $(BIN)/python -m tools.stack

.DEFAULT_GOAL := help
.PHONY: help up outputs preview policy refresh drift down handover pulumi new-stack test newcomer check docs format lock

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s%s\n", $$1, $$2}'

up: .venv/runtime ## Bring the stack to its settings (STACK=local: the emulator, within this checkout)
	@$(RUN) up $(STACK)

outputs: .venv/runtime ## Say what the stack gives, what is pending, and what is left for a person
	@$(RUN) outputs $(STACK)

preview: .venv/runtime ## Show what `make up` would change
	@$(RUN) preview $(STACK)

policy: .venv/runtime policy/.venv/runtime ## The same, and fail where policy/ forbids something
	@$(RUN) policy $(STACK)

refresh: .venv/runtime ## Look for what has changed behind the stack's back
	@$(RUN) refresh $(STACK)

drift: .venv/runtime ## Say what has changed behind the stack's back, and fail if anything has; nothing is written
	@$(RUN) drift $(STACK)

down: .venv/runtime ## Destroy the stack but for what is kept, and stop the emulator
	@$(RUN) down $(STACK)

handover: .venv/runtime ## Hand the outputs to Segment's screens, by the clipboard (FIELD=email.subuser_api_key prints one)
	@$(RUN) handover $(STACK)

pulumi: .venv/runtime ## Any other command of the CLI: make pulumi ARGS='stack export'
	@$(RUN) pulumi $(STACK)

new-stack: .venv/runtime ## Write the settings of a new stack after another's: make new-stack NAME=qa [FROM=dev]
	@$(BIN)/python -m tools.new_stack '$(NAME)' '$(FROM)'

test: .venv/dev policy/.venv/runtime ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist loadscope

newcomer: .venv/dev ## README's first page, in a fresh clone of what is committed
	@$(BIN)/python -m pytest -x -m newcomer tests/test_newcomer.py

check: .venv/dev ## Lint, check types, run the tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

docs: .venv/runtime ## Write the references of resources and settings, and the schema of the settings
	@$(BIN)/python -m tools.reference
	@$(BIN)/python -m tools.settings_reference
	@$(BIN)/python -m tools.schema

format: .venv/dev ## Put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## Pin the whole closure of the requirements anew
	@rm -rf .venv constraints.txt && touch constraints.txt
	@$(PYTHON) -m venv .venv && $(BIN)/pip install --quiet -r requirements-dev.txt
	@$(BIN)/pip freeze > constraints.txt
	@rm -rf policy/.venv policy/constraints.txt && touch policy/constraints.txt
	@$(PYTHON) -m venv policy/.venv && policy/.venv/bin/pip install --quiet -r policy/requirements.txt
	@policy/.venv/bin/pip freeze > policy/constraints.txt

.venv/runtime: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=…")'
	@echo "installing requirements.txt into .venv" >&2
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) -m venv .venv; } || \
	  { rm -rf .venv; echo "Python's venv module is not complete: on Debian, apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: .venv/runtime requirements-dev.txt
	@echo "installing requirements-dev.txt into .venv" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

policy/.venv/runtime: policy/requirements.txt policy/constraints.txt
	@echo "installing policy/requirements.txt into policy/.venv" >&2
	@test -x policy/.venv/bin/pip || $(PYTHON) -m venv policy/.venv
	@policy/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r policy/requirements.txt
	@touch $@
