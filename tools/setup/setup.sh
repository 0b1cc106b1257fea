#!/usr/bin/env bash
# Installs everything that building, running and testing Tarn needs. Asks nothing, can be run twice.
#
# Usage: tools/setup/setup.sh [--profile build|test|all|oracle]
#   build  what `make up` needs (the default)     test    also what `make test` needs
#   all    also linter, bench tools               oracle  also Apache Spark with Delta Lake, to record
#                                                 its answers and to run tests beside it
#
# Works as root, or as a user whom sudo lets run apt-get without a password. Fetched things go to
# ${TARN_DEPS_DIR:-$HOME/.cache/tarn/deps}, which all clones on the machine share.
# This script only makes sure that there is a Python to run setup.py with; the rest is there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Debian's own Python by full path: a newer one earlier in PATH may lack the venv module.
python=/usr/bin/python3

# -E: no PYTHON* variables, -s: no packages of the user.
has_python() {
  [ -x "$python" ] &&
    "$python" -Es -c 'import sys, tomllib, ensurepip; sys.exit(sys.version_info < (3, 11))' \
      >/dev/null 2>&1
}

if ! has_python; then
  echo "setup: installing Debian's python3 and python3-venv"
  if ! command -v apt-get >/dev/null; then
    echo "setup: there is no apt-get here. Tarn is set up on Debian 12 only; install Python 3.11" >&2
    echo "       with its venv module as $python to go on." >&2
    exit 1
  fi
  as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      echo "setup: not root, and sudo asks for a password or is missing. Run as root:" >&2
      echo "       apt-get update && apt-get install -y python3 python3-venv" >&2
      exit 1
    fi
    as_root=(sudo -n "${as_root[@]}")
  fi
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 update &&
         "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
           python3 python3-venv ca-certificates; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "setup: apt-get failed (above). Check the package sources and the network, then run again." >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
fi

exec "$python" -BEs "$here/setup.py" "$@"
