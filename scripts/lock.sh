#!/usr/bin/env bash
# Writes requirements.lock (to run) and requirements-dev.lock (to run, test and check) from setup.cfg: versions, and the
# hash of every file of them, for all platforms and Python versions we support; no index address.
set -euo pipefail
cd "$(dirname "$0")/.."

options=(--generate-hashes --universal --python-version 3.11 --quiet --no-header --no-emit-index-url)
if [ "${UPGRADE:-}" = 1 ]; then options+=(--upgrade); fi

.venv/bin/uv pip compile setup.cfg --extra build "${options[@]}" -o requirements.lock
.venv/bin/uv pip compile setup.cfg --extra build --extra test --extra dev \
  --constraint requirements.lock "${options[@]}" -o requirements-dev.lock
echo "Written: requirements.lock, requirements-dev.lock"
