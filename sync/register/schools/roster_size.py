"""A roster that has shrunk by more than a tenth: kiosks keep the old one until the office agrees.

An incomplete export must not make half the school unknown at reception. The kiosks notice it themselves
(`sync.wire.HeldBack`), so it is noticed however the pupils were removed; the office decides once for all
kiosks.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.audit import Action
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.locks import lock_school
from sync.register.storage.models import AuditRow, KioskRow, SchoolRow, WorkItemRow, WorkKind
from sync.register.storage.work_items import SmallerRoster, read_item
from sync.wire import Heartbeat, HeldBack

NUMBERS_CHANGED = "the numbers have changed"
ACCEPTED = "the kiosks have accepted a roster"


def note_heartbeat(session: Session, kiosk: KioskRow, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Open a work item for a roster that a kiosk holds back, once for the school; settle it when no kiosk
    does.

    Args:
        session: a session that writes.
        kiosk: the kiosk; its row still has the previous heartbeat.
        heartbeat: the new one.
        now: the instant of its arrival.
    """
    before = Heartbeat.model_validate(kiosk.heartbeat).held_back if kiosk.heartbeat else None
    if heartbeat.held_back == before:
        return
    lock_school(session, kiosk.school_id)  # several kiosks report the same roster at once
    if heartbeat.held_back is not None:
        _open_item(session, kiosk, heartbeat.held_back, now)
    elif not _held_back_by_others(session, kiosk):
        for item in _open(session, kiosk.school_id):
            _settle(item, ACCEPTED, kiosk, now)


def agree(session: Session, school: str, pupils: int) -> None:
    """Confirm a roster size: the kiosks then take the roster over.

    Args:
        session: a session that writes.
        school: the school.
        pupils: the number that the office was shown.
    """
    session.get_one(SchoolRow, school).agreed_pupils = pupils
    refresh_bundle(session, school)


def _open_item(session: Session, kiosk: KioskRow, held: HeldBack, now: datetime) -> None:
    numbers = SmallerRoster(pupils=held.pupils, before=held.before)
    for item in _open(session, kiosk.school_id):
        if read_item(item) == numbers:
            return
        _settle(item, NUMBERS_CHANGED, kiosk, now)  # an item that the office has seen is never altered
    latest = select(WorkItemRow).where(
        WorkItemRow.school_id == kiosk.school_id, WorkItemRow.kind == WorkKind.ROSTER
    )
    newest = session.scalars(latest.order_by(WorkItemRow.id.desc()).limit(1)).first()
    answered = (
        newest
        if newest is not None and newest.decision is not None and read_item(newest) == numbers
        else None
    )
    if answered is not None and not _imported_since(session, answered):
        return  # the office has refused these numbers, so a version with the same ones opens no item
    session.add(
        WorkItemRow(
            school_id=kiosk.school_id,
            kind=WorkKind.ROSTER.value,
            kiosk_id=kiosk.id,
            entry_id=None,
            detail=numbers.detail(),
            opened_at=now,
        )
    )


def _settle(item: WorkItemRow, how: str, kiosk: KioskRow, now: datetime) -> None:
    item.resolved_at, item.resolved_by, item.resolution = now, kiosk.name, how


def _open(session: Session, school: str) -> Sequence[WorkItemRow]:
    query = select(WorkItemRow).where(
        WorkItemRow.school_id == school,
        WorkItemRow.kind == WorkKind.ROSTER,
        WorkItemRow.resolved_at.is_(None),
    )
    return session.scalars(query).all()


def _imported_since(session: Session, item: WorkItemRow) -> bool:
    """Whether a roster was imported after the office's answer: it may be the right one now."""
    imports = select(AuditRow.id).where(
        AuditRow.school_id == item.school_id,
        AuditRow.action == Action.ROSTER_IMPORT,
        AuditRow.at > item.resolved_at,
    )
    return session.scalars(imports.limit(1)).first() is not None


def _held_back_by_others(session: Session, kiosk: KioskRow) -> bool:
    others = select(KioskRow.heartbeat).where(
        KioskRow.school_id == kiosk.school_id, KioskRow.id != kiosk.id, KioskRow.revoked_at.is_(None)
    )
    return any(heartbeat and heartbeat.get("held_back") for heartbeat in session.scalars(others))
