"""Samples of an adult who brings late children."""

from dataclasses import replace
from string import ascii_uppercase

from attendance.reasons import Reason
from kiosk.screens.samples.arriving import decision_at, done, find
from kiosk.screens.samples.common import AMELIA, FOUND, LONG_NAME, NINE_REASONS, SIX, at, frame
from kiosk.views import (
    BringView,
    BroughtView,
    Frame,
    Link,
    LinkStatus,
    NameView,
    Progress,
    PupilLabel,
    Purpose,
    View,
)

ADULT, LONG_ADULT = "Marta Kowalska", "Oluwaseun Bartholomew-Fitzgerald"


def bring(
    *children: PupilLabel, chosen: Reason | None = None, reasons: tuple[Reason, ...] = NINE_REASONS
) -> BringView:
    """The children named so far."""
    return BringView(ADULT, children, at("09:07"), reasons, chosen, required=True, may_add=len(children) < 4)


def brought(*children: PupilLabel, clock: str = "09:07", failed: tuple[PupilLabel, ...] = ()) -> BroughtView:
    """The result for these children."""
    arrivals = tuple(done(clock, decision_at(clock), pupil=child) for child in children)
    progress = Progress.SAVED if failed else Progress.SENT
    return BroughtView(ADULT, arrivals, progress, Link.CONNECTED, failed)


def _views() -> dict[str, View]:
    name = NameView((), "Marta Kow", frozenset(ascii_uppercase + " -’"), complete=True)
    finding = replace(find("AM", "AEIY ", SIX), purpose=Purpose.BRINGING)
    family = (AMELIA, FOUND[1])
    two = brought(*family)
    mixed = (
        replace(two.arrivals[0], already=True),
        done("09:31", decision_at("09:31"), pupil=FOUND[1]),
        done("08:58", decision_at("08:58"), pupil=FOUND[2]),
        done("09:07", decision_at("09:07", Reason.SCHOOL_TRANSPORT), pupil=LONG_NAME),
    )
    return {
        "bring-name": replace(name, purpose=Purpose.BRINGING),
        "bring-find": finding,
        "bring-find-another": replace(finding, chosen=family[:1]),
        "bring-one": bring(AMELIA),
        "bring-two": bring(*family, chosen=Reason.TRAFFIC),
        "bring-four": replace(bring(*FOUND, LONG_NAME), adult=LONG_ADULT),
        "bring-all-reasons": bring(*family, reasons=tuple(Reason), chosen=Reason.OTHER),
        "bring-no-reason": bring(AMELIA, reasons=()),
        "brought-one": brought(AMELIA),
        "brought-two": two,
        "brought-after-close": brought(*family, clock="09:31"),
        "brought-mixed": replace(two, arrivals=mixed, adult=LONG_ADULT),
        "brought-one-not-saved": brought(AMELIA, failed=FOUND[1:2]),
    }


def in_every_look() -> dict[str, View]:
    """The screens with most to show."""
    views = _views()
    return {name: views[name] for name in ("bring-four", "brought-mixed", "brought-one-not-saved")}


def frames() -> dict[str, Frame]:
    """Every sample of bringing by name."""
    offline = LinkStatus(Link.OFFLINE, 2)
    return {
        name: frame(view, offline) if name.endswith("not-saved") else frame(view)
        for name, view in _views().items()
    }
