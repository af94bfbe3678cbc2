#!/usr/bin/env bash
# Write the lock files: exact versions with hashes for every platform and Python from 3.11 on, and no registry address.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-annotate --custom-compile-command "make lock" "$@"
}
# setuptools builds the editable install; it is locked with the rest.
echo "setuptools>=77" > .lock-extra.in
trap 'rm -f .lock-extra.in' EXIT
compile pyproject.toml .lock-extra.in -o requirements.lock
compile pyproject.toml .lock-extra.in --extra test -c requirements.lock -o requirements-test.lock
compile pyproject.toml .lock-extra.in --extra test --extra cluster --extra spark --extra mutants -c requirements-test.lock -o requirements-slow.lock
