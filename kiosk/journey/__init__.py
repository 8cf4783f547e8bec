"""A visit to the kiosk, step by step: what each touch, card and pause leads to.

Decided here and drawn elsewhere, so that a journey can be written down as a list of choices and tested
without a window. Everything here happens on the screens' thread.
"""

from kiosk.journey.journey import Journey
from kiosk.journey.leaving.release import RELEASE_S
from kiosk.journey.parts import CardBook, CardResult, Parts, Releaser, Surroundings
from kiosk.journey.session import DIM_S, DONE_S, NEXT_S, NOTICE_S
from kiosk.journey.staff.staff import CLEANING_S, STAFF_S
from kiosk.views import IDLE_S

__all__ = [
    "CLEANING_S",
    "DIM_S",
    "DONE_S",
    "IDLE_S",
    "NEXT_S",
    "NOTICE_S",
    "RELEASE_S",
    "STAFF_S",
    "CardBook",
    "CardResult",
    "Journey",
    "Parts",
    "Releaser",
    "Surroundings",
]
