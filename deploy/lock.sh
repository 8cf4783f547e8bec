#!/usr/bin/env bash
# Locks the dependencies of pyproject.toml with hashes: for a kiosk, for a register, and for development.
#
# Keeps a locked version that pyproject.toml still allows; UPGRADE=1 takes the newest versions.
# uv, in its own venv, resolves once for every platform and every Python from 3.11.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
echo "lock: fetching uv"
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: uv
# uv trusts its own list of certificate authorities; behind a proxy it must use the one set for pip.
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
# Constrained to dev.txt, so that every version that runs has been tested.
compile locks/kiosk.txt --extra kiosk --constraint locks/dev.txt
compile locks/register.txt --extra register --constraint locks/dev.txt
