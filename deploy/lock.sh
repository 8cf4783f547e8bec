#!/usr/bin/env bash
# Locks what pyproject.toml asks for, with hashes: what a kiosk runs, what a register runs, and everything.
#
# What is locked stays as it is where pyproject.toml still allows it; UPGRADE=1 takes the newest versions.
# One resolution for every platform and every Python from 3.11, by uv in a venv of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
echo "lock: fetching uv"
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: uv
# uv trusts its own list of certificate authorities; behind a proxy the one that pip is told of is meant.
[ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE=$PIP_CERT

compile() {
    local lock=$1
    shift
    echo "lock: $lock"
    "$tools/bin/uv" pip compile pyproject.toml --output-file "$lock" "$@" ${UPGRADE:+--upgrade} \
        --universal --python-version 3.11 --only-binary :all: \
        --generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
        --quiet
}

mkdir -p locks
compile locks/dev.txt --all-extras
# The other two have no version that the tests have not run with.
compile locks/kiosk.txt --extra kiosk --constraint locks/dev.txt
compile locks/register.txt --extra register --constraint locks/dev.txt
