#!/usr/bin/env bash
# Makes a fresh Debian 12 or 13, or Raspberry Pi OS (64-bit), ready for `make demo` and `make test`.
#
#   deploy/setup.sh [python] [demo] [test]      default: demo and test
#
# Installs only what is missing: system packages with apt, then the locked Python packages into .venv, and for
# the tests some locales into .cache/locale.
# When nothing is missing, it needs no network and is quick.
# PYTHON=… names the Python for .venv when it is not `python3`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# For .venv itself; not needed when Python brings its own `ensurepip`, as a source build does.
VENV_PACKAGES=(python3-venv)
# The kiosk's window: Kivy's wheel contains SDL and needs OpenGL, libmtdev and X libraries from the system.
# Xvfb replaces a missing display, and xdotool touches it.
# Slips: libusb for a USB printer, FriBidi for names written from right to left.
DEMO_PACKAGES=(xvfb xdotool libgl1 libgl1-mesa-dri libegl1 libgles2 libmtdev1 libxrender1 libusb-1.0-0 libfribidi0)
# A browser for the office page; PostgreSQL, which the tests start and stop themselves; the sources of locales;
# a window manager, whose keys must not close the kiosk.
TEST_PACKAGES=(chromium postgresql locales openbox)
# Decisions must be the same in every locale; these differ in letters (Turkish i), decimals, digits and direction.
TEST_LOCALES=(tr_TR de_DE ar_EG)

LOCK=locks/dev.txt
STAMP=.venv/setup-stamp
LOCALES=.cache/locale
LOG=.cache/setup.log

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# --- Python --------------------------------------------------------------------------------------

find_python() {
    PYTHON=${PYTHON:-python3}
    command -v "$PYTHON" >/dev/null ||
        fail "there is no $PYTHON here; install Python 3.11 or newer (apt-get install python3), or name one with PYTHON=…"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$PYTHON is $("$PYTHON" -V 2>&1) and Latebook needs 3.11 or newer; name a newer one with PYTHON=…"
}

# --- System packages -----------------------------------------------------------------------------

# Prints those of these packages that are missing. Debian 13 renamed some libraries (libmtdev1 is libmtdev1t64 there);
# apt-get still knows the old name, dpkg-query only the new one.
missing() {
    local package installed
    installed=" $(dpkg-query --show --showformat '${Package}=${db:Status-Status} ' "$@" "${@/%/t64}" 2>/dev/null || true)"
    for package in "$@"; do
        case $installed in
        *" $package=installed "* | *" ${package}t64=installed "*) ;;
        *) printf '%s\n' "$package" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then env "$@"; else sudo env "$@"; fi
}

