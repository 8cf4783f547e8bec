"""Rosters uploaded at the office page: read in the background, reviewed, then imported or discarded.

The progress of each is in the database, so that any worker can show it. The contents stay there until a user
has decided; the file itself is never stored.
"""

import uuid
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.actor import Actor, Person
from sync.register.roster.applying import apply_plan
from sync.register.roster.descriptions import FIELD_NAMES, counts, numbers
from sync.register.roster.errors import ImportDecidedError, RosterError, UnknownImportError
from sync.register.roster.files import Source
from sync.register.roster.opening import open_roster
from sync.register.roster.plan import Plan, make_plan
from sync.register.roster.reading import RosterContents, read
from sync.register.roster.roster import Format, RosterFile
from sync.register.roster.rows import RosterField
from sync.register.storage.database import Database
from sync.register.storage.models import ImportRow, ImportState, SchoolRow
from sync.wire import Message

log = structlog.get_logger()

LASTS = timedelta(hours=1)
"""How long an import waits for a decision, and how long its result can be seen."""
LOST_AFTER = timedelta(minutes=2)
"""After this time without progress, the worker that read the file has gone."""
STEPS = 50
"""The most progress updates of one reading."""

_READING = TypeAdapter(RosterContents)


class RosterSummary(Message):
    """The format and columns of a file, for the user to confirm."""

    format: str
    about: str
    found: list[tuple[str, str]]
    """Each field with its heading."""
    passed_over: list[str]


@dataclass(frozen=True, slots=True)
class RosterUpload:
    """A roster as uploaded."""

    sources: Sequence[Source]
    columns: Mapping[RosterField, str]
    """For CSV: the headings that the user has named."""
    file_school: str | None
    """The school to import, if the file has several."""
    whole: bool | None
    """Whether pupils who are not in it have left; `None` for the format's own rule."""


def begin(session: Session, person: Person, upload: RosterUpload, *, now: datetime) -> uuid.UUID:
    """Record that a roster is being read, and delete imports that are more than an hour old."""
    session.execute(delete(ImportRow).where(ImportRow.begun_at < now - LASTS))
    row = ImportRow(
        id=uuid.uuid4(),
        school_id=person.school,
        login=person.login,
        uploaded_by=person.name,
        file=upload.sources[0].name[:200],
        state=ImportState.READING.value,
        begun_at=now,
        changed_at=now,
        done=0,
        expected=0,
        whole=upload.whole,
    )
    session.add(row)
    return row.id


def read_upload(
    database: Database, import_id: uuid.UUID, upload: RosterUpload, *, now: Callable[[], datetime]
) -> None:
    """Read a roster to its end and record the progress. Runs in the background.

    Args:
        database: the register's.
        import_id: an import that has begun.
        upload: its files.
        now: returns the instant, UTC.
    """
    progress = _Progress(database, import_id, now)
    try:
        file = _open(database, import_id, upload, now())
        progress.begins(file)
        reading = read(file, progress.advance)
    except RosterError as error:
        progress.ends(ImportState.FAILED, result=error.plain)
        return
    except Exception as error:
        log.error("roster.not_read", error=type(error).__name__)
        progress.ends(ImportState.FAILED, result="the register failed while reading it; nothing was changed")
        raise
    progress.ends(ImportState.READY, reading=zlib.compress(_READING.dump_json(reading)))


def current_import(session: Session, school: str, import_id: uuid.UUID, *, now: datetime) -> ImportRow:
    """The current state of a school's import. One whose worker has gone counts as failed.

    Raises:
        UnknownImportError: there is no such import.
    """
    row = session.get(ImportRow, import_id)
    if row is None or row.school_id != school or row.begun_at < now - LASTS:
        raise UnknownImportError
    if row.state == ImportState.READING and row.changed_at < now - LOST_AFTER:
        session.expunge(row)  # changed in memory only: the session may be read-only
        row.state = ImportState.FAILED.value
        row.result = "the register was stopped while reading it; upload it again"
    return row


def open_imports(session: Session, school: str, *, now: datetime) -> list[ImportRow]:
    """The imports that are being read or wait for a decision, newest first."""
    open_states = (ImportState.READING.value, ImportState.READY.value)
    query = select(ImportRow).where(
        ImportRow.school_id == school, ImportRow.state.in_(open_states), ImportRow.begun_at >= now - LASTS
    )
    return list(session.scalars(query.order_by(ImportRow.begun_at.desc())))


