#!/usr/bin/env bash
# Configures and builds one preset, points bin/tarn at its program, and the program's web/ at the page.
# Usage: tools/build.sh PRESET JOBS
set -euo pipefail
preset=$1 jobs=$2
cd "$(dirname "${BASH_SOURCE[0]}")/.."

configure() {
  local log
  log=$(mktemp)
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log"
    rm -f "$log"
    echo "build: cmake --preset $preset failed (above). When something is missing run" >&2
    echo "       tools/setup/setup.sh; after a change of compiler remove build/$preset" >&2
    exit 1
  fi
  rm -f "$log"
}

# ninja runs CMake again by itself when a CMake file changed, but does not watch the presets.
[ "build/$preset/build.ninja" -nt CMakePresets.json ] || configure
cmake --build "build/$preset" --parallel "$jobs"

program=build/$preset/bin/tarn
if [ -x "$program" ]; then
  mkdir -p bin
  ln -sfn "../$program" bin/tarn
  ln -sfn ../../web "build/$preset/bin/web"
fi
