"""Signs pupils in and out, by screen or by card: the only part that writes entries to the journal."""

from kiosk.desk.day import DayEntry
from kiosk.desk.departures import SELF, DepartureDraft
from kiosk.desk.desk import Desk
from kiosk.desk.pending import Pending
from kiosk.desk.visits import SignIn, SignOut

__all__ = ["SELF", "DayEntry", "DepartureDraft", "Desk", "Pending", "SignIn", "SignOut"]
