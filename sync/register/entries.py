"""Taking in a batch of entries: each by itself, all in one transaction, and nothing twice."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from sync.register import gaps
from sync.register.intake import Verdict, Voided, Work, take, take_void
from sync.register.marks import Change, Mark, Place, before_entry, current_mark, lock_school, write_mark
from sync.register.reading import Read, Unreadable, content_hash, read, same_content
from sync.register.storage.models import (
    EntryRow,
    KioskRow,
    PupilRow,
    SchoolRow,
    WorkItemRow,
    WorkKind,
)
from sync.wire import EntryResult, Kind, Status

ID_REUSED = "id reused"
NOT_STORABLE = "entry"
"""The detail of an entry that the database itself refused: no one field can be named."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The kiosk that sends, as its token says."""

    kiosk: uuid.UUID
    name: str
    school: str
    zone: ZoneInfo


def sender_of(session: Session, kiosk: uuid.UUID) -> Sender:
    """The sender for an enrolled kiosk's id."""
    query = select(KioskRow.name, SchoolRow.id, SchoolRow.zone).join(SchoolRow).where(KioskRow.id == kiosk)
    name, school, zone = session.execute(query).one()
    return Sender(kiosk, name, school, ZoneInfo(zone))


def take_in(session: Session, sender: Sender, texts: Sequence[str], *, now: datetime) -> list[EntryResult]:
    """Take in a batch; one result for each text, in the same order. The caller commits, then answers.

    Args:
        session: a session that writes.
        sender: who sent the batch.
        texts: the JSON text of each entry, as it was sent.
        now: the instant of receiving.
    """
    lock_school(session, sender.school)
    results, arrived = [], []
    for text in texts:
        understood = read(text)
        seq = understood.seq if isinstance(understood, Unreadable) else understood.entry.seq
        if seq is not None:
            arrived.append(seq)
        results.append(_take_one(session, sender, understood, now))
    kiosk = session.get_one(KioskRow, sender.kiosk)
    gaps.note(session, kiosk, arrived, now=now)
    kiosk.last_seen_at = now
    return results


def _take_one(session: Session, sender: Sender, understood: Read | Unreadable, now: datetime) -> EntryResult:
    if isinstance(understood, Unreadable):
        return EntryResult(id=understood.id, status=Status.REJECTED, detail=understood.field)
    try:
        with session.begin_nested():  # one that the database refuses takes only itself back
            verdict = _settle(session, sender, understood, now)
    except (DataError, IntegrityError):
        verdict = Verdict(Status.REJECTED, NOT_STORABLE)
    return EntryResult(id=understood.id, status=verdict.status, detail=verdict.detail)


def _settle(session: Session, sender: Sender, sent: Read, now: datetime) -> Verdict:
    stored = session.get(EntryRow, sent.entry.id)
    if stored is not None:
        return _again(session, sender, sent, stored, now)
    if sent.entry.kind is Kind.VOID:
        return _void(session, sender, sent, now)
    return _visit(session, sender, sent, now)


def _again(session: Session, sender: Sender, sent: Read, stored: EntryRow, now: datetime) -> Verdict:
    """An id that is known: the same content is a retry, other content is a mistake somebody must look at."""
    if stored.school_id == sender.school and same_content(sent.entry, stored.content_hash, stored.raw):
        return Verdict(Status.DUPLICATE)
    detail = {"id": str(sent.entry.id), "content": content_hash(sent.entry)}
    query = select(WorkItemRow.detail).where(
        WorkItemRow.school_id == sender.school, WorkItemRow.kind == WorkKind.REUSED_ID
    )
    if detail not in session.scalars(query).all():  # told once, however often it is sent
        _put_before_office(session, sender, Work(WorkKind.REUSED_ID, detail), None, now)
    return Verdict(Status.REJECTED, ID_REUSED)


def _visit(session: Session, sender: Sender, sent: Read, now: datetime) -> Verdict:
    entry = sent.entry
    place = None
    if entry.session is not None:
        place = Place(sender.school, entry.pupil, entry.date, entry.session)
    standing = current_mark(session, place) if place else None
    verdict = take(
        entry,
        current=standing.code if standing else None,
        pupil_known=session.get(PupilRow, (sender.school, entry.pupil)) is not None,
        date_right=entry.at.astimezone(sender.zone).date() == entry.date,
    )
    if verdict.status is Status.REJECTED:
        return verdict
    _store(session, sender, sent, verdict, now)
    if verdict.mark is not None and place is not None:
        mark = Mark(verdict.mark.code, verdict.mark.minutes_late, "kiosk", entry.id)
        write_mark(session, place, mark, _by_kiosk(sender, f"{entry.kind.value} at a kiosk", entry.id, now))
    return verdict


def _void(session: Session, sender: Sender, sent: Read, now: datetime) -> Verdict:
    target = session.get(EntryRow, sent.entry.voids) if sent.entry.voids else None
    if target is not None and target.school_id != sender.school:
        target = None
    changed = before_entry(session, target.id) if target else None
    ruling = take_void(sent.entry, _voided(session, target, changed) if target else None)
    if ruling.verdict.status is Status.REJECTED:
        return ruling.verdict
    _store(session, sender, sent, ruling.verdict, now)
    if ruling.undo and changed is not None:
        place, original, _ = changed
        write_mark(session, place, original, _by_kiosk(sender, "taken back at the kiosk", sent.entry.id, now))
    if ruling.take_back and target is not None:
        target.taken_back = True
        session.execute(
            update(WorkItemRow)
            .where(WorkItemRow.entry_id == target.id, WorkItemRow.resolved_at.is_(None))
            .values(resolved_at=now, resolution="taken back at the kiosk", resolved_by=sender.name)
        )
    return ruling.verdict


def _voided(session: Session, target: EntryRow, changed: tuple[Place, Mark | None, Mark] | None) -> Voided:
    stands = changed is not None and current_mark(session, changed[0]) == changed[2]
    return Voided(target.pupil, target.taken_back, wrote=changed is not None, stands=stands)


def _by_kiosk(sender: Sender, reason: str, entry_id: uuid.UUID, now: datetime) -> Change:
    return Change(reason, now, sender.name, "kiosk", entry_id)


def _store(session: Session, sender: Sender, sent: Read, verdict: Verdict, now: datetime) -> None:
    entry, decision = sent.entry, sent.entry.decision
    session.add(
        EntryRow(
            id=entry.id,
            school_id=sender.school,
            kiosk_id=sender.kiosk,
            raw=sent.raw,
            content_hash=content_hash(entry),
            seq=entry.seq,
            kind=entry.kind.value,
            pupil=entry.pupil,
            at=entry.at,
            date=entry.date,
            session=entry.session,
            reason=entry.reason,
            outcome=decision.outcome,
            code=decision.code,
            suggested=decision.suggested,
            minutes_late=decision.minutes_late,
            voids=entry.voids,
            received_at=now,
            status=verdict.status.value,
            detail=verdict.detail,
            taken_back=False,
        )
    )
    session.flush()
    for work in verdict.work:
        _put_before_office(session, sender, work, entry.id, now)


def _put_before_office(
    session: Session, sender: Sender, work: Work, entry_id: uuid.UUID | None, now: datetime
) -> None:
    session.add(
        WorkItemRow(
            school_id=sender.school,
            kind=work.kind.value,
            kiosk_id=sender.kiosk,
            entry_id=entry_id,
            detail=work.detail,
            opened_at=now,
        )
    )
    session.flush()
