"""A kiosk's numbering: missing numbers, and a `seq` that goes back.

A kiosk numbers its entries without gaps, so a missing number is an entry that has not arrived. After a disk
was restored from a copy, or copied to a second kiosk, used numbers come again with other entries. Then a new
epoch begins, in which the numbers count from there again; no entry is lost, and a work item is opened. Two
kiosks that run from copies of one disk each continue in the epoch that fits.

A kiosk that is enrolled again continues its numbering under another token: the entries that it sent under its
earlier enrolment are not missing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.register.entries.parsing import MOST_SEQ
from sync.register.storage.attendance import FIRST_EPOCH
from sync.register.storage.locks import lock_kiosk
from sync.register.storage.models import EntryRow, KioskEpochRow, KioskRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import NumberGap, NumberingWentBack, WorkItem, read_item
from sync.wire import Heartbeat, SeqRange

MOST_MISSING = 50
"""How many ranges of numbers a kiosk is asked for at a time."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A range of missing numbers, `first` to `last`, both included."""

    epoch: int
    first: int
    last: int

    def without(self, seq: int) -> list["Gap"]:
        """The gaps that remain when that number has arrived."""
        if not self.first <= seq <= self.last:
            return [self]
        parts = (Gap(self.epoch, self.first, seq - 1), Gap(self.epoch, seq + 1, self.last))
        return [part for part in parts if part.first <= part.last]


class Numbering:
    """The numbering of one kiosk while a batch of its entries is taken in."""

    def __init__(self, session: Session, kiosk: uuid.UUID, seqs: Sequence[int], *, now: datetime) -> None:
        """Read the kiosk's epochs. The caller has locked the kiosk.

        Args:
            session: a session that writes.
            kiosk: the kiosk that sends.
            seqs: the numbers in the batch, in any order.
            now: the instant of receiving.
        """
        self._session, self._kiosk, self._now = session, kiosk, now
        query = select(KioskEpochRow).where(KioskEpochRow.kiosk_id == kiosk)
        newest_first = query.order_by(KioskEpochRow.epoch.desc()).execution_options(populate_existing=True)
        self._epochs = list(session.scalars(newest_first))
        used = select(EntryRow.epoch, EntryRow.seq).where(
            EntryRow.kiosk_id == kiosk, EntryRow.seq.in_(set(seqs))
        )
        self._used = {(epoch, seq) for epoch, seq in session.execute(used)}
        self._gaps: list[Gap] = []
        self._went_back: list[NumberingWentBack] = []
        self._filled = False
        self._passed: set[int] = set()

    def place(self, seq: int) -> int:
        """Place an entry with that number in an epoch, a new one if it fits none; returns the epoch."""
        self._begin_first(seq)
        epoch = self._fitting(seq)
        if epoch is None and seq > self._epochs[0].last_seq:
            epoch = self._epochs[0]
        if epoch is None:
            epoch = self._go_back(seq)
        self._count(epoch, seq)
        self._used.add((epoch.epoch, seq))
        return epoch.epoch

    def pass_over(self, seq: int) -> None:
        """Count the number of an entry that arrived and is not stored: it is no longer missing."""
        self._begin_first(seq)
        newest = self._epochs[0]
        if seq > newest.last_seq:
            self._count(newest, seq)
        else:
            self._gaps = [part for gap in self._gaps for part in gap.without(seq)]
            self._passed.add(seq)
            self._filled = True

    def ends_at(self, last_seq: int) -> None:
        """Record the kiosk's last number when its queue is empty: an entry that has not arrived by now will
        not come by itself."""
        if last_seq > max(epoch.last_seq for epoch in self._epochs):
            newest = self._epochs[0]
            self._gaps.append(Gap(newest.epoch, newest.last_seq + 1, last_seq))
            newest.last_seq = last_seq

    def write(self, school: str, kiosk_name: str) -> None:
        """Open a work item for each new gap and epoch, and settle those of closed gaps."""
        for gap in self._gaps:
            self._open(school, NumberGap(epoch=gap.epoch, first=gap.first, last=gap.last))
        for item in self._went_back:
            self._open(school, item)
        self._session.flush()
        if self._filled:
            self._settle_closed(kiosk_name)

    def _fitting(self, seq: int) -> KioskEpochRow | None:
        """The newest epoch that the number continues, or in which it is missing."""
        for epoch in self._epochs:
            if epoch.first_seq <= seq <= epoch.last_seq + 1 and (epoch.epoch, seq) not in self._used:
                return epoch
        return None

    def _begin_first(self, seq: int) -> None:
        if not self._epochs:
            first = _first_here(self._session, self._kiosk, seq)
            self._begin(FIRST_EPOCH, first=first, last=first - 1)

    def _go_back(self, seq: int) -> KioskEpochRow:
        newest = self._epochs[0]
        number = newest.epoch + 1
        self._went_back.append(NumberingWentBack(epoch=number, seq=seq, last=newest.last_seq))
        return self._begin(number, first=seq, last=seq - 1)

    def _begin(self, number: int, *, first: int, last: int) -> KioskEpochRow:
        row = KioskEpochRow(
            kiosk_id=self._kiosk, epoch=number, first_seq=first, last_seq=last, began_at=self._now
        )
        self._session.add(row)
        self._epochs.insert(0, row)
        return row

    def _count(self, epoch: KioskEpochRow, seq: int) -> None:
        if seq > epoch.last_seq:
            if seq > epoch.last_seq + 1:
                self._gaps.append(Gap(epoch.epoch, epoch.last_seq + 1, seq - 1))
            epoch.last_seq = seq
            return
        self._filled = True
        self._gaps = [
            part for gap in self._gaps for part in (gap.without(seq) if gap.epoch == epoch.epoch else [gap])
        ]

    def _open(self, school: str, item: WorkItem) -> None:
        self._session.add(
            WorkItemRow(
                school_id=school,
                kind=item.kind.value,
                kiosk_id=self._kiosk,
                entry_id=None,
                detail=item.detail(),
                opened_at=self._now,
            )
        )

    def _settle_closed(self, kiosk_name: str) -> None:
        for gap in self._session.scalars(_open_gaps(self._kiosk)).all():
            whole = _gap_of(gap)
            first, last, epoch = whole.first, whole.last, whole.epoch
            arrived = select(EntryRow.seq).where(
                EntryRow.kiosk_id == self._kiosk, EntryRow.epoch == epoch, EntryRow.seq.between(first, last)
            )
            there = set(self._session.scalars(arrived))
            refused = {seq for seq in self._passed if first <= seq <= last} - there
            if len(there) + len(refused) == last - first + 1:
                _settle(gap, "the entries have arrived", kiosk_name, self._now)
            elif refused:  # work items are never altered: new ones are opened for the rest
                _settle(gap, "some of the entries have arrived", kiosk_name, self._now)
                for part in _missing(Gap(epoch, first, last), there | refused):
                    rest = NumberGap(epoch=part.epoch, first=part.first, last=part.last)
                    self._open(gap.school_id, rest)


