#!/usr/bin/env bash
# Runs clang-tidy-16 over the .cc files that differ from a commit.
# Usage: tools/lint.sh [COMMIT]     default HEAD
# It has a configured build of its own, because clang cannot read g++'s precompiled headers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mapfile -t files < <({
  git diff --name-only --diff-filter=d "${1:-HEAD}" -- 'src/*.cc'
  git ls-files --others --exclude-standard -- 'src/*.cc'
} | sort -u)
if [ ${#files[@]} -eq 0 ]; then
  echo "lint: no changed .cc file"
  exit 0
fi
cmake --preset dev -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
# Generated headers have to exist; nothing is compiled.
ninja -C build/lint -t targets all | sed -n 's/: CUSTOM_COMMAND$//p' | grep '\.\(inc\|h\)$' |
  xargs -r ninja -C build/lint >/dev/null
clang-tidy-16 -p build/lint --quiet "${files[@]}"
echo "lint: ${#files[@]} files clean"
