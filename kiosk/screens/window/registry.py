"""Which screen draws which view. A screen is imported when it is first used, so that the home screen appears
without waiting for the others."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from kiosk.views import (
    AskedChildView,
    BackAtView,
    BringView,
    BroughtView,
    BusReasonView,
    BusRouteView,
    BusTypedView,
    BusView,
    CardQuestionView,
    CardView,
    ClassesView,
    ClassNamesView,
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
    ReleaseYesView,
    RequestListView,
    SavingView,
    StaffView,
    UnlistedView,
    View,
    YearView,
)
from kiosk.views.touches import OnTouch


class Screen(Protocol):
    """What the host needs of every screen."""

    def show(self, view: Any) -> None:
        """Draw what has changed."""


_SCREENS: dict[type[View], str] = {
    HomeView: "arriving.home.HomeScreen",
    FindView: "arriving.find.FindScreen",
    UnlistedView: "arriving.unlisted.UnlistedScreen",
    ReasonView: "arriving.reason.ReasonScreen",
    SavingView: "arriving.saving.SavingScreen",
    DoneView: "arriving.done.DoneScreen",
    BringView: "arriving.bringing.BringScreen",
    BroughtView: "arriving.brought.BroughtScreen",
    YearView: "arriving.year.YearScreen",
    ClassesView: "arriving.classes.ClassesScreen",
    ClassNamesView: "arriving.class_names.ClassNamesScreen",
    AskedChildView: "arriving.asked_child.AskedChildScreen",
    NameView: "leaving.name.NameScreen",
    RelationshipView: "leaving.relationship.RelationshipScreen",
    CardQuestionView: "leaving.card_question.CardQuestionScreen",
    BackAtView: "leaving.back_at.BackAtScreen",
    EvidenceView: "leaving.evidence.EvidenceScreen",
    ReleaseView: "leaving.release.ReleaseScreen",
    RequestListView: "leaving.requests.RequestListScreen",
    ReleaseYesView: "staff.release_yes.ReleaseYesScreen",
    LeftView: "leaving.left.LeftScreen",
    ProblemView: "arriving.problem.ProblemScreen",
    PinView: "staff.pin.PinScreen",
    StaffView: "staff.staff.StaffScreen",
    ConfirmView: "staff.confirm.ConfirmScreen",
    PresenceView: "staff.presence.PresenceScreen",
    CleaningView: "staff.cleaning.CleaningScreen",
    CardView: "staff.card.CardScreen",
    BusRouteView: "staff.bus_route.BusRouteScreen",
    BusTypedView: "staff.bus_typed.BusTypedScreen",
    BusReasonView: "arriving.bus_reason.BusReasonScreen",
    BusView: "staff.bus.BusScreen",
}

VIEWS = tuple(_SCREENS)
"""The kinds of view, roughly in the order of a visit."""


def screen_class(view: type[View]) -> Callable[[OnTouch], Screen]:
    """The class of the screen for a kind of view, imported on first use."""
    module, _, name = _SCREENS[view].rpartition(".")
    return cast(Callable[[OnTouch], Screen], getattr(import_module(f"kiosk.screens.{module}"), name))
