"""Every screen there is, by the view that it draws. A screen is imported when it is first wanted: what is
behind the first touch must not hold up the home screen."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from kiosk.screens.touches import Touches
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


class Screen(Protocol):
    """What every screen is."""

    def show(self, view: Any) -> None:
        """Draw what has changed."""


_WHERE: dict[type[View], str] = {
    HomeView: "home.HomeScreen",
    FindView: "find.FindScreen",
    ReasonView: "reason.ReasonScreen",
    SavingView: "saving.SavingScreen",
    DoneView: "done.DoneScreen",
    YearView: "year.YearScreen",
    NameView: "name.NameScreen",
    RelationshipView: "relationship.RelationshipScreen",
    BackAtView: "back_at.BackAtScreen",
    EvidenceView: "evidence.EvidenceScreen",
    ReleaseView: "release.ReleaseScreen",
    LeftView: "left.LeftScreen",
    ProblemView: "problem.ProblemScreen",
    PinView: "pin.PinScreen",
    StaffView: "staff.StaffScreen",
    ConfirmView: "confirm.ConfirmScreen",
    PresenceView: "presence.PresenceScreen",
    CleaningView: "cleaning.CleaningScreen",
    CardView: "card.CardScreen",
}

VIEWS = tuple(_WHERE)
"""The kinds of view, in about the order in which they come."""


def screen_of(view: type[View]) -> Callable[[Touches], Screen]:
    """The class of the screen that draws such a view, imported now if it was not before."""
    module, _, name = _WHERE[view].partition(".")
    return cast(Callable[[Touches], Screen], getattr(import_module(f"kiosk.screens.{module}"), name))
