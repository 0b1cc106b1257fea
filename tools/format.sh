#!/usr/bin/env bash
# Formats the C++ files that differ from a commit, with clang-format-16.
# Usage: tools/format.sh [--check] [COMMIT]     COMMIT: default HEAD; --check only tells
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mode=(-i)
if [ "${1:-}" = --check ]; then
  mode=(--dry-run -Werror)
  shift
fi
mapfile -t files < <({
  git diff --name-only --diff-filter=d "${1:-HEAD}" -- '*.cc' '*.h'
  git ls-files --others --exclude-standard -- '*.cc' '*.h'
} | sort -u)
[ ${#files[@]} -eq 0 ] || clang-format-16 --style=file "${mode[@]}" "${files[@]}"
echo "format: ${#files[@]} changed files"
