#!/usr/bin/env bash
# Installs a lock file into the virtual environment, by hash and nothing else: with uv at its locked version, which takes
# less than half the time pip takes, from wherever pip is told to look; where uv cannot, with pip.
#   scripts/install-locked.sh requirements.lock
set -euo pipefail
cd "$(dirname "$0")/.."
lock=$1
bin=.venv/bin
strict=(--quiet --require-hashes --no-deps --only-binary :all:)
pip=("$bin/python" -m pip --disable-pip-version-check --no-input)

configured() { "${pip[@]}" config get "global.$1" 2>/dev/null || true; }

with_uv() {
  if [ ! -x $bin/uv ]; then
    "${pip[@]}" install "${strict[@]}" -r <(sed -n '/^uv==/,/^[^ ]*[a-z]*==/{/^uv==/p;/^ /p}' requirements-dev.lock)
  fi
  local index links
  index=$(configured index-url) links=$(configured find-links)
  export UV_EXTRA_INDEX_URL=${UV_EXTRA_INDEX_URL:-$(configured extra-index-url)} UV_HTTP_RETRIES=1
  if [ -n "$index" ]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}; fi
  if [ -n "$links" ]; then export UV_FIND_LINKS=${UV_FIND_LINKS:-${links// /,}}; fi
  # Compiled at once: whoever runs the service may not be allowed to write here. Of several indexes the one that has the
  # version is taken, as pip does: the hash says which file it must be, so a stranger's file of that name is refused.
  $bin/uv pip install --python $bin/python --index-strategy unsafe-best-match --compile-bytecode --no-cache \
    "${strict[@]}" -r "$lock"
}

if ! with_uv 2>/dev/null; then
  echo "uv cannot install $lock here: pip does"
  "${pip[@]}" install "${strict[@]}" -r "$lock"
fi
