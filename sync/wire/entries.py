"""`POST /entries`: what happened at a kiosk, and the register's answer."""

from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from attendance.policy.answers import LONGEST_ROUTE
from sync.wire.clock import ClockReading
from sync.wire.message import Day, Instant, Message, Name, Term, WallTime, Whole

MOST_ENTRIES = 500
"""The most entries in one `POST /entries`."""
MOST_CHARACTERS = 32_768
"""The longest text of one entry, including keys that a register does not know: ten times an ordinary one with
its longest note."""


class Kind(StrEnum):
    """What happened at the kiosk."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    RETURN = "return"
    VOID = "void"


class Basis(Message):
    """What the kiosk knew about the pupil and the day when it decided: enough to reproduce the decision."""

    year: Term
    school_day: bool = True
    agreed: Term | None = None
    """The kind of an appointment agreed in advance."""
    agreed_until: WallTime | None = None
    starts: WallTime | None = None
    """From a kiosk that decides by the first rule: the pupil's individual start on that day."""
    returning: bool = False
    left: WallTime | None = None
    """For a return: when the pupil was signed out."""


class PlanSent(Message):
    """The pupil's plan for that day (part-time timetable). Without times the pupil was not due at all."""

    code: Term
    """`C2`, or `X` for a pupil not of compulsory school age."""
    due_in: WallTime | None = None
    due_out: WallTime | None = None
    confirmed: bool = True
    """`False` for a plan that the office has not confirmed: its code was only suggested."""


class EntryDecision(Message):
    """The rule's decision as the kiosk made it, and what it was based on."""

    rule: Whole = Field(default=1, ge=1)
    """The version of the rule that decided. A kiosk of an earlier version sends none: the first rule."""

    outcome: Term
    code: Term | None = None
    suggested: Term | None = None
    minutes_late: Whole | None = None
    needs_office: bool = False
    consequence: str | None = Field(default=None, max_length=2000)
    policy: Name
    policy_version: Term
    opens: WallTime | None = None
    late_after: WallTime | None = None
    closes: WallTime | None = None
    unauthorised_after: WallTime | None = None
    paragraph: str | None = Field(default=None, max_length=500)
    """The paragraph of the school's document that states the rule."""
    plan: PlanSent | None = None
    """The pupil's plan for that day, whether or not it affected the decision."""
    due: WallTime | None = None
    """When the pupil was due by the plan, if the decision rests on that time."""
    basis: Basis | None = None


class DepartureDetail(Message):
    """The adult who collects a pupil, and the member of staff who released the pupil."""

    request: UUID | None = None
    """The id of the request (`/departures/{id}`) that was released; `None` for a pupil who leaves alone, and
    from a kiosk of an older version."""
    collector: str = Field(max_length=200)
    relationship: Term | None = None
    expected_back: Instant | None = None
    evidence: str | None = Field(default=None, max_length=200)
    released_by: Name | None = None
    released_position: Name | None = None
    """The releaser's job title, such as `Attendance officer`."""
    released_at: Instant | None = None


UNLISTED_PREFIX = "unlisted:"
"""Begins the pupil id of an arrival by a pupil who is not on the kiosk's roster. Each such arrival has an id
of its own, so that two pupils are never taken for one."""


class Unlisted(Message):
    """An arriving pupil who is not on the kiosk's roster, as they typed themselves."""

    name: str = Field(min_length=1, max_length=120)
    form: str = Field(default="", max_length=30)
    """Empty when the pupil does not know it."""


class Entry(Message):
    """One event at a kiosk."""

    id: UUID
    seq: Whole = Field(ge=1)
    kind: Kind
    pupil: str = Field(min_length=1, max_length=64)
    at: Instant
    date: Day
    session: Literal["AM", "PM"] | None = None
    decision: EntryDecision
    reason: str | None = Field(default=None, max_length=64)
    note: str | None = Field(default=None, max_length=500)
    departure: DepartureDetail | None = None
    brought_by: str | None = Field(default=None, min_length=1, max_length=80)
    """The adult who brought a late pupil, as they typed their name; `None` for a pupil who came alone."""
    unlisted: Unlisted | None = None
    """For an arrival whose pupil is not on the kiosk's roster; `pupil` then begins with `unlisted:`."""
    route: str | None = Field(default=None, min_length=1, max_length=LONGEST_ROUTE)
    """The late bus that brought the pupil, as staff at the kiosk named it; `None` for any other arrival."""
    voids: UUID | None = None
    """For a void: the entry that it takes back."""
    corrects: UUID | None = None
    """The entry, made while this kiosk's clock could not be trusted, whose true instant this one has."""
    clock: ClockReading


class EntriesRequest(Message):
    """A batch of entries. They are parsed one by one, so that a bad entry never spoils the others."""

    entries: list[dict[str, Any]] = Field(max_length=MOST_ENTRIES)


class EntryStatus(StrEnum):
    """The register's answer to an entry."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REVIEW = "review"
    REJECTED = "rejected"


class EntryResult(Message):
    """The register's answer to one entry. `id` is as it was sent, or `None` if it could not be read."""

    id: str | None
    status: EntryStatus
    detail: str | None = None


class EntriesResponse(Message):
    """One result for each entry, in the order in which they were sent."""

    results: list[EntryResult]
    server_time: Instant
