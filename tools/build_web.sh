#!/usr/bin/env bash
# Builds the page in web/ into build/web. The npm packages are there already (tools/setup).
# Usage: tools/build_web.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web"
export PATH="${TARN_DEPS_DIR:-$HOME/.cache/tarn/deps}/node/bin:$PATH"
npm run --silent build -- --outDir ../build/web --emptyOutDir --logLevel warn
# Vite copies time stamps of nothing: make compares this file with the sources.
touch ../build/web/index.html
