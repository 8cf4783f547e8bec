"""The kiosk's three sounds: short, soft, easy to tell apart without looking."""

from pathlib import Path

_HERE = Path(__file__).parent

ACCEPTED = _HERE / "accepted.wav"
"""Two rising notes: recorded."""
UNKNOWN_CARD = _HERE / "unknown-card.wav"
"""Two low falling notes: unknown card."""
ATTENTION = _HERE / "attention.wav"
"""One note, twice: there is a message to read."""
