#!/usr/bin/env bash
# The kiosk's own session on a display without a desktop: one window, and nothing behind it.
#
#   deploy/session.sh --config kiosk.toml      options go to `latebook kiosk`
#
# cage shows one program on the whole display: no panel, no second window, no key that opens one.
# Without its -s, ctrl+alt+F2 does not switch to another terminal. When the kiosk ends, the session ends.
# Start it at boot as an unprivileged user that is logged in at the console.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { printf 'session: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" != 0 ] || fail "this is root; log in as the kiosk's own unprivileged user"
# The window uses X11, which cage supports only through Xwayland.
command -v cage >/dev/null && command -v Xwayland >/dev/null ||
    fail "cage or Xwayland is missing here; install both (apt-get install cage xwayland)"
exec cage -- .venv/bin/latebook kiosk "$@"
