# The one entrance for people and machines; `make help` lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# What was fetched is found from the program's real path, so the program must be built below this folder.
export CARGO_TARGET_DIR := $(CURDIR)/target

.PHONY: help build run test fmt lint reset packages postgres minilm

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages postgres minilm ## Fetch what the program needs and build it as bin/fte.
	@cargo build --locked --bin fte
	@mkdir -p bin && ln -sfn ../target/debug/fte bin/fte

run: build ## Build and start everything in the foreground; ctrl-C drains.
	@exec bin/fte serve

test: packages postgres minilm lint ## Check the format and the lints, then run every test.
	@cargo test --locked --all-features

fmt: ## Format the code.
	@cargo fmt

lint: ## Check the format and the lints.
	@cargo fmt --check
	@cargo clippy --locked --all-targets --all-features -- -D warnings

reset: ## Stop the embedded database of FTE_DATA_DIR and delete it.
	@python3 scripts/reset.py

packages:
	@scripts/system-packages.sh

postgres:
	@scripts/fetch-postgres.sh

minilm:
	@scripts/fetch-minilm.sh
