# Everything a newcomer needs. `make venv` only sets up; `make demo` shows the main job; `make test` is what CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.PHONY: venv chromium mail-servers demo test lint up bench clean

venv: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	@echo "Đang cài môi trường Python vào $(VENV) (lần đầu mất một đến vài phút)…"
	@$(PYTHON) -c 'import sys; sys.exit("Cần Python 3.11 đến 3.13; đặt PYTHON=... khi gọi make." if not (3, 11) <= sys.version_info[:2] <= (3, 13) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: venv
	@$(BIN)/dondoc demo

up: venv
	@$(BIN)/dondoc up

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

chromium: venv
	@.ci/chromium $(BIN)

mail-servers:
	@.ci/mail-servers

test: lint chromium mail-servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

bench: venv
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