def _gap_of(row: WorkItemRow) -> Gap:
    item = read_item(row)
    assert isinstance(item, NumberGap), row.kind  # noqa: S101  the query asks for gaps alone
    return Gap(item.epoch, item.first, item.last)


def _settle(item: WorkItemRow, how: str, by: str, now: datetime) -> None:
    item.resolved_at, item.resolved_by, item.resolution = now, by, how


def _missing(gap: Gap, there: set[int]) -> list[Gap]:
    parts = [gap]
    for seq in there:
        parts = [part for each in parts for part in each.without(seq)]
    return sorted(parts, key=lambda part: part.first)


def _first_here(session: Session, kiosk: uuid.UUID, seq: int) -> int:
    """The first number expected from a kiosk, given the number of the first entry that it has sent.

    It is 1, or for a kiosk that was enrolled again the number after the last one of its earlier enrolment.
    That is a kiosk of the same school that was revoked, or that had the same name and has been silent since.
    """
    this = session.get_one(KioskRow, kiosk)
    former = (
        select(func.max(KioskEpochRow.last_seq))
        .join(KioskRow, KioskRow.id == KioskEpochRow.kiosk_id)
        .where(
            KioskRow.school_id == this.school_id,
            KioskRow.id != kiosk,
            or_(
                KioskRow.revoked_at.is_not(None),
                and_(KioskRow.name == this.name, KioskRow.last_seen_at <= this.enrolled_at),
            ),
        )
        .group_by(KioskEpochRow.kiosk_id)
    )
    return max((last + 1 for last in session.scalars(former) if last < seq), default=1)


def missing(session: Session, kiosk: uuid.UUID, heartbeat: Heartbeat) -> tuple[SeqRange, ...]:
    """The numbers to ask the kiosk for, the oldest first: those that are missing, have not arrived since in
    any epoch, and are not settled by the office.

    When no entry has ever arrived, that is all numbers up to the kiosk's last. No work item is opened for
    them: the kiosk may have sent them to another register, and it resends only entries of this enrolment.
    """
    if not heartbeat.queue.waiting and session.get(KioskEpochRow, (kiosk, FIRST_EPOCH)) is None:
        return (SeqRange(first=1, last=heartbeat.last_seq),) if heartbeat.last_seq else ()
    gaps = session.scalars(_open_gaps(kiosk).order_by(WorkItemRow.id).limit(MOST_MISSING)).all()
    return tuple(
        SeqRange(first=part.first, last=part.last)
        for gap in gaps
        for part in _left(session, kiosk, _gap_of(gap))
    )[:MOST_MISSING]


def _left(session: Session, kiosk: uuid.UUID, gap: Gap) -> list[Gap]:
    there = select(EntryRow.seq).where(EntryRow.kiosk_id == kiosk, EntryRow.seq.between(gap.first, gap.last))
    return _missing(gap, set(session.scalars(there)))


def _open_gaps(kiosk: uuid.UUID) -> Select[WorkItemRow]:
    return select(WorkItemRow).where(
        WorkItemRow.kiosk_id == kiosk,
        WorkItemRow.kind == WorkKind.GAP,
        WorkItemRow.resolved_at.is_(None),
    )


def note_heartbeat(session: Session, kiosk: KioskRow, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Open a work item for entries that a kiosk has made, no longer has, and that have not arrived.

    Args:
        session: a session that writes.
        kiosk: the kiosk that sent the heartbeat.
        heartbeat: its heartbeat.
        now: the instant of receiving.
    """
    if heartbeat.queue.waiting or heartbeat.last_seq > MOST_SEQ:
        return
    highest = select(func.max(KioskEpochRow.last_seq)).where(KioskEpochRow.kiosk_id == kiosk.id)
    known = session.scalar(highest)
    # A kiosk that has sent nothing yet may have sent to another register: its first entry will show the
    # number.
    if known is None or heartbeat.last_seq <= known:
        return
    lock_kiosk(session, kiosk.id)
    numbering = Numbering(session, kiosk.id, [], now=now)
    numbering.ends_at(heartbeat.last_seq)
    numbering.write(kiosk.school_id, kiosk.name)
