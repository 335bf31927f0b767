#!/usr/bin/env bash
# Everything that can be said about the code without using it, each check by name, as many at once as there are
# processors. Goes on after a failure, and fails at the end if any failed.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

check() {
  local name=$1 began=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    printf 'ok    %-11s %3d s\n' "$name" $((SECONDS - began))
  else
    printf 'FAIL  %-11s %s\n%s\n' "$name" "$*" "$output"
    echo "$name" >>"$failures"
  fi
}

begin() {
  while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do
    wait -n || true
  done
  check "$@" &
}

begin mypy $bin/mypy
begin ruff $bin/ruff check .
begin format $bin/ruff format --check .
# J018 asks for url_for where an address is fixed; tests/architecture/test_templates.py asks that the address exists.
begin templates $bin/djlint templates --profile jinja --extension html --lint --quiet --ignore J018
begin imports $bin/lint-imports --config setup.cfg
begin bandit $bin/bandit --quiet --ini .bandit --recursive mystery_shopper config.py wsgi.py migrations
begin welsh $bin/mystery-shopper translations check
begin migrations $bin/python -m pytest --quiet tests/architecture/test_migrations.py
wait

if [ -s "$failures" ]; then
  echo "Failed: $(tr '\n' ' ' <"$failures")"
  exit 1
fi
echo "Every check passed in $SECONDS s"
