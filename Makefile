# Each target does its own set-up first. When nothing is missing, that is quick and needs no network.

BIN := .venv/bin

# The tests start hundreds of Python processes. Without its bytecode, each would compile the whole house again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow campaign crowd noise damage lint bench soak screens words reword lock clean

help:
	@echo "make demo     the whole product on this machine (AT=2026-11-24T09:14, PORT=8081, SIZE=800x480)"
	@echo "make test     every test but the long forms (ARGS='-k journal' goes to pytest; ARGS=--cov prints coverage)"
	@echo "make test-slow the long forms: every size, every language, thousands of rounds"
	@echo "make campaign thousands of faults between kiosk and register (ROUNDS=1000, SEED=7, DATABASE=postgresql)"
	@echo "make crowd    thousands of visits with cards tapped at random instants (JOURNEYS=2000, SEED=7)"
	@echo "make noise    cards mixed with noise through every reader's parser (BYTES=10000000, SEED=7)"
	@echo "make damage   thousands of damages to a kiosk's journal, each opened again (ROUNDS=2000, SEED=7; ENCRYPTED=1)"
	@echo "make setup    installs what demo and test need"
	@echo "make lint     style, types and import contracts"
	@echo "make bench    performance, each figure beside a yardstick"
	@echo "make soak     thousands of journeys at the real window; fails when memory grows (JOURNEYS=2000)"
	@echo "make screens  pictures of every screen in every language, in pictures/ (ARGS='--language ur --only home')"
	@echo "make words    the languages' catalogues: extracted from the code, updated, compiled"
	@echo "make reword   change a sentence of the screens everywhere (OLD='Back' NEW='Go back')"
	@echo "make lock     resolves pyproject.toml into locks/*.txt (UPGRADE=1 takes the newest versions)"
	@echo "make clean    removes everything that the other targets made"

setup:
	@deploy/setup.sh demo test

demo:
	@deploy/setup.sh demo
	@exec $(BIN)/latebook demo $(if $(AT),--at $(AT)) $(if $(PORT),--port $(PORT)) $(if $(SIZE),--size $(SIZE))

test:
	@deploy/setup.sh test
	@exec $(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

test-slow:
	@deploy/setup.sh test
	@exec $(BIN)/python -m pytest --numprocesses 4 --dist loadfile -m slow --durations=10 $(ARGS)

campaign:
	@deploy/setup.sh test
	@exec $(BIN)/python -m tests.e2e.campaign --rounds $(or $(ROUNDS),1000) $(if $(SEED),--seed $(SEED)) \
		$(if $(DATABASE),--database $(DATABASE))

crowd:
	@deploy/setup.sh test
	@exec $(BIN)/python -m tests.e2e.crowd --journeys $(or $(JOURNEYS),2000) $(if $(SEED),--seed $(SEED))

noise:
	@deploy/setup.sh test
	@exec $(BIN)/python -m tests.hardware.readers.campaign --bytes $(or $(BYTES),10000000) $(if $(SEED),--seed $(SEED))

damage:
	@deploy/setup.sh python
	@exec $(BIN)/python -m tests.kiosk.journal.campaign --rounds $(or $(ROUNDS),2000) $(if $(SEED),--seed $(SEED)) $(if $(ENCRYPTED),--encrypted)

lint:
	@deploy/setup.sh python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench:
	@deploy/setup.sh demo
	@exec $(BIN)/python -m bench $(ARGS)

soak:
	@deploy/setup.sh demo
	@exec $(BIN)/python -m bench.soak --journeys $(or $(JOURNEYS),2000)

screens:
	@deploy/setup.sh demo
	@exec $(BIN)/python -m demo.display $(BIN)/python -m kiosk.screens.tools.gallery pictures $(ARGS)

words:
	@deploy/setup.sh python
	@exec $(BIN)/python -m kiosk.screens.tools.catalogue

# The sentences go through the environment, so that the shell does not interpret their quotation marks.
reword: export OLD := $(OLD)
reword: export NEW := $(NEW)
reword:
	@deploy/setup.sh python
	@$(BIN)/python -m kiosk.screens.tools.reword "$$OLD" "$$NEW"
	@$(BIN)/ruff format --quiet kiosk/screens tests bench

lock:
	@deploy/lock.sh

clean:
	rm -rf .venv .demo .cache build dist pictures *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
