"""The three sounds of the kiosk: short, soft, told apart without looking."""

from pathlib import Path

_HERE = Path(__file__).parent

ACCEPTED = _HERE / "accepted.wav"
"""Two notes that rise: it is recorded."""
UNKNOWN_CARD = _HERE / "unknown-card.wav"
"""Two low notes that fall: this card is not known."""
ATTENTION = _HERE / "attention.wav"
"""One note, twice: there is something to read."""
