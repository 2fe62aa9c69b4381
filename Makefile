# Everything a person or CI does here. `make serve` and `make test` work on a fresh clone.
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
UV_VERSION := 0.13.8
# Each of them has servers and models of its own: some 3 GB of memory.
TEST_PROCESSES ?= 2

.PHONY: setup serve test lint bench lock clean

setup: $(VENV)/.ready
	$(VENV)/bin/groundswell models pull

$(VENV)/.ready: requirements/dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] < (3, 14) else "Groundswell needs Python 3.11 to 3.13; set PYTHON=/path/to/python3.11")'
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet "uv==$(UV_VERSION)"
	$(UV) pip sync --quiet --python $(VENV)/bin/python --require-hashes requirements/dev.lock
	$(UV) pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	touch $@

serve: setup
	$(VENV)/bin/groundswell serve

test: setup
	OPENBLAS_NUM_THREADS=1 $(VENV)/bin/python -m pytest --numprocesses=$(TEST_PROCESSES) --dist=loadfile --no-loadscope-reorder --durations=15

lint: $(VENV)/.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: setup
	$(VENV)/bin/groundswell bench all --fastkokoro

lock: $(VENV)/.ready
	$(UV) pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -o requirements/runtime.lock
	$(UV) pip compile --quiet pyproject.toml --extra bench --group dev --universal --python-version 3.11 --generate-hashes --no-header -c requirements/runtime.lock -o requirements/dev.lock

	cd tests/clients && for client in smallestai_3 smallestai_4 smallestai_5 livekit pipecat; do \
	  $(CURDIR)/$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    $$(test $$client = pipecat && printf -- '--no-emit-package %s ' numba llvmlite resampy onnxruntime flatbuffers) \
	    $$client.in -o $$client.lock; done

clean:
	rm -rf $(VENV) dist build
