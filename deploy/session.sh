#!/usr/bin/env bash
# The kiosk's own session on a display that has no desktop: this one window, and nothing behind it.
#
#   deploy/session.sh --config kiosk.toml      options go to `latebook kiosk`
#
# cage shows one program over the whole display: no panel, no second window, no key that leads to another one.
# Without its -s, ctrl+alt+F2 leads to no other terminal either. When the kiosk ends, the session ends.
# Start it at boot, as a user of its own that is logged in at the console and is not root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { printf 'session: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" != 0 ] || fail "this is root, and a kiosk needs no more than a user of its own; log in as that user"
# The window speaks X11: without Xwayland cage has no place for it.
command -v cage >/dev/null && command -v Xwayland >/dev/null ||
    fail "cage or Xwayland is missing here; install both (apt-get install cage xwayland)"
exec cage -- .venv/bin/latebook kiosk "$@"
