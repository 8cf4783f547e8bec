"""The views of arriving: home, finding a pupil, the reason, the result."""

from __future__ import annotations  # the home screen need not wait for the modules of the rule

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from attendance.reasons import Reason
from attendance.sessions import SessionName
from kiosk.views.common import Link, Progress, PupilLabel, Purpose, RequestLine, View

if TYPE_CHECKING:
    from attendance.policy.model import SessionTimes
    from attendance.rule import Decision


@dataclass(frozen=True, slots=True)
class HomeView(View):
    """The home screen: the clock, the times of the register, the choices."""

    now: datetime
    """Wall time at the school."""
    session: SessionName | None = None
    """The current session; `None` on a closed day or after school."""
    times: SessionTimes | None = None
    """The times of that register."""
    closed_because: str | None = None
    """Why the school is closed today, if it is."""
    card_reader: bool = True
    """Whether a reader is ready; without one the screen does not ask for a card."""
    clock_trusted: bool = True
    """Whether the time is known. If not, it is not shown, and every pupil may sign in."""
    in_late_window: bool = False
    """Whether most who come now are late: “I’m late” is the largest choice by far."""
    anyone_out: bool = False
    """Whether “I’m back” is offered: a pupil has signed out here today."""
    may_leave_alone: bool = False
    """Whether “I’m leaving” is offered: some pupils of the school may leave alone."""
    requests: tuple[RequestLine, ...] = ()
    """The requests for release that wait, or have a result that the adult has not looked at."""
    may_bring: bool = False
    """Whether “I’m bringing a child” is offered."""
    youngest: bool = False
    """Whether “Little ones” is offered: the register is open, and the policy names years for it."""
    starting: bool = False
    """Whether the kiosk is still starting: only the choices are known, and the first touch is kept."""

    @property
    def offers(self) -> tuple[bool, ...]:
        """What is offered, and whether “I’m late” stands apart: choices move when this changes."""
        can_act = self.times is not None or not self.clock_trusted
        may = (self.anyone_out, self.may_leave_alone, self.may_bring, self.youngest)
        return (can_act, self.in_late_window, *may)


MOST_ASKED = 2
"""The most pupils about whom “Is this you?” is asked at once; of more, the user chooses one first."""


@dataclass(frozen=True, slots=True)
class FindView(View):
    """Finding a pupil by name: the letters typed so far, and at most six pupils."""

    started: datetime
    """Wall time of the first touch, which counts as the time of arrival."""
    letters: str = ""
    next_letters: frozenset[str] = frozenset()
    """The letters A–Z, or a space, that continue some pupil's name; the others are grey."""
    matches: tuple[PupilLabel, ...] = ()
    has_more: bool = False
    """Whether more letters would lead to further pupils."""
    purpose: Purpose = Purpose.LATE
    approximate: bool = False
    """Whether no name is spelt as typed, and the matches differ from it by one letter. The user then has to
    say that a pupil is the right one (`ConfirmPupil`)."""
    by_year: bool = False
    """Whether “Find by year” is offered."""
    year: str | None = None
    """The only year that is searched (`N`, `R`, `1` …); `None` for all."""
    chosen: tuple[PupilLabel, ...] = ()
    """When collecting: the pupils of the family who were added before."""
    refused_letter: str = ""
    """The grey letter that was just touched and refused."""

    may_be_unlisted: bool = False
    """Whether “My name isn’t here” is offered: an arriving pupil may not be on the list."""

    @property
    def asks(self) -> bool:
        """Whether “Is this you?” is asked about the matches."""
        return self.approximate and 0 < len(self.matches) <= MOST_ASKED


@dataclass(frozen=True, slots=True)
class UnlistedView(View):
    """“My name isn’t here”: the pupil types their name, and then their form."""

    started: datetime
    typed: str
    """As it is shown: `Ruth Anne-Marie O’Kane`, `7B`."""
    keys: frozenset[str]
    """The keys that may come next: letters, digits, a space, `-` and `’`."""
    complete: bool
    """Whether the user can go on."""
    form_of: str = ""
    """The name that was typed, while the form is asked for; empty while the name is."""
    purpose: Purpose = Purpose.LATE


@dataclass(frozen=True, slots=True)
class YearView(View):
    """“Which year are you in?”: the years that have pupils, the youngest first (`N`, `R`, `1` …)."""

    started: datetime
    years: tuple[str, ...]
    purpose: Purpose = Purpose.LATE


@dataclass(frozen=True, slots=True)
class ReasonView(View):
    """The question for a reason."""

    pupil: PupilLabel
    started: datetime
    reasons: tuple[Reason, ...]
    required: bool
    """Whether the user has to choose one."""
    purpose: Purpose = Purpose.LATE
    others: tuple[PupilLabel, ...] = ()
    """When collecting: the other pupils of the family."""
    same: Reason | None = None
    """The reason of the pupil who came at the same time, offered first; `None` without one."""


@dataclass(frozen=True, slots=True)
class SavingView(View):
    """The entry is being saved, and is not shown as recorded yet."""

    pupil: PupilLabel


@dataclass(frozen=True, slots=True)
class DoneView(View):
    """The result of an arrival: what is recorded, and why."""

    entry: UUID
    pupil: PupilLabel
    at: datetime
    """Wall time of the arrival."""
    decision: Decision
    reason: Reason | None
    progress: Progress
    link: Link
    clock_trusted: bool = True
    """If not, the office confirms the time later."""
    already: bool = False
    """Whether the arrival was recorded earlier, and nothing new was recorded."""
    returning: bool = False
    """Whether the pupil signed out today and has come back."""
    unlisted: bool = False
    """Whether the pupil is not on the roster, so that the office has to find them."""
    may_add: bool = False
    """Whether “Someone else with me” is offered."""
