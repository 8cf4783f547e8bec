"""Take in a batch of entries: each by itself, all in one transaction, and none twice."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from sync.register.entries import rejected
from sync.register.entries.ledger import Ledger, StoredEntry
from sync.register.entries.numbering import Numbering
from sync.register.entries.parsing import ParsedEntry, UnreadableEntry, content_hash, read, same_content
from sync.register.entries.verdicts import (
    Verdict,
    VoidTarget,
    check_collector,
    check_release,
    refusal,
    take,
    take_correction,
    take_void,
)
from sync.register.marks.claims import Remainder
from sync.register.marks.marks import Change, Mark, Place
from sync.register.sender import Sender
from sync.register.storage.database import lost_race
from sync.register.storage.locks import lock_kiosk, lock_pupils
from sync.register.storage.models import ABOUT_COLLECTOR
from sync.register.storage.work_items import ReusedId, WorkItem
from sync.wire import Entry, EntryResult, EntryStatus, Kind

ID_REUSED = "id reused"
NOT_STORABLE = "entry"
"""The detail of an entry that the database refused: the field at fault is unknown."""
CLOCK_SET = "the kiosk's clock was set"
TAKEN_BACK = "taken back at the kiosk"


log = structlog.get_logger()


def take_in(session: Session, sender: Sender, texts: Sequence[str], *, now: datetime) -> list[EntryResult]:
    """Take in a batch; returns a result for each text, in the same order. The caller commits, then answers.

    Args:
        session: a session that writes.
        sender: the kiosk that sent the batch.
        texts: the JSON text of each entry, as it was sent.
        now: the instant of receiving.
    """
    batch = [read(text) for text in texts]
    kiosk = lock_kiosk(session, sender.kiosk)
    kiosk.last_seen_at = now
    lock_pupils(session, sender.school, {each.entry.pupil for each in batch if isinstance(each, ParsedEntry)})
    together = _take_savepoint(session, sender, batch, now)
    if together is not None:
        return together
    return [_take_alone(session, sender, each, now) for each in batch]


def _take_alone(
    session: Session, sender: Sender, sent: ParsedEntry | UnreadableEntry, now: datetime
) -> EntryResult:
    """Take in one entry in its own savepoint, so that one that the database refuses affects no other.

    Raises:
        sqlalchemy.exc.IntegrityError: the entry lost a race twice; `Database.transact` retries the batch.
    """
    for last_try in (False, True):  # another transaction may just have stored the same id
        try:
            with session.begin_nested():
                return _Intake(session, sender, [sent], now).results()[0]
        except IntegrityError as error:
            if last_try and lost_race(error):
                raise
        except DataError:
            break
    log.warning("entry.not_storable", id=sent.id)
    seq = _seq(sent)
    if seq is not None:  # the entry has arrived, so its number is not missing
        numbering = Numbering(session, sender.kiosk, [seq], now=now)
        numbering.pass_over(seq)
        numbering.write(sender.school, sender.name)
    item = rejected.describe(sent, NOT_STORABLE)
    rejected.report(session, sender.school, sender.kiosk, [item], now=now)
    return EntryResult(id=sent.id, status=EntryStatus.REJECTED, detail=NOT_STORABLE)


def _take_savepoint(
    session: Session, sender: Sender, batch: Sequence[ParsedEntry | UnreadableEntry], now: datetime
) -> list[EntryResult] | None:
    """Take in the whole batch in one savepoint; `None` when the database refused it and nothing was
    stored."""
    try:
        with session.begin_nested():
            return _Intake(session, sender, batch, now).results()
    except (DataError, IntegrityError):
        return None


class _Intake:
    """The intake of one batch."""

    def __init__(
        self, session: Session, sender: Sender, batch: Sequence[ParsedEntry | UnreadableEntry], now: datetime
    ) -> None:
        self._session, self._sender, self._batch, self._now = session, sender, batch, now
        parsed = [each for each in batch if isinstance(each, ParsedEntry)]
        self._ledger = Ledger(session, sender.school, sender.kiosk, parsed)
        seqs = [seq for each in batch if (seq := _seq(each)) is not None]
        self._numbering = Numbering(session, sender.kiosk, seqs, now=now)

    def results(self) -> list[EntryResult]:
        results = [self._take(each) for each in self._batch]
        self._ledger.write()
        self._numbering.write(self._sender.school, self._sender.name)
        self._report_rejected(results)
        return results

    def _report_rejected(self, results: Sequence[EntryResult]) -> None:
        school, kiosk, name = self._sender.school, self._sender.kiosk, self._sender.name
        pairs = list(zip(self._batch, results, strict=True))
        refused = [
            rejected.describe(sent, result.detail or NOT_STORABLE)
            for sent, result in pairs
            if result.status is EntryStatus.REJECTED
            and result.detail != ID_REUSED  # has a work item of its own
        ]
        taken = [sent for sent, result in pairs if result.status is not EntryStatus.REJECTED]
        rejected.report(self._session, school, kiosk, refused, now=self._now)
        rejected.settle(self._session, school, taken, by=name, now=self._now)

    def _take(self, sent: ParsedEntry | UnreadableEntry) -> EntryResult:
        verdict = (
            self._settle(sent) if isinstance(sent, ParsedEntry) else Verdict(EntryStatus.REJECTED, sent.field)
        )
        seq = _seq(sent)
        if verdict.status is EntryStatus.REJECTED and verdict.detail != ID_REUSED and seq is not None:
            self._numbering.pass_over(seq)
        return EntryResult(id=sent.id, status=verdict.status, detail=verdict.detail)

    def _settle(self, sent: ParsedEntry) -> Verdict:
        stored = self._ledger.entry(sent.entry.id)
        if stored is not None:
            return self._again(sent, stored)
        refused = refusal(sent.entry)
        if refused is not None:
            return refused
        if sent.entry.kind is Kind.VOID:
            return self._void(sent)
        return self._visit(sent)

    def _again(self, sent: ParsedEntry, stored: StoredEntry) -> Verdict:
        """An id that is stored already: the same content is a retry, other content opens a work item."""
        if stored.school == self._sender.school and same_content(sent.entry, stored.content_hash, stored.raw):
            return Verdict(EntryStatus.DUPLICATE)
        item = ReusedId(id=str(sent.entry.id), content=content_hash(sent.entry))
        if not self._ledger.was_opened(item):  # once, however often it is sent
            self._open_work_item(item, None)
        return Verdict(EntryStatus.REJECTED, ID_REUSED)

    def _visit(self, sent: ParsedEntry) -> Verdict:
        entry = sent.entry
        if self._ledger.corrected_already(entry.id):
            verdict = Verdict(EntryStatus.ACCEPTED)
            self._store(sent, verdict, taken_back=True)
            return verdict
        may_leave_alone = self._ledger.may_leave_alone(entry.pupil)
        doubts = self._correct(sent) + check_release(entry, may_leave_alone=may_leave_alone)
        place = None
        if entry.session is not None:
            place = Place(self._sender.school, entry.pupil, entry.date, entry.session)
        mark_now = self._ledger.mark(place) if place else None
        verdict = take(
            entry,
            current=mark_now.code if mark_now else None,
            pupil_known=self._ledger.on_roll(entry.pupil),
            date_right=entry.at.astimezone(self._sender.zone).date() == entry.date,
            now=self._now,
            enrolled_at=self._sender.enrolled_at,
            doubts=doubts,
        )
        self._compare_collector(entry)  # first, since its work item is more urgent than those of the mark
        self._store(sent, verdict)
        if verdict.mark is not None and place is not None:
            mark = Mark(verdict.mark.code, verdict.mark.minutes_late, "kiosk", entry.id)
            self._ledger.set_mark(place, mark, self._change(f"{entry.kind.value} at a kiosk", entry.id))
        return verdict

    def _compare_collector(self, entry: Entry) -> None:
        """Open a work item if the adult who collected the pupil may not, or was not checked before a PIN
        released the pupil."""
        if self._ledger.voided_already(entry):
            return
        work = check_collector(
            entry,
            self._ledger.contacts(entry.pupil),
            by_office=self._ledger.released_by_office(entry),
            pin_may=self._ledger.pin_may(entry),
        )
        if work is not None:
            self._open_work_item(work, entry.id)

    def _correct(self, sent: ParsedEntry) -> tuple[WorkItem, ...]:
        """Take back the entry that this one corrects; returns the work items when that is not possible."""
        target = self._own(sent.entry.corrects)
        if target is None:
            return ()
        rest = self._rest(target)
        correction = take_correction(sent.entry, self._voided(target, rest))
        if correction.undo and rest is not None:
            self._set_back(rest, CLOCK_SET, None)
        if correction.take_back:
            self._ledger.take_back(target.id, CLOCK_SET, self._sender.name, self._now)
        return correction.doubts

    def _void(self, sent: ParsedEntry) -> Verdict:
        target = self._own(sent.entry.voids)
        rest = self._rest(target) if target else None
        ruling = take_void(
            sent.entry,
            self._voided(target, rest) if target else None,
            now=self._now,
            enrolled_at=self._sender.enrolled_at,
        )
        self._store(sent, ruling.verdict)
        if ruling.undo and rest is not None:
            self._set_back(rest, TAKEN_BACK, sent.entry.id)
        if ruling.take_back and target is not None:
            self._ledger.take_back(target.id, TAKEN_BACK, self._sender.name, self._now)
        elif target is not None and target.pupil == sent.entry.pupil:
            # The office still decides the mark; but the pupil has not left (as in `whereabouts`).
            for kind in ABOUT_COLLECTOR:
                self._ledger.settle_item(target.id, kind.value, TAKEN_BACK, self._sender.name, self._now)
        return ruling.verdict

    def _rest(self, target: StoredEntry) -> tuple[Place, Remainder] | None:
        """The place of an entry's mark and what remains there without it; `None` unless the mark is
        current."""
        written = self._ledger.written(target.id)
        if written is None or self._ledger.mark(written[0]) != written[2]:
            return None
        return written[0], self._ledger.without(written[0], target.id)

    def _set_back(self, rest: tuple[Place, Remainder], why: str, by: uuid.UUID | None) -> None:
        place, remainder = rest
        # Attribute the mark to its new owner, so that it can be voided in turn.
        entry_id = remainder.claim.mark.entry_id if remainder.claim else by
        self._ledger.set_mark(place, remainder.mark, self._change(remainder.reason(why), entry_id))
        self._ledger.settle(place, self._sender.name, self._now)

    def _own(self, entry_id: uuid.UUID | None) -> StoredEntry | None:
        """The entry if it is of this school; `None` for another school's, as if it did not exist."""
        stored = self._ledger.entry(entry_id)
        return stored if stored is not None and stored.school == self._sender.school else None

    def _voided(self, target: StoredEntry, rest: tuple[Place, Remainder] | None) -> VoidTarget:
        written = self._ledger.written(target.id)
        mark = self._ledger.mark(written[0]) if written else None
        return VoidTarget(
            target.pupil,
            target.taken_back,
            wrote=written is not None,
            stands=rest is not None and not rest[1].upheld,
            another=mark is not None and mark.entry_id not in (None, target.id),
            same_kiosk=target.kiosk == self._sender.kiosk,
        )

    def _change(self, reason: str, entry_id: uuid.UUID | None) -> Change:
        return Change(reason, self._now, self._sender.actor, entry_id)

    def _store(self, sent: ParsedEntry, verdict: Verdict, *, taken_back: bool = False) -> None:
        entry, decision = sent.entry, sent.entry.decision
        row = {
            "id": entry.id,
            "school_id": self._sender.school,
            "kiosk_id": self._sender.kiosk,
            "raw": sent.raw,
            "content_hash": content_hash(entry),
            "epoch": self._numbering.place(entry.seq),
            "seq": entry.seq,
            "kind": entry.kind.value,
            "pupil": entry.pupil,
            "at": entry.at,
            "date": entry.date,
            "session": entry.session,
            "reason": entry.reason,
            "outcome": decision.outcome,
            "code": decision.code,
            "suggested": decision.suggested,
            "minutes_late": decision.minutes_late,
            "voids": entry.voids,
            "corrects": entry.corrects,
            "received_at": self._now,
            "status": verdict.status.value,
            "detail": verdict.detail,
            "certain": verdict.certain,
            "time_certain": verdict.time_certain,
            "taken_back": taken_back,
        }
        self._ledger.store(row, entry.corrects)
        for work in verdict.work:
            self._open_work_item(work, entry.id)

    def _open_work_item(self, work: WorkItem, entry_id: uuid.UUID | None) -> None:
        self._ledger.open_work(
            {
                "school_id": self._sender.school,
                "kind": work.kind.value,
                "kiosk_id": self._sender.kiosk,
                "entry_id": entry_id,
                "detail": work.detail(),
                "opened_at": self._now,
            }
        )


def _seq(sent: ParsedEntry | UnreadableEntry) -> int | None:
    return sent.seq if isinstance(sent, UnreadableEntry) else sent.entry.seq
