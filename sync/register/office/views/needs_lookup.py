"""Reads the rows that a page of decisions needs, with one statement per table instead of one per decision."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from attendance.policy.model import Policy
from sync.register.marks.marks import MarkWrite, Place, written_by
from sync.register.schools import policies
from sync.register.storage.models import (
    EntryRow,
    KioskRow,
    MarkChangeRow,
    MarkRow,
    PupilRow,
    WorkItemRow,
)
from sync.register.storage.work_items import (
    PlanPastReview,
    PlanToConfirm,
    RejectedEntry,
    SeenOnSite,
    UncertainVoid,
    read_item,
)

BATCH = 500
"""Values per statement, which databases limit."""

RowT = TypeVar("RowT")


class PolicyVersions:
    """A cache of a school's policies by version."""

    def __init__(self, session: Session, school: str) -> None:
        self._session, self._school = session, school
        self._known: dict[str, Policy | None] = {}

    def of(self, version: str) -> Policy | None:
        """The policy of that version; `None` when it is missing or this Latebook cannot read it."""
        if version not in self._known:
            self._known[version] = self._read(version)
        return self._known[version]

    def _read(self, version: str) -> Policy | None:
        body = policies.body_of(self._session, self._school, version)
        try:
            return None if body is None else Policy.model_validate(body)
        except ValidationError:
            return None  # written by another version of Latebook: its decisions are shown in plain sentences


class ItemLookup:
    """Entries, kiosks, pupils and policies of some work items."""

    def __init__(self, session: Session, school: str, items: Sequence[WorkItemRow]) -> None:
        self.versions = PolicyVersions(session, school)
        self._session, self._school = session, school
        entries = {item.entry_id for item in items if item.entry_id}
        self._entries = {row.id: row for row in _rows(session, EntryRow, EntryRow.id, entries)}
        kiosks = {item.kiosk_id for item in items if item.kiosk_id}
        self._kiosks = {row.id: row.name for row in _rows(session, KioskRow, KioskRow.id, kiosks)}
        pupils = {entry.pupil for entry in self._entries.values()}
        pupils |= {pupil for item in items if (pupil := _pupil_id(item))}
        own = PupilRow.school_id == school
        self._pupils = {row.id: row for row in _rows(session, PupilRow, PupilRow.id, pupils, own)}
        self.voided = written_by(session, [target for item in items if (target := voided_by(item))])

    def entry(self, item: WorkItemRow) -> EntryRow | None:
        """The entry that the item is about, if any."""
        return self._entries.get(item.entry_id) if item.entry_id else None

    def kiosk(self, item: WorkItemRow) -> str:
        """The name of the item's kiosk."""
        return self._kiosks.get(item.kiosk_id, "A kiosk") if item.kiosk_id else "A kiosk"

    def pupil(self, entry: EntryRow) -> PupilRow | None:
        """The entry's pupil; `None` when not on the roll."""
        return self._pupils.get(entry.pupil)

    def pupil_of_item(self, item: WorkItemRow) -> PupilRow | None:
        """The pupil of an item without an entry; `None` when it names none, or one not on the roll."""
        pupil = _pupil_id(item)
        return self._pupils.get(pupil) if pupil else None

    def written(self, item: WorkItemRow) -> MarkWrite | None:
        """The mark that the item's voided entry had written, if any."""
        target = voided_by(item)
        return self.voided.get(target) if target else None


def voided_by(item: WorkItemRow) -> uuid.UUID | None:
    """The voided entry, if the item is about a void."""
    void = read_item(item)
    return uuid.UUID(void.target) if isinstance(void, UncertainVoid) and void.target else None


def _pupil_id(item: WorkItemRow) -> str | None:
    """The pupil of an item without an entry: seen on site after a release, named by a refused entry, or whose
    plan it is."""
    detail = read_item(item)
    if isinstance(detail, SeenOnSite | RejectedEntry | PlanToConfirm | PlanPastReview):
        return detail.pupil
    return None


class CurrentMarks:
    """The current marks of some pupils and sessions, with the last change to each."""

    def __init__(self, session: Session, school: str, places: Iterable[Place | None]) -> None:
        known = {place for place in places if place is not None}
        pupils, days = {place.pupil for place in known}, {place.date for place in known}
        self._codes: dict[Place, str] = {}
        self._changes: dict[Place, MarkChangeRow] = {}
        for mark in _rows(
            session, MarkRow, MarkRow.pupil, pupils, MarkRow.school_id == school, MarkRow.date.in_(days)
        ):
            self._codes[Place(school, mark.pupil, mark.date, mark.session)] = mark.code
        own = (MarkChangeRow.school_id == school, MarkChangeRow.date.in_(days))
        changes = _rows(session, MarkChangeRow, MarkChangeRow.pupil, pupils, *own)
        for change in sorted(changes, key=lambda each: each.id):
            self._changes[Place(school, change.pupil, change.date, change.session)] = change

    def code(self, place: Place | None) -> str | None:
        """The current code; `None` when the mark is empty or `place` is `None`."""
        return self._codes.get(place) if place else None

    def change(self, place: Place) -> MarkChangeRow | None:
        """The last change to that mark."""
        return self._changes.get(place)


def _rows(
    session: Session,
    table: type[RowT],
    column: InstrumentedAttribute[Any],
    values: Iterable[Any],
    *also: Any,
) -> Iterator[RowT]:
    in_order = sorted(values, key=str)
    for at in range(0, len(in_order), BATCH):
        part = in_order[at : at + BATCH]
        yield from session.scalars(select(table).where(column.in_(part), *also))
