"""A kiosk's numbering: gaps in it, and a `seq` that goes back.

A kiosk counts its entries without gaps, so a number that is left out is an entry that has not arrived.
Where a disk was restored from a copy, or copied to a second kiosk, numbers that were used come again with
other entries. Then a new epoch begins: the same numbers count anew in it, nothing is lost, and the office
is told. Two kiosks that run from copies of one disk each go on in an epoch that fits.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.register.storage.models import EntryRow, KioskEpochRow, WorkItemRow, WorkKind

FIRST_EPOCH = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that were left out, `first` to `last`, both included."""

    epoch: int
    first: int
    last: int

    def without(self, seq: int) -> list["Gap"]:
        """What is left of it once that number has arrived."""
        if not self.first <= seq <= self.last:
            return [self]
        parts = (Gap(self.epoch, self.first, seq - 1), Gap(self.epoch, seq + 1, self.last))
        return [part for part in parts if part.first <= part.last]


class Numbering:
    """The numbers of one kiosk, for as long as a batch of its entries is taken in."""

    def __init__(self, session: Session, kiosk: uuid.UUID, seqs: Iterable[int], *, now: datetime) -> None:
        """Read what is there. The caller has locked the kiosk.

        Args:
            session: a session that writes.
            kiosk: whose entries.
            seqs: the numbers in the batch.
            now: the instant of receiving.
        """
        self._session, self._kiosk, self._now = session, kiosk, now
        query = select(KioskEpochRow).where(KioskEpochRow.kiosk_id == kiosk)
        newest_first = query.order_by(KioskEpochRow.epoch.desc()).execution_options(populate_existing=True)
        self._epochs = list(session.scalars(newest_first))
        if not self._epochs:
            self._begin(FIRST_EPOCH, first=1, last=0)
        used = select(EntryRow.epoch, EntryRow.seq).where(
            EntryRow.kiosk_id == kiosk, EntryRow.seq.in_(set(seqs))
        )
        self._used = {(epoch, seq) for epoch, seq in session.execute(used)}
        self._gaps: list[Gap] = []
        self._went_back: list[dict[str, Any]] = []
        self._filled = False

    def place(self, seq: int) -> int:
        """The epoch in which an entry with that number is kept; a new one where it fits into none."""
        epoch = self._fitting(seq)
        if epoch is None and seq > self._epochs[0].last_seq:
            epoch = self._epochs[0]
        if epoch is None:
            epoch = self._go_back(seq)
        self._count(epoch, seq)
        self._used.add((epoch.epoch, seq))
        return epoch.epoch

    def pass_over(self, seq: int) -> None:
        """An entry with that number has arrived and is not kept: it is missing no more."""
        newest = self._epochs[0]
        if seq > newest.last_seq:
            self._count(newest, seq)
        else:
            self._gaps = [part for gap in self._gaps for part in gap.without(seq)]

    def write(self, school: str, kiosk_name: str) -> None:
        """Tell the office of each new gap and epoch, once, and settle gaps that have closed."""
        for gap in self._gaps:
            self._open(school, WorkKind.GAP, {"epoch": gap.epoch, "first": gap.first, "last": gap.last})
        for detail in self._went_back:
            self._open(school, WorkKind.EPOCH, detail)
        self._session.flush()
        if self._filled:
            self._settle_closed(kiosk_name)

    def _fitting(self, seq: int) -> KioskEpochRow | None:
        """The newest epoch that the number continues, or in which it was left out."""
        for epoch in self._epochs:
            if epoch.first_seq <= seq <= epoch.last_seq + 1 and (epoch.epoch, seq) not in self._used:
                return epoch
        return None

    def _go_back(self, seq: int) -> KioskEpochRow:
        newest = self._epochs[0]
        number = newest.epoch + 1
        self._went_back.append({"epoch": number, "seq": seq, "last": newest.last_seq})
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

    def _open(self, school: str, kind: WorkKind, detail: dict[str, Any]) -> None:
        self._session.add(
            WorkItemRow(
                school_id=school,
                kind=kind.value,
                kiosk_id=self._kiosk,
                entry_id=None,
                detail=detail,
                opened_at=self._now,
            )
        )

    def _settle_closed(self, kiosk_name: str) -> None:
        open_gaps = select(WorkItemRow).where(
            WorkItemRow.kiosk_id == self._kiosk,
            WorkItemRow.kind == WorkKind.GAP,
            WorkItemRow.resolved_at.is_(None),
        )
        for gap in self._session.scalars(open_gaps).all():
            first, last = gap.detail["first"], gap.detail["last"]
            there = select(func.count(EntryRow.seq.distinct())).where(
                EntryRow.kiosk_id == self._kiosk,
                EntryRow.epoch == gap.detail.get("epoch", FIRST_EPOCH),
                EntryRow.seq.between(first, last),
            )
            if self._session.scalar(there) == last - first + 1:
                gap.resolved_at, gap.resolved_by = self._now, kiosk_name
                gap.resolution = "the entries have arrived"
