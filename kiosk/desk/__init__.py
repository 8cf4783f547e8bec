"""Everything that can be done at reception, by screen or by card. The one door to the journal."""

from kiosk.desk.day import Noted
from kiosk.desk.departures import SELF, Leaving
from kiosk.desk.desk import Desk
from kiosk.desk.pending import Pending
from kiosk.desk.visits import SignIn, SignOut

__all__ = ["SELF", "Desk", "Leaving", "Noted", "Pending", "SignIn", "SignOut"]
