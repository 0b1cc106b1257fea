# The commands of the repository. Each does its own set-up and can be run again.
#
#   make up      set-up, build, page, start Tarn, load the sample data      make down    stop it
#   make test    set-up, build, every test there is                         make build   compile only
#   make format  clang-format on changed files     make lint   format, layers, clang-tidy on them
#   make bench   the benches                       make clean  remove build/ and bin/
#
#   PRESET=dev|ci|release|asan|tsan   which build: `make up` and `make bench` take release, since
#                                     that is what people see; `make build` and `make lint` dev
#   JOBS=N                            compile jobs, default: the number of cores
#   STAGES="unit slt"                 only these stages of `make test` (tools/run_stages.py --list)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Debian's own: a Python earlier in PATH may be older.
PYTHON := /usr/bin/python3 -B
export TARN_DEPS_DIR ?= $(HOME)/.cache/tarn/deps
JOBS ?= $(shell nproc)
STAGES ?=

WEB_SOURCES = $(shell find web src/plan/functions -type f \
  -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

.PHONY: help up down build test web setup program format lint bench clean

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

setup:
	@tools/setup/setup.sh --profile build

# bin/tarn is the program of the build that was made last.
program:
	@tools/build.sh $(PRESET) $(JOBS)

web: build/web/index.html

build/web/index.html: $(WEB_SOURCES)
	@tools/build_web.sh

up: PRESET := $(or $(PRESET),release)
up: setup
	@$(MAKE) --no-print-directory program web PRESET=$(PRESET)
	@bin/tarn up

down:
	@if [ -x bin/tarn ]; then bin/tarn down; else echo "nothing to stop: bin/tarn is not built"; fi

build: PRESET := $(or $(PRESET),dev)
build: setup
	@$(MAKE) --no-print-directory program PRESET=$(PRESET)

# The time of set-up is handed on, for the table at the end.
test:
	@begin=$$(date +%s.%N); tools/setup/setup.sh --profile test; \
	exec $(PYTHON) tools/run_stages.py --jobs $(JOBS) --begun $$begin $(STAGES)

format:
	@tools/setup/setup.sh --profile test
	@tools/format.sh

lint:
	@tools/setup/setup.sh --profile all
	@tools/format.sh --check
	@$(PYTHON) tools/check_layers.py
	@tools/lint.sh

bench: PRESET := $(or $(PRESET),release)
bench:
	@tools/setup/setup.sh --profile all
	@$(MAKE) --no-print-directory program web PRESET=$(PRESET)
	@$(TARN_DEPS_DIR)/venv/bin/python bench/run.py

clean:
	@rm -rf build bin
