#!/usr/bin/env bash
# Everything that can be said about the code without using it, each check by name. Goes on after a failure, and fails
# at the end if any failed.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {
  local name=$1 began=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    printf 'ok    %-11s %3d s\n' "$name" $((SECONDS - began))
  else
    printf 'FAIL  %-11s %s\n%s\n' "$name" "$*" "$output"
    failed+=("$name")
  fi
}

check ruff $bin/ruff check .
check format $bin/ruff format --check .
check mypy $bin/mypy
check imports $bin/lint-imports --config setup.cfg
check bandit $bin/bandit --quiet --ini .bandit --recursive mystery_shopper config.py wsgi.py migrations
# J018 asks for url_for where an address is fixed; tests/architecture/test_templates.py asks that the address exists.
check templates $bin/djlint templates --profile jinja --extension html --lint --quiet --ignore J018
check welsh $bin/mystery-shopper translations check
check migrations $bin/python -m pytest --quiet tests/architecture/test_migrations.py

if [ ${#failed[@]} -gt 0 ]; then
  echo "Failed: ${failed[*]}"
  exit 1
fi
echo "Every check passed in $SECONDS s"
