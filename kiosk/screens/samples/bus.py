"""Samples of the screens of a late bus."""

from dataclasses import replace
from uuid import UUID

from attendance.reasons import Reason
from kiosk.screens.samples.common import AMELIA, FOUND, LONG_NAME, SIX, at, frame
from kiosk.views import (
    BusReasonView,
    BusRouteView,
    BusTypedView,
    BusView,
    Frame,
    PassengerLine,
    PassengerState,
    PupilLabel,
)

ROUTES = ("Bus 27", "Bus 42", "Blue Coaches 2")
KEYS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")


def _line(number: int, pupil: PupilLabel, state: PassengerState = PassengerState.SIGNED_IN) -> PassengerLine:
    return PassengerLine(pupil, at("09:21"), state, UUID(int=number))


def _bus(*lines: PassengerLine, count: int = 14) -> BusView:
    newest = lines[0] if lines and lines[0].state is PassengerState.SIGNED_IN else None
    return BusView("Bus 27", Reason.SCHOOL_TRANSPORT, count, lines, undo=newest)


def frames() -> dict[str, Frame]:
    """Every state of a late bus."""
    others = [_line(number, pupil) for number, pupil in enumerate((*SIX, AMELIA, *FOUND), start=2)]
    states = {
        f"bus-{state.value.replace('_', '-')}": frame(_bus(_line(1, AMELIA, state), *others))
        for state in PassengerState
    }
    return {
        "bus-route": frame(BusRouteView(ROUTES)),
        "bus-route-many": frame(BusRouteView(tuple(f"Bus {number}" for number in range(20, 31)))),
        "bus-typed": frame(BusTypedView("BUS 27", KEYS, complete=True)),
        "bus-typed-empty": frame(BusTypedView("", KEYS, complete=False)),
        "bus-reason": frame(BusReasonView(tuple(Reason))),
        "bus-empty": frame(_bus(count=0)),
        "bus-one": frame(_bus(_line(1, LONG_NAME), count=1)),
        **states,
        "bus-no-reader": frame(replace(_bus(_line(1, AMELIA), *others), card_reader=False)),
        "bus-undo-failed": frame(replace(_bus(_line(1, AMELIA), *others), undo_failed=True)),
    }