def plan_of(session: Session, row: ImportRow) -> Plan:
    """The changes that a finished import would make now."""
    return make_plan(session, row.school_id, _reading(row), whole=row.whole)


def apply(
    session: Session,
    school: str,
    import_id: uuid.UUID,
    *,
    agreed: str,
    shrink: bool,
    by: Actor,
    now: datetime,
) -> Plan:
    """Apply an import that a user has reviewed and agreed to.

    Args:
        session: a session that writes.
        school: the user's school.
        import_id: an import that is ready.
        agreed: the fingerprint of the plan that the user has seen.
        shrink: whether the user has agreed that more than a tenth of the pupils go.
        by: the user, for the audit.
        now: the instant, UTC.

    Raises:
        UnknownImportError: there is no such import.
        ImportDecidedError: another user has decided already.
        RosterChangedError: the register has changed since the review; nothing was imported.
        RosterError: more than a tenth would go and the user has not agreed to it.
    """
    row = _waiting(session, school, import_id, now)
    zone = ZoneInfo(session.get_one(SchoolRow, school).zone)
    today = now.astimezone(zone).date()
    reading, whole = _reading(row), row.whole
    plan = apply_plan(session, school, reading, agreed=agreed, on=today, whole=whole, shrink=shrink)
    audit.note(session, by, audit.Action.ROSTER_IMPORT, now=now, subject=row.file, **numbers(plan))
    _decide(row, ImportState.DONE, counts(plan), now)
    return plan


def discard(session: Session, school: str, import_id: uuid.UUID, *, now: datetime) -> None:
    """Discard an import; nothing is changed.

    Raises:
        UnknownImportError: there is no such import.
        ImportDecidedError: another user has decided already.
    """
    row = _waiting(session, school, import_id, now)
    _decide(row, ImportState.DISCARDED, "nothing was changed", now)


def _waiting(session: Session, school: str, import_id: uuid.UUID, now: datetime) -> ImportRow:
    query = select(ImportRow).where(ImportRow.id == import_id, ImportRow.school_id == school)
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None or row.begun_at < now - LASTS:
        raise UnknownImportError
    if row.state != ImportState.READY:
        raise ImportDecidedError(f"this import is {row.state}: {row.result or 'it is still being read'}")
    return row


def _decide(row: ImportRow, state: ImportState, result: str, now: datetime) -> None:
    row.state, row.result, row.reading, row.changed_at = state.value, result, None, now


def _reading(row: ImportRow) -> RosterContents:
    if row.reading is None:
        raise ImportDecidedError("this import is not ready yet")
    return _READING.validate_json(zlib.decompress(row.reading))


def _open(database: Database, import_id: uuid.UUID, upload: RosterUpload, now: datetime) -> RosterFile:
    with database.read() as session:
        school = session.get_one(SchoolRow, session.get_one(ImportRow, import_id).school_id)
    return open_roster(
        upload.sources,
        on=now.astimezone(ZoneInfo(school.zone)).date(),
        # Columns can be named for CSV alone, so naming some implies the format.
        format_=Format.CSV if upload.columns else None,
        columns=upload.columns,
        file_school=upload.file_school,
        ours=(school.id, school.name),
    )


class _Progress:
    """Records how far a reading is, and how it ended."""

    def __init__(self, database: Database, import_id: uuid.UUID, now: Callable[[], datetime]) -> None:
        self._database, self._id, self._now = database, import_id, now
        self._done = self._written = 0
        self._stride = 0

    def begins(self, file: RosterFile) -> None:
        self._stride = file.expected // STEPS
        summary = RosterSummary(
            format=file.format.label,
            about=file.about,
            found=[(FIELD_NAMES[field], heading) for field, heading in file.fields],
            passed_over=list(file.unread),
        )
        self._write(expected=file.expected, summary=summary.model_dump(mode="json"))

    def advance(self, rows: int) -> None:
        self._done += rows
        if self._done - self._written >= self._stride:
            self._written = self._done
            self._write(done=self._done)

    def ends(self, state: ImportState, **values: object) -> None:
        self._write(state=state.value, **values)

    def _write(self, **values: object) -> None:
        with self._database.write() as session:
            row = session.get(ImportRow, self._id)
            if row is None:  # deleted after an hour
                return
            for name, value in {**values, "changed_at": self._now()}.items():
                setattr(row, name, value)
