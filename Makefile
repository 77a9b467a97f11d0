# make run    the chat at http://127.0.0.1:8000, no key and no network needed
# make test   all tests that this machine can run
# make check  ruff (bandit's rules are its S), mypy, import-linter, known vulnerabilities
# make audit  known vulnerabilities of the locked packages alone; needs the network
# make image-test, make infra-check: the container and the infrastructure, see deploy/README.md
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: run test check audit format lock env-example samples image-test image-sbom infra-check clean
.DEFAULT_GOAL := run

run: $(VENV)/.run
	$(BIN)/isra serve

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/audit.py --where-possible

audit: $(VENV)/.dev
	$(BIN)/python .ci/audit.py

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench-%: $(VENV)/.dev
	$(BIN)/python -m evals.bench_$*

eval: $(VENV)/.dev
	$(BIN)/isra eval

env-example: $(VENV)/.dev
	$(BIN)/python -c "from agent.settings import env_example; print(env_example(), end='')" > .env.example

samples: $(VENV)/.dev
	$(BIN)/python -m evals.golden.make_samples

# Builds the image and runs it; needs buildah, podman and runc.
image-test: $(VENV)/.dev
	$(BIN)/python -m pytest tests/deploy/image_check.py -v -rP

# What is in the image, from its locked requirements (CycloneDX).
image-sbom: requirements-image.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/image/requirements.txt
	@mkdir -p build
	$(VENV)/sbom/bin/cyclonedx-py requirements requirements-image.txt --output-file build/sbom.json

# Needs terraform 1.10 or newer; no account and no registry of Terraform's.
infra-check: $(VENV)/infra/.done
	$(VENV)/infra/bin/python -m deploy.terraform.check

$(VENV)/infra/.done: deploy/terraform/check/requirements.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/infra
	$(VENV)/infra/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Exact versions with hashes; run it where uv is installed.
lock:
	$(LOCK) pyproject.toml requirements-build.in -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt pyproject.toml requirements-build.in -o requirements-dev.txt
	$(LOCK) --extra postgres -c requirements.txt -c requirements-dev.txt pyproject.toml requirements-build.in -o requirements-image.txt
	$(LOCK) deploy/terraform/check/requirements.in -o deploy/terraform/check/requirements.txt
	$(LOCK) deploy/image/requirements.in -o deploy/image/requirements.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build *.egg-info
