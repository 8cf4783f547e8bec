"""A visit to the kiosk, step by step.

The journey decides what a touch, a card or a pause leads to; the screens draw it. So a visit can be written
down as a list of choices and tested without a window. Everything here runs on the UI thread.
"""

from kiosk.journey.journey import Journey
from kiosk.journey.parts import (
    CardBook,
    CardResult,
    KioskHealth,
    Parts,
    ReleaseChecker,
    Releaser,
    RequestBook,
    SiteList,
)
from kiosk.journey.session import DIM_S, NOTICE_S
from kiosk.journey.staff.staff import CLEANING_S
from kiosk.journey.view_rules import DONE_S, NEXT_S, SEAT_S, STAFF_S
from kiosk.journey.waiting.requests import RELEASE_S
from kiosk.views import IDLE_S

__all__ = [
    "CLEANING_S",
    "DIM_S",
    "DONE_S",
    "IDLE_S",
    "NEXT_S",
    "NOTICE_S",
    "RELEASE_S",
    "SEAT_S",
    "STAFF_S",
    "CardBook",
    "CardResult",
    "Journey",
    "KioskHealth",
    "Parts",
    "ReleaseChecker",
    "Releaser",
    "RequestBook",
    "SiteList",
]
