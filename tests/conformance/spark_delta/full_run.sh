#!/usr/bin/env bash
# All checks of this folder, those beside Apache Spark included. Usage: full_run.sh [options of pytest]
# Needs bin/tarn (tools/build.sh ci) and tools/build_web.sh; sets up Spark itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
tools/setup/setup.sh --profile oracle
export TARN_WITH_SPARK=1
exec "${TARN_DEPS_DIR:-$HOME/.cache/tarn/deps}/venv/bin/python" -B -m pytest -q -p no:cacheprovider -rs \
  --durations=10 tests/conformance/spark_delta "$@"
