# Thin: each line names a command you could type yourself.
.DEFAULT_GOAL := help
.PHONY: help demo test tools assets check unit browser bench screenshots
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c

step = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

help: ## What you can ask for
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

demo: assets ## Build and run the demonstration council; prints its address and its people
	$(call step,Building the program (the first time takes some minutes))
	cargo build -p throughline
	$(call step,Starting the demonstration council)
	cargo run -q -p throughline -- demo

test: tools assets check unit browser ## Everything: formatting, lints, tests on both databases, the journeys in a browser
	$(call step,All tests passed)

tools:
	$(call step,Looking for what the tests need)
	scripts/install-test-tools

assets: assets/dist/manifest.json ## Build the styles and the script

assets/dist/manifest.json: $(wildcard assets/src/*/* assets/*.json assets/*.mjs)
	$(call step,Building styles and script)
	cd assets && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

check:
	$(call step,Formatting and lints)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

unit:
	$(call step,Tests on the embedded database and on PostgreSQL)
	scripts/with-memory-folder scripts/with-postgres scripts/test-all

browser: assets
	$(call step,The journeys in a real browser)
	cargo test --workspace --test program --no-run
	cd tests/browser && npm ci --no-audit --no-fund --loglevel=error && ../../scripts/with-memory-folder npm test

bench: assets ## The measurements of our budgets
	$(call step,Measuring)
	cargo run --release -p throughline -- bench

screenshots: assets ## Pictures for the README, from the running demonstration
	$(call step,Taking pictures)
	cargo build -p throughline
	cd tests/browser && npm ci --no-audit --no-fund --loglevel=error && npm run --silent screenshots
