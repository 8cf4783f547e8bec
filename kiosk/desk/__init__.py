"""Signs pupils in and out, by screen or by card: the only part that writes entries to the journal."""

from kiosk.desk.day import DayEntry
from kiosk.desk.departures import SELF, DepartureDraft
from kiosk.desk.desk import Desk
from kiosk.desk.pending import Pending
from kiosk.desk.taps import PupilTap, on_the_way_out
from kiosk.desk.visits import SignIn, SignOut

__all__ = [
    "SELF",
    "DayEntry",
    "DepartureDraft",
    "Desk",
    "Pending",
    "PupilTap",
    "SignIn",
    "SignOut",
    "on_the_way_out",
]
