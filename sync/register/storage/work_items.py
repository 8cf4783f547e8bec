"""Work items: one model for each kind.

A row of `work_items` has the kind in a column and the rest of the model as JSON. `read_item` makes the model
of a row, even if an older version wrote it; nothing else reads that JSON.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sync.register.storage.attendance import FIRST_EPOCH, WorkItemRow, WorkKind


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    @property
    def kind(self) -> WorkKind:
        """The kind of work item."""
        work: WorkKind = getattr(self, "work")  # noqa: B009  every model below has it
        return work

    def detail(self) -> dict[str, Any]:
        """The JSON of its row."""
        return self.model_dump(mode="json", exclude={"work"}, exclude_unset=True)


class Conflict(_Item):
    """The register already has another mark."""

    work: Literal[WorkKind.CONFLICT] = WorkKind.CONFLICT
    has: str | None
    """The code in the register when the entry arrived."""
    kiosk: str | None = None
    """The kiosk's code."""


class SchoolDecides(_Item):
    """The policy leaves the mark to the school."""

    work: Literal[WorkKind.NEEDS_OFFICE] = WorkKind.NEEDS_OFFICE
    suggested: str | None = None


class UnknownPupil(_Item):
    """The pupil is not on the register's roll."""

    work: Literal[WorkKind.UNKNOWN_PUPIL] = WorkKind.UNKNOWN_PUPIL
    pupil: str | None = None


class UnlistedArrival(_Item):
    """A pupil signed in who is not on the kiosk's roster: the office finds the pupil."""

    work: Literal[WorkKind.UNLISTED] = WorkKind.UNLISTED
    name: str
    """As the pupil typed it."""
    form: str = ""
    """Empty when the pupil did not know it."""


class UncertainTime(_Item):
    """The entry's time is uncertain."""

    work: Literal[WorkKind.CLOCK] = WorkKind.CLOCK
    why: Literal["not trusted", "ahead", "date", "old", "before enrolment"] | None = None
    """The kiosk did not trust its clock, the time is still to come, the date is not that of the time, or the
    time is long ago or before the kiosk was enrolled."""
    code: str | None = None

    @property
    def long_ago(self) -> bool:
        """Whether the kiosk trusted its clock, and the time is only too long ago to write a mark unseen."""
        return self.why in ("old", "before enrolment")


class NumberGap(_Item):
    """Entries are missing between those that arrived, `first` to `last` included."""

    work: Literal[WorkKind.GAP] = WorkKind.GAP
    epoch: int = FIRST_EPOCH
    first: int
    last: int


class ReusedId(_Item):
    """An id arrived a second time with other content."""

    work: Literal[WorkKind.REUSED_ID] = WorkKind.REUSED_ID
    id: str
    content: str | None = None
    """SHA-256 of the second content."""


class RejectedEntry(_Item):
    """An entry could not be read and is not stored. Holds its readable fields."""

    work: Literal[WorkKind.REJECTED] = WorkKind.REJECTED
    id: str | None = None
    seq: int | None = None
    field: str
    """The first invalid field."""
    entry_kind: str | None = Field(default=None, alias="kind")
    pupil: str | None = None
    at: str | None = None
    """ISO 8601, as it was sent."""

    def detail(self) -> dict[str, Any]:
        """The JSON of its row."""
        return self.model_dump(mode="json", exclude={"work"}, exclude_unset=True, by_alias=True)


class UnsentEntries(_Item):
    """A kiosk was revoked while entries waited on it."""

    work: Literal[WorkKind.UNSENT] = WorkKind.UNSENT
    waiting: int


class UncertainVoid(_Item):
    """A void or a correction could not be carried out automatically."""

    work: Literal[WorkKind.VOID] = WorkKind.VOID
    why: str | None = None
    voids: str | None = None
    corrects: str | None = None

    @property
    def target(self) -> str | None:
        """The id of the entry that was to be taken back."""
        return self.voids or self.corrects


class NumberingWentBack(_Item):
    """A kiosk's numbers went back: its disk was restored or copied."""

    work: Literal[WorkKind.EPOCH] = WorkKind.EPOCH
    epoch: int | None = None
    """The new epoch."""
    seq: int
    """The number with which it began."""
    last: int | None = None
    """The last number of the previous epoch."""


