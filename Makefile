PYTHON ?= python3
VENV = .venv/bin/python

.PHONY: run dev test lint bench lock environment test-environment

run: environment
	@$(VENV) scripts/serve.py

dev: environment
	@DEBUG=1 $(VENV) scripts/serve.py

test: test-environment
	@$(VENV) scripts/test.py

lint: test-environment
	@$(VENV) scripts/lint.py

bench: test-environment
	@$(VENV) bench/run.py

# Locks again after a change to requirements/*.in; `make lock UPGRADE=--upgrade` takes new versions.
lock: test-environment
	@$(VENV) scripts/lock.py $(UPGRADE)

environment:
	@$(PYTHON) scripts/environment.py base

test-environment:
	@$(PYTHON) scripts/environment.py test
