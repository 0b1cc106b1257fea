#!/usr/bin/env bash
# Formats the C++ files that differ from a commit, with clang-format-16.
# Usage: tools/format.sh [--check] [--all | COMMIT]
#   COMMIT   default HEAD     --all     every file     --check   only tells
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mode=(-i) which=changed
if [ "${1:-}" = --check ]; then
  mode=(--dry-run -Werror)
  shift
fi
if [ "${1:-}" = --all ]; then
  which=all
  mapfile -t files < <(git ls-files --cached --others --exclude-standard --deduplicate -- '*.cc' '*.h')
else
  mapfile -t files < <({
    git diff --name-only --diff-filter=d "${1:-HEAD}" -- '*.cc' '*.h'
    git ls-files --others --exclude-standard -- '*.cc' '*.h'
  } | sort -u)
fi
[ ${#files[@]} -eq 0 ] || clang-format-16 --style=file "${mode[@]}" "${files[@]}"
echo "format: ${#files[@]} $which files"
