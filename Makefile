# Two commands suffice: `make demo` shows it work, `make test` checks everything.
# Everything lives in .venv, at the versions of constraints.txt; a second run installs nothing.

PYTHON ?= python3
BIN := .venv/bin
CORE := .venv/.core-installed
DEV := .venv/.dev-installed
INSTALL := $(BIN)/python -m pip install -qq --no-build-isolation --constraint constraints.txt

.PHONY: help demo test lint docs bench clean

help:
	@echo "make demo   résout l'instance de démonstration, la vérifie, dit où sont les fichiers"
	@echo "make test   tout vérifier : style, types, couches, documentation, tests (les lents aussi)"
	@echo "make lint   style, types et couches seulement"
	@echo "make docs   construire la documentation dans docs/_build/html"
	@echo "make bench  comparer aux autres solveurs (long) et écrire benchmarks/results"
	@echo "make clean  effacer ce qui se reconstruit"

demo: $(CORE)
	@$(BIN)/allocator solve instances/demo --model reference --out resultats/demo
	@echo
	@$(BIN)/allocator check instances/demo resultats/demo --model reference

test: lint docs
	$(BIN)/python -m pytest --slow --numprocesses 2 --dist loadscope

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/codespell allocator docs README.md CONTRIBUTING.md CHANGELOG.md

docs: $(DEV)
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky docs docs/_build/html

bench: $(DEV)
	$(BIN)/python -m benchmarks.peers instances/demo instances/oph-dept --limit 300 --out benchmarks/results/peers
	$(BIN)/python -m benchmarks.scale --out benchmarks/results/scale
	$(BIN)/python -m benchmarks.hard --out benchmarks/results/hard

clean:
	rm -rf .venv build *.egg-info docs/_build resultats .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 ou plus récent est nécessaire : make PYTHON=chemin/de/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Le module venv manque (Debian : apt install python3-venv)"; exit 1; }

$(CORE): .venv/bin/python pyproject.toml constraints.txt
	@echo "Installation dans .venv…"
	@$(BIN)/python -m pip install -qq --constraint constraints.txt pip setuptools
	@$(INSTALL) --editable .
	@touch $@

$(DEV): $(CORE)
	@echo "Installation des outils de développement dans .venv…"
	@$(INSTALL) --editable '.[bench,charts,dev,docs,documents]'
	@touch $@
