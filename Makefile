# Everything starts with these. Each makes its own environment in .venv first.
PORT ?= 8000
PYTHON3 ?= python3

.PHONY: run dev test lint bench lock licenses sbom audit screenshots
run:
	@$(PYTHON3) scripts/environment.py base scripts/run.py --port $(PORT)
dev:
	@$(PYTHON3) scripts/environment.py base scripts/run.py --port $(PORT) --dev
test:
	@$(PYTHON3) scripts/environment.py test scripts/test.py
lint:
	@$(PYTHON3) scripts/environment.py test scripts/lint.py
bench:
	@$(PYTHON3) scripts/environment.py test bench/run.py
lock:
	@$(PYTHON3) scripts/environment.py test scripts/lock.py
licenses:
	@$(PYTHON3) scripts/environment.py test scripts/licenses.py
sbom:
	@$(PYTHON3) scripts/environment.py test scripts/sbom.py
audit:
	@$(PYTHON3) scripts/environment.py test scripts/audit.py
screenshots:
	@$(PYTHON3) scripts/environment.py test scripts/screenshots.py
