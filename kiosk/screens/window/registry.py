"""Every screen there is, by the view that it draws. A screen is imported when it is first wanted: what is
behind the first touch must not hold up the home screen."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from kiosk.views import (
    BackAtView,
    CardView,
    CleaningView,
    ConfirmView,
    DoneView,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    NameView,
    PinView,
    PresenceView,
    ProblemView,
    ReasonView,
    RelationshipView,
    ReleaseView,
    SavingView,
    StaffView,
    View,
    YearView,
)
from kiosk.views.touches import OnTouch


class Screen(Protocol):
    """What every screen is."""

    def show(self, view: Any) -> None:
        """Draw what has changed."""


_WHERE: dict[type[View], str] = {
    HomeView: "arriving.home.HomeScreen",
    FindView: "arriving.find.FindScreen",
    ReasonView: "arriving.reason.ReasonScreen",
    SavingView: "arriving.saving.SavingScreen",
    DoneView: "arriving.done.DoneScreen",
    YearView: "arriving.year.YearScreen",
    NameView: "leaving.name.NameScreen",
    RelationshipView: "leaving.relationship.RelationshipScreen",
    BackAtView: "leaving.back_at.BackAtScreen",
    EvidenceView: "leaving.evidence.EvidenceScreen",
    ReleaseView: "leaving.release.ReleaseScreen",
    LeftView: "leaving.left.LeftScreen",
    ProblemView: "arriving.problem.ProblemScreen",
    PinView: "staff.pin.PinScreen",
    StaffView: "staff.staff.StaffScreen",
    ConfirmView: "staff.confirm.ConfirmScreen",
    PresenceView: "staff.presence.PresenceScreen",
    CleaningView: "staff.cleaning.CleaningScreen",
    CardView: "staff.card.CardScreen",
}

VIEWS = tuple(_WHERE)
"""The kinds of view, in about the order in which they come."""


def screen_of(view: type[View]) -> Callable[[OnTouch], Screen]:
    """The class of the screen that draws such a view, imported now if it was not before."""
    module, _, name = _WHERE[view].rpartition(".")
    return cast(Callable[[OnTouch], Screen], getattr(import_module(f"kiosk.screens.{module}"), name))
