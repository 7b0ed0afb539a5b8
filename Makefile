# The front door: `make help` lists every habit of the house.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 20
PROGRAM := build/release/millrace/cli/millrace

.PHONY: help setup up build test one bench lint format sanitize fuzz package install clean

## Use
up: build ## install what is missing, build, and run the system
	@tools/up $(PROGRAM)
install: build ## put the program, its completions, headers and documents under PREFIX (/usr/local)
	@cmake --install build/release --prefix $(PREFIX)
package: build ## make a .tar.gz and a .deb in dist/
	@cpack --preset release && rm -rf dist/_CPack_Packages && ls -l dist

## Build and test
build: build-release ## install what is missing and build the program, its tests and benchmarks
test: build ## install what is missing, build, and run every test
	@ctest --preset release -j $(JOBS)
one: build ## run the tests whose name matches a pattern: make one T=Zone
	@ctest --preset release -R '$(or $(T),$(error say which: make one T=pattern))'
bench: build ## run the benchmarks: a table here, JSON in build/bench/
	@tools/bench
clean: ## remove everything that was built
	@rm -rf build dist

## Check
lint: setup ## layout, house rules, scripts and clang-tidy
	@tools/lint
format: setup ## lay out every C++ file with clang-format
	@git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs clang-format-19 -i
sanitize: sanitize-asan sanitize-tsan ## the unit tests under address+undefined and thread sanitizers
fuzz: build-fuzz ## run each fuzz target for FUZZ_SECONDS (20)
	@tools/fuzz $(FUZZ_SECONDS)

# Any preset of CMakePresets.json: make build-debug, make sanitize-tsan.
build-%: setup build/%/build.ninja
	@cmake --build --preset $* -j $(JOBS)
sanitize-%: build-%
	@ctest --preset $* -j $(JOBS)
build/%/build.ninja: CMakePresets.json | setup
	@cmake --preset $* --log-level=WARNING && touch $@
.PRECIOUS: build/%/build.ninja

setup:
	@tools/setup
help: ## this list
	@awk -f tools/help.awk $(MAKEFILE_LIST)
