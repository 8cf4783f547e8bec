"""Journeys as lists of choices, each with the screen that is expected after it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

from attendance.reasons import Reason
from kiosk.journey.leaving.pin_release import DEAF_S
from kiosk.views import (
    BackAtView,
    ConfirmView,
    Evidence,
    EvidenceView,
    FindView,
    HomeView,
    NameView,
    PinView,
    ProblemView,
    PupilLabel,
    ReasonView,
    Relationship,
    RelationshipView,
    ReleaseView,
    ReleaseYesView,
    StaffView,
    Trouble,
)
from kiosk.views.touches import (
    AddPupil,
    AskStaff,
    CancelRequest,
    ChooseCollecting,
    ChooseEvidence,
    ChoosePupil,
    ChooseReason,
    ChooseRelationship,
    ChooseReturnTime,
    ChooseStaff,
    Confirm,
    ConfirmName,
    Touch,
)
from sync.wire import Bundle, Entry
from tests.kiosk.reception import Reception, bundle, reception

ValueT = TypeVar("ValueT")
Choice = Touch | str | tuple[Any, ...]
"""A touch; or a method of the journey, the reception or the office by its name, with its arguments."""


@dataclass(frozen=True)
class ExpectedView:
    """A view of some kind, with some attributes."""

    screen: type
    attributes: dict[str, object]


def sees(screen: type, **attributes: object) -> ExpectedView:
    """A view of that kind with these attributes: `decision__code` is `decision.code`, `requests__0` the
    first request, `frame__sound` the frame's. Pupils are written as their ids, and times as `09:07`."""
    return ExpectedView(screen, attributes)


Expected = type | Trouble | ProblemView | ExpectedView | None
"""The screen after a choice; `None` for the same view as before."""
Step = tuple[Choice, Expected]
Steps = list[Step]


class WrongScreenError(AssertionError):
    """A choice led to the wrong screen."""


def walk(desk: Reception, steps: Iterable[Step]) -> None:
    """Make the choices one after the other, and check the screen after each.

    Raises:
        WrongScreenError: another screen is shown than expected.
    """
    for number, (choice, expected) in enumerate(steps, 1):
        before = desk.journey.view
        choose(desk, choice)
        if not _is(desk, before if expected is None else expected):
            raise WrongScreenError(f"step {number}, {choice}: {desk.frames[-1]}, not {expected}")


def choose(desk: Reception, choice: Choice) -> None:
    """Make one choice.

    Raises:
        LookupError: there is no such method.
    """
    if not isinstance(choice, str | tuple):
        desk.journey.handle(choice)
        return
    name, *arguments = (choice,) if isinstance(choice, str) else choice
    for holder in (desk.journey, desk, desk.office, desk.family_list):
        if hasattr(holder, name):
            getattr(holder, name)(*arguments)
            return
    raise LookupError(f"there is no choice {name!r}")


def present(value: ValueT | None) -> ValueT:
    """The value, which must not be `None`."""
    assert value is not None
    return value


def _is(desk: Reception, expected: object) -> bool:
    view = desk.journey.view
    if isinstance(expected, Trouble):
        return isinstance(view, ProblemView) and view.trouble is expected
    if isinstance(expected, ExpectedView):
        matches = all(_attribute(desk, name) == value for name, value in expected.attributes.items())
        return isinstance(view, expected.screen) and matches
    return isinstance(view, expected) if isinstance(expected, type) else view == expected


def _attribute(desk: Reception, name: str) -> object:
    holder, *names = name.split("__")
    if holder == "frame":
        return _plain(reduce(_part, names, desk.frames[-1]))
    return _plain(reduce(_part, [holder, *names], desk.journey.view))


def _part(value: Any, name: str) -> Any:
    """An attribute, or an item by its number."""
    return value[int(name)] if name.isdecimal() else getattr(value, name)


def _plain(value: object) -> object:
    """A value as it is written in a list of steps."""
    if isinstance(value, datetime | time):
        return value.strftime("%H:%M")
    if isinstance(value, PupilLabel):
        return value.id
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value


# --- Whole visits --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """A visit that begins at home, and the entries in the journal after it."""

    steps: Steps
    recorded: list[str] = field(default_factory=list)
    """Each entry in the form of `entry_text`."""
    at: str = "09:07"
    school: Bundle = field(default_factory=bundle)
    trust: str = "synced"


def run_visit(folder: Path, visit: Visit) -> None:
    """Make the visit, and compare the entries in the journal once the disk has answered."""
    with reception(folder, at=visit.at, school=visit.school, trust=visit.trust) as desk:
        walk(desk, visit.steps)
        entries = [entry_text(each) for each in all_entries(desk)]
        assert entries == visit.recorded, entries


def entry_text(entry: Entry) -> str:
    """An entry in a few words: `arrival P1 traffic L`; `-` stands for a missing value. An adult who brought
    the pupil follows: `arrival P1 traffic L by Ruth Okafor`."""
    by = f" by {entry.brought_by}" if entry.brought_by else ""
    return f"{entry.kind} {entry.pupil} {entry.reason or '-'} {entry.decision.code or '-'}{by}"


def all_entries(desk: Reception) -> list[Entry]:
    """All entries in the journal, of any day."""
    return [record.entry for record in desk.journal.newest(1000).result(5)]


# --- Parts of visits -----------------------------------------------------------------------------


def by_name(purpose: Touch, letters: str, pupil: str) -> Steps:
    """From home to the choice of a pupil by name."""
    return [(purpose, FindView), (("type", letters), FindView), (ChoosePupil(pupil), object)]


def collecting(pupil: str = "P5", letters: str = "TO", adult: str = "RUTH OKAFOR") -> Steps:
    """An adult collects a pupil, up to the wait for the office."""
    return [
        (ChooseCollecting(), FindView),
        (("type", letters), FindView),
        (ChoosePupil(pupil), NameView),
        (("type", adult), NameView),
        (ConfirmName(), RelationshipView),
        (ChooseRelationship(Relationship.MOTHER), ReasonView),
        (ChooseReason(Reason.MEDICAL), BackAtView),
        (ChooseReturnTime(time(11, 30)), EvidenceView),
        (ChooseEvidence(Evidence.LETTER), ReleaseView),
    ]


def collecting_two() -> Steps:
    """The same for two pupils of a family, P5 and P3."""
    return [
        *collecting()[:-1],
        (AddPupil(), FindView),
        (("type", "ZO"), FindView),
        (ChoosePupil("P3"), EvidenceView),
        (ChooseEvidence(None), ReleaseView),
    ]


def cancel() -> Steps:
    """Cancel the request on the screen."""
    return [(CancelRequest(), ConfirmView), (Confirm(), HomeView)]


def by_pin(pin: str = "4711") -> Steps:
    """A member of staff releases the request on the screen, while the family's list cannot be checked."""
    return [
        (AskStaff(), PinView),
        (("pin", pin), ReleaseYesView),
        (("waits", DEAF_S), sees(ReleaseYesView, ready=True)),
        (Confirm(), ReleaseView),
    ]


def to_staff(pin: str = "4711") -> Steps:
    """From home to the staff screen."""
    return [(ChooseStaff(), object), (("pin", pin), StaffView)]
