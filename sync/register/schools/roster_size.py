"""A roster that has shrunk by more than a tenth: kiosks keep the old one until the office says yes.

A half-exported file must not make half the school unknown at reception. The kiosks notice it themselves
(`sync.wire.HeldBack`), so it is noticed whichever way the pupils went; the office decides once for all of
them.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.audit import Action
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.locks import lock_school
from sync.register.storage.models import AuditRow, KioskRow, SchoolRow, WorkItemRow, WorkKind
from sync.wire import Heartbeat, HeldBack

OTHER_NUMBERS = "the numbers are others by now"
TAKEN_OVER = "the kiosks have a roster that they can take over"


def note_heartbeat(session: Session, kiosk: KioskRow, heartbeat: Heartbeat, *, now: datetime) -> None:
    """Put before the office what a kiosk holds back, once for the school; settle it when none does any more.

    Args:
        session: a session that writes.
        kiosk: who says how it is; its row still has the heartbeat before this one.
        heartbeat: what it says.
        now: the instant of receiving.
    """
    before = Heartbeat.model_validate(kiosk.heartbeat).held_back if kiosk.heartbeat else None
    if heartbeat.held_back == before:
        return
    lock_school(session, kiosk.school_id)  # two kiosks hold the same back at the same time
    if heartbeat.held_back is not None:
        _ask(session, kiosk, heartbeat.held_back, now)
    elif not _held_back_by_others(session, kiosk):
        for item in _open(session, kiosk.school_id):
            _settle(item, TAKEN_OVER, kiosk, now)


def agree(session: Session, school: str, pupils: int) -> None:
    """So many are right: the kiosks are told, and take the roster over.

    Args:
        session: a session that writes.
        school: whose.
        pupils: how many the office was shown.
    """
    session.get_one(SchoolRow, school).agreed_pupils = pupils
    refresh_bundle(session, school)


def _ask(session: Session, kiosk: KioskRow, held: HeldBack, now: datetime) -> None:
    detail = {"pupils": held.pupils, "before": held.before}
    for item in _open(session, kiosk.school_id):
        if item.detail == detail:
            return
        _settle(item, OTHER_NUMBERS, kiosk, now)  # what was put before the office is never altered
    latest = select(WorkItemRow).where(
        WorkItemRow.school_id == kiosk.school_id, WorkItemRow.kind == WorkKind.ROSTER
    )
    said = session.scalars(latest.order_by(WorkItemRow.id.desc()).limit(1)).first()
    answered = said if said is not None and said.decision is not None and said.detail == detail else None
    if answered is not None and not _imported_since(session, answered):
        return  # they have said no to these numbers; another version of them is no other question
    session.add(
        WorkItemRow(
            school_id=kiosk.school_id,
            kind=WorkKind.ROSTER.value,
            kiosk_id=kiosk.id,
            entry_id=None,
            detail=detail,
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


def _imported_since(session: Session, said: WorkItemRow) -> bool:
    """Whether somebody has handed in a roster after the office's word: it may be the right one by now."""
    imports = select(AuditRow.id).where(
        AuditRow.school_id == said.school_id,
        AuditRow.action == Action.ROSTER_IMPORT,
        AuditRow.at > said.resolved_at,
    )
    return session.scalars(imports.limit(1)).first() is not None


def _held_back_by_others(session: Session, kiosk: KioskRow) -> bool:
    others = select(KioskRow.heartbeat).where(
        KioskRow.school_id == kiosk.school_id, KioskRow.id != kiosk.id, KioskRow.revoked_at.is_(None)
    )
    return any(said and said.get("held_back") for said in session.scalars(others))