class SeenOnSite(_Item):
    """The office saw a pupil who was signed out or released. Settled at once."""

    work: Literal[WorkKind.BACK] = WorkKind.BACK
    departure: str | None = None
    """The request that was released; `None` when the item names the entry of a sign-out."""
    pupil: str | None = None


class ClocksApart(_Item):
    """A kiosk's clock and the register's disagree."""

    work: Literal[WorkKind.CLOCKS] = WorkKind.CLOCKS
    ahead_s: int
    """Seconds by which the kiosk's clock is ahead; negative when it is behind."""


class DamagedJournal(_Item):
    """A kiosk's journal was damaged, and what could be read of it was saved."""

    work: Literal[WorkKind.DAMAGED] = WorkKind.DAMAGED
    file: str
    """The name of the file that the kiosk has put aside."""
    saved: int = 0
    """How many entries were saved from it."""
    missing: list[tuple[int, int]] = Field(default_factory=list)
    """First and last number of each run of entries that the kiosk has lost and that never arrived."""


class SmallerRoster(_Item):
    """Kiosks keep a roster that is more than a tenth larger than the new one."""

    work: Literal[WorkKind.ROSTER] = WorkKind.ROSTER
    pupils: int
    before: int


class BarredCollector(_Item):
    """A PIN released a pupil to an adult who may not collect, or perhaps may not."""

    work: Literal[WorkKind.COLLECTOR] = WorkKind.COLLECTOR
    match: str
    """How the adult's name compares with the contact's (`departures.collectors.Match`)."""
    name: str
    """The contact's name then; contacts change."""
    relationship: str


class UnreleasedDeparture(_Item):
    """A pupil who may not leave alone was signed out, and no one released them."""

    work: Literal[WorkKind.UNRELEASED] = WorkKind.UNRELEASED


class UncheckedRelease(_Item):
    """A PIN released a pupil, and the kiosk had not asked the register, or had been told that it may not."""

    work: Literal[WorkKind.PIN_RELEASE] = WorkKind.PIN_RELEASE
    why: Literal["not asked", "may not"]
    match: str
    """How the adult's statement compared with the family's list when the entry came
    (`departures.collectors.Match`)."""
    listed: str | None = None
    """The contact on the list that was meant, with the relationship."""


class PlanToConfirm(_Item):
    """A plan that was taken over from individual starts waits for the office's confirmation."""

    work: Literal[WorkKind.PLAN] = WorkKind.PLAN
    pupil: str
    plan: int


class PlanPastReview(_Item):
    """A plan is past its review day and no longer applies."""

    work: Literal[WorkKind.PLAN_REVIEW] = WorkKind.PLAN_REVIEW
    pupil: str
    plan: int
    review: date
    """Its last day."""


WorkItem = Annotated[
    Conflict
    | SchoolDecides
    | UnknownPupil
    | UnlistedArrival
    | UncertainTime
    | NumberGap
    | ReusedId
    | RejectedEntry
    | UnsentEntries
    | UncertainVoid
    | NumberingWentBack
    | SeenOnSite
    | ClocksApart
    | DamagedJournal
    | SmallerRoster
    | BarredCollector
    | UncheckedRelease
    | UnreleasedDeparture
    | PlanToConfirm
    | PlanPastReview,
    Field(discriminator="work"),
]
_ITEM: TypeAdapter[WorkItem] = TypeAdapter(WorkItem)

LEAVES_ENTRY_CERTAIN = frozenset({WorkKind.CONFLICT, WorkKind.NEEDS_OFFICE})
"""The kinds of work item that do not make an entry's pupil or time uncertain."""


def item_of(kind: str, detail: dict[str, Any]) -> WorkItem:
    """The work item that a row's columns describe.

    Raises:
        pydantic.ValidationError: no version wrote such a row.
    """
    return _ITEM.validate_python({**detail, "work": WorkKind(kind)})


def read_item(row: WorkItemRow) -> WorkItem:
    """The work item of a row."""
    return item_of(row.kind, row.detail)


def doubts_time(row: WorkItemRow) -> bool:
    """Whether the row says that its entry's time cannot be shown as the kiosk's clock had it."""
    if row.kind != WorkKind.CLOCK:
        return False
    item = read_item(row)
    return isinstance(item, UncertainTime) and not item.long_ago
