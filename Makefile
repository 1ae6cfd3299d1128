# Everything starts with these. Each makes its own environment in .venv first.
PORT ?= 8000
PYTHON3 ?= python3
# `make test PARTS=browser` runs one part; the parts are sqlite, postgresql, browser, tooling.
# Those of `make looks` are told by scripts/looks/run.py.
PARTS ?=
# With ENGINE=firefox or webkit the browser's part is a signer's way in that one.
ENGINE ?=

.PHONY: run dev check test lint coverage mutants newest bench drills malformed lock licenses sbom audit screenshots looks
run:
	@$(PYTHON3) scripts/environment.py base scripts/run.py --port $(PORT)
dev:
	@$(PYTHON3) scripts/environment.py base scripts/run.py --port $(PORT) --dev
check:
	@$(PYTHON3) scripts/environment.py test scripts/check.py
test:
	@ENGINE=$(ENGINE) $(PYTHON3) scripts/environment.py test scripts/test.py $(PARTS)
lint:
	@$(PYTHON3) scripts/environment.py test scripts/lint.py
coverage:
	@$(PYTHON3) scripts/environment.py test scripts/coverage.py
mutants:
	@$(PYTHON3) scripts/environment.py test scripts/mutants.py
newest:
	@$(PYTHON3) scripts/environment.py test scripts/packages/newest.py
bench:
	@$(PYTHON3) scripts/environment.py test bench/run.py
drills:
	@$(PYTHON3) scripts/environment.py test bench/drills.py
malformed:
	@$(PYTHON3) scripts/environment.py test bench/malformed.py
lock:
	@$(PYTHON3) scripts/environment.py test scripts/packages/lock.py
licenses:
	@$(PYTHON3) scripts/environment.py test scripts/packages/licenses.py
sbom:
	@$(PYTHON3) scripts/environment.py test scripts/packages/sbom.py
audit:
	@$(PYTHON3) scripts/environment.py test scripts/packages/audit.py
screenshots:
	@$(PYTHON3) scripts/environment.py test scripts/screenshots.py
looks:
	@$(PYTHON3) scripts/environment.py test scripts/looks/run.py $(PARTS)
