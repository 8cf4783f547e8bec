"""Home, finding a pupil, and what a late or returning pupil sees."""

from __future__ import annotations  # the home screen need not wait for the modules of the rule

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from attendance.reasons import Reason
from attendance.sessions import SessionName
from kiosk.views.common import Link, Progress, PupilLabel, Purpose, View

if TYPE_CHECKING:
    from attendance.policy.model import SessionTimes
    from attendance.rule import Decision


@dataclass(frozen=True, slots=True)
class HomeView(View):
    """The clock, the register's times with now on them, the choices.

    `session`, `times` and `ends` are of the register that matters now; None on a closed day or after
    school, and `closed_because` then says why.
    """

    now: datetime
    """Wall time at the school."""
    session: SessionName | None = None
    times: SessionTimes | None = None
    closed_because: str | None = None
    card_reader: bool = True
    """Whether a reader is ready; without one nobody is asked to tap."""
    clock_trusted: bool = True
    """False: the time is not known; it is not shown, and everybody may sign in."""
    may_leave_alone: bool = False
    """Whether anybody at this school may sign themselves out: “I’m leaving” is offered then."""
    starting: bool = False
    """The kiosk has only just begun: nothing is known yet but the choices, and one that is made is kept."""


@dataclass(frozen=True, slots=True)
class FindView(View):
    """Letters so far, the letters that lead on, and at most six pupils."""

    started: datetime
    """Wall time of the first touch: the instant that will count."""
    letters: str = ""
    next_letters: frozenset[str] = frozenset()
    """Upper-case A–Z, and ` ` where a space leads on."""
    matches: tuple[PupilLabel, ...] = ()
    has_more: bool = False
    """There are others, whom more letters lead to: more than six match, or some but for one letter."""
    purpose: Purpose = Purpose.LATE
    approximate: bool = False
    """Nobody is spelt as typed: these would be with one letter other, more, fewer or swapped."""
    by_year: bool = False
    """“Find by year” is offered (`choose_by_year`)."""
    year: str | None = None
    """Only pupils of this year are looked for: `N`, `R`, `1` …"""
    chosen: tuple[PupilLabel, ...] = ()
    """Collecting: the pupils of the family who are in the list already."""
    letter_refused: bool = False
    """A grey letter was touched: nobody who is looked for is called so, and it was not taken."""


@dataclass(frozen=True, slots=True)
class YearView(View):
    """Which year are you in? The years that have pupils, youngest first: `N`, `R`, `1` …"""

    started: datetime
    years: tuple[str, ...]
    purpose: Purpose = Purpose.LATE


@dataclass(frozen=True, slots=True)
class ReasonView(View):
    """Why? `required`: there is no going on without one."""

    pupil: PupilLabel
    started: datetime
    reasons: tuple[Reason, ...]
    required: bool
    purpose: Purpose = Purpose.LATE
    others: tuple[PupilLabel, ...] = ()
    """Collecting: who else goes with that pupil."""


@dataclass(frozen=True, slots=True)
class SavingView(View):
    """The entry is on its way to the disk; nothing is said to be recorded yet."""

    pupil: PupilLabel


@dataclass(frozen=True, slots=True)
class DoneView(View):
    """What was recorded, and why. `clock_trusted` False: the office will confirm the time."""

    entry: UUID
    pupil: PupilLabel
    at: datetime
    """Wall time of the arrival."""
    decision: Decision
    reason: Reason | None
    progress: Progress
    link: Link
    clock_trusted: bool = True
    already: bool = False
    """Nothing new was recorded: this is what was recorded earlier."""
    returning: bool = False
    """Back from an appointment: signed out today, and in again now."""
