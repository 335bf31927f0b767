#!/usr/bin/env bash
# Runs every test on SQLite, then those that touch a database on PostgreSQL. Options go to pytest:
#   scripts/test.sh -k receipt
# Both runs are made even if the first fails; a run in which no test ran has failed (pytest ends with 5 then).
set -euo pipefail
cd "$(dirname "$0")/.."
workers=${TEST_WORKERS:-$(($(nproc) * 3 / 2))}
failed=()

for database in sqlite postgresql; do
  echo "== Tests on $database"
  TEST_DATABASE=$database .venv/bin/python -m pytest --quiet --numprocesses "$workers" --dist worksteal "$@" ||
    failed+=("$database (pytest ended with $?)")
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "Failed on: ${failed[*]}"
  exit 1
fi
echo "Every test passed in $SECONDS s"
