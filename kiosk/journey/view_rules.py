"""How the kiosk behaves while a view is on the screen, in one table. A view without a row follows `USUAL`."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from kiosk.views import (
    IDLE_S,
    SHORT_S,
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

DONE_S = 15.0
"""Seconds that a result stays to be read."""
NEXT_S = 4.0
"""The same while another card is waiting."""
STAFF_S = 60.0
"""Seconds without a touch after which the staff screen locks."""
SEAT_CARD_WAITS_S = 4.0
"""The same while another card is waiting: long enough to read one sentence."""
SEAT_S = 10.0
"""Seconds for which an adult is asked to take a seat."""
BUS_S = 180.0
"""Seconds without a card or a touch after which a late bus ends by itself."""
CLASS_S = 15.0
"""Seconds without a touch after which the first names of a class are gone."""
FOREVER = inf
"""The view stays until a step replaces it."""


@dataclass(frozen=True, slots=True)
class ViewRule:
    """How the kiosk behaves while a view is shown."""

    stay_s: float = SHORT_S
    """Seconds without a touch until the step's `time_is_up`. A step may ask for another time."""
    stay_if_card_waits_s: float | None = None
    """The same while another pupil's card is waiting, if that differs."""
    asks_still_there: bool = False
    """Ask “Still there?” before the view's time is up, so that no answer is lost without warning."""
    counts_down: bool = False
    """The screen shows how long the view stays."""
    dims: bool = False
    """The screen goes dim after `DIM_S` without a touch or a card."""
    gives_way: bool = False
    """An unrelated problem, such as two cards at once, may replace this view, unless the step is busy."""
    unknown_card_waits: bool = False
    """An unknown card only raises a notice beside this view, even if the step is not busy."""


ANSWER = ViewRule(stay_s=IDLE_S, asks_still_there=True)
RESULT = ViewRule(stay_s=DONE_S, stay_if_card_waits_s=NEXT_S, counts_down=True)
STAFF = ViewRule(stay_s=STAFF_S)
USUAL = ViewRule()
"""The step's `time_is_up` after `SHORT_S` without a touch, and nothing else."""

RULES: Mapping[type[View], ViewRule] = {
    HomeView: ViewRule(stay_s=FOREVER, dims=True, gives_way=True),  # HomeStep
    FindView: ANSWER,  # every FindPupilStep
    YearView: ANSWER,  # the same
    UnlistedView: ANSWER,  # UnlistedStep
    ReasonView: ViewRule(
        stay_s=IDLE_S, asks_still_there=True, unknown_card_waits=True
    ),  # SignInStep and those for leaving
    BringView: ANSWER,  # BringStep
    BroughtView: RESULT,  # ResultStep
    ClassesView: ANSWER,  # YoungestStep
    ClassNamesView: ViewRule(stay_s=CLASS_S),  # YoungestStep
    AskedChildView: ViewRule(stay_s=CLASS_S),  # YoungestStep
    SavingView: USUAL,  # SavingStep
    DoneView: RESULT,  # ResultStep
    CardQuestionView: ANSWER,  # LeaveAloneStep, CollectStep
    NameView: ANSWER,  # CollectStep, BringStep
    RelationshipView: ANSWER,  # CollectStep
    BackAtView: ANSWER,  # LeaveAloneStep, CollectStep
    EvidenceView: ANSWER,  # CollectStep
    ReleaseView: ViewRule(
        stay_s=SEAT_S, stay_if_card_waits_s=SEAT_CARD_WAITS_S, counts_down=True
    ),  # ReleaseStep
    RequestListView: USUAL,  # RequestListStep
    LeftView: RESULT,  # ResultStep
    ProblemView: ViewRule(
        stay_s=DONE_S, stay_if_card_waits_s=NEXT_S, counts_down=True, gives_way=True
    ),  # ResultStep
    PinView: USUAL,  # StaffStep, PinReleaseStep
    ReleaseYesView: USUAL,  # PinReleaseStep
    StaffView: STAFF,  # StaffStep
    ConfirmView: STAFF,  # StaffStep, CardsStep; ReleaseStep, with a time of its own
    PresenceView: STAFF,  # StaffStep
    CleaningView: ViewRule(stay_s=FOREVER),  # StaffStep, which counts its seconds
    CardView: STAFF,  # CardsStep
    BusRouteView: STAFF,  # BusStep
    BusTypedView: STAFF,  # BusStep
    BusReasonView: STAFF,  # BusStep
    BusView: ViewRule(stay_s=BUS_S, asks_still_there=True),  # BusStep
}
"""The rule of each view. The comments name the steps that show it."""


def rule_for(view: View) -> ViewRule:
    """The rule for a view."""
    return RULES.get(type(view), USUAL)