install_packages() {
    local -a to_install
    mapfile -t to_install < <(missing "$@")
    [ ${#to_install[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        fail "there is no apt-get here and these packages are missing: ${to_install[*]}; use Debian 12 or 13 or Raspberry Pi OS"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "there is no sudo here and these packages are missing: ${to_install[*]}; as root: apt-get install ${to_install[*]}"

    say "installing ${to_install[*]} with apt; a minute or two the first time"
    local -a apt=("DEBIAN_FRONTEND=${DEBIAN_FRONTEND:-noninteractive}" apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 -qq)
    # A package list that cannot be fetched may not matter here (another source is down): the next step decides.
    as_root "${apt[@]}" update >>"$LOG" 2>&1 </dev/null || true
    as_root "${apt[@]}" install --yes --no-install-recommends "${to_install[@]}" >>"$LOG" 2>&1 </dev/null || apt_failed
}

apt_failed() {
    if grep -qiE 'could not (resolve|connect)|temporary failure|network is unreachable|connection timed out' "$LOG"; then
        fail "apt could not reach its packages; is there a network? See $LOG"
    fi
    fail "apt could not install the missing packages; see $LOG"
}

# --- Python packages -----------------------------------------------------------------------------

# Folder, Python and lock that .venv was made for: it breaks when it is moved or its Python is replaced.
describe() {
    printf 'folder %s\n' "$PWD"
    .venv/bin/python -c 'import sys; print("python", sys.version.replace("\n", " "))' 2>/dev/null || return 1
    printf 'packages %s\n' "$(sha256sum <"$LOCK")"
}

project() { printf 'project %s\n' "$(sha256sum <pyproject.toml)"; }

pip_install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --retries 2 "$@" >>"$LOG" 2>&1 || pip_failed
}

pip_failed() {
    if grep -qiE 'newconnectionerror|failed to (establish|resolve)|name resolution|unreachable|timed out' "$LOG"; then
        fail "pip could not reach its packages; is there a network? See $LOG"
    fi
    fail "pip could not install the packages of $LOCK; see $LOG"
}

# The stamp is written last: a venv without one is incomplete and is made again. A changed pyproject.toml may
# have changed the `latebook` command, so the project is installed again; the locked packages stay.
make_venv() {
    local now
    if [ -f "$STAMP" ] && now=$(describe) && [ "$now" = "$(head -n 3 "$STAMP")" ]; then
        [ "$(project)" != "$(tail -n 1 "$STAMP")" ] || return 0
    else
        say "installing the Python packages of $LOCK into .venv; about a minute the first time"
        rm -f "$STAMP"
        "$PYTHON" -m venv --clear .venv >>"$LOG" 2>&1 ||
            fail "$PYTHON could not make .venv; see $LOG"
        pip_install --require-hashes --only-binary :all: -r "$LOCK"
    fi
    pip_install --no-deps --no-build-isolation -e .
    { describe && project; } >"$STAMP.new"
    mv "$STAMP.new" "$STAMP"
    say "ready"
}

# --- Locales -------------------------------------------------------------------------------------

# In the project's own folder, which LOCPATH gives to the C library: this needs no root and leaves the machine's
# locales alone. Locales made by another version of localedef may be unreadable, so they are made again.
make_locales() {
    command -v localedef >/dev/null ||
        fail "there is no localedef here, which makes the locales of the tests; install it (apt-get install libc-bin)"
    local made_by name
    made_by=$(localedef --version)
    made_by=${made_by%%$'\n'*}
    [ "$(cat "$LOCALES/made-by" 2>/dev/null)" = "$made_by" ] || rm -rf "$LOCALES"
    mkdir -p "$LOCALES"
    printf '%s\n' "$made_by" >"$LOCALES/made-by"
    for name in "${TEST_LOCALES[@]}"; do
        [ ! -d "$LOCALES/$name.UTF-8" ] || continue
        say "making the locale $name.UTF-8 in $LOCALES; a few seconds"
        rm -rf "$LOCALES/part"
        # Renamed when complete, so that an incomplete one is never used.
        localedef -i "$name" -f UTF-8 "$LOCALES/part" >>"$LOG" 2>&1 </dev/null ||
            fail "localedef could not make the locale $name.UTF-8 in $LOCALES; see $LOG"
        mv "$LOCALES/part" "$LOCALES/$name.UTF-8"
    done
}

# --- The requested parts --------------------------------------------------------------------------

[ $# -gt 0 ] || set -- demo test
packages=()
with_locales=
for part in "$@"; do
    case $part in
    python) ;;
    demo) packages+=("${DEMO_PACKAGES[@]}") ;;
    test) packages+=("${DEMO_PACKAGES[@]}" "${TEST_PACKAGES[@]}"); with_locales=yes ;;
    *) fail "there is no part '$part'; the parts are python, demo and test" ;;
    esac
done

find_python
"$PYTHON" -c 'import ensurepip' 2>/dev/null || packages+=("${VENV_PACKAGES[@]}")
mkdir -p .cache
exec 9>.cache/setup.lock
flock 9  # wait for a set-up in another terminal
: >"$LOG"
if [ ${#packages[@]} -gt 0 ]; then
    install_packages "${packages[@]}"
fi
[ -z "$with_locales" ] || make_locales
make_venv
