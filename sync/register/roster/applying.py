"""Applies a plan that a user has seen and agreed to, in one transaction."""

from dataclasses import replace
from datetime import date

import structlog
from sqlalchemy.orm import Session

from sync.register.roster.errors import RosterChangedError, RosterError
from sync.register.roster.plan import SHRINK, Plan, make_plan, school_name
from sync.register.roster.reading import Advance, RosterContents
from sync.register.roster.roll import add, change
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.locks import lock_school

log = structlog.get_logger()


def apply_plan(
    session: Session,
    school: str,
    reading: RosterContents,
    *,
    agreed: str,
    on: date,
    whole: bool | None = None,
    shrink: bool = False,
    advance: Advance = lambda _: None,
) -> Plan:
    """Apply a plan if the import would still make the same changes.

    The plan is made again within the transaction: a session of `Database.write`, which the caller commits.
    Importing the same roster again changes nothing, not even the bundle's version.

    Args:
        session: a session that writes.
        school: the school's id in the register.
        reading: the roster that the plan was made from.
        agreed: the fingerprint of the plan that the user has seen.
        on: today at the school: the `left_on` of the pupils who are gone.
        whole: as for the plan.
        shrink: whether the user has agreed that more than a tenth of the pupils go. Kiosks get the number.
        advance: called with the number of further rows compared.

    Returns:
        The plan as applied.

    Raises:
        RosterChangedError: the register has changed since; nothing was imported.
        RosterError: more than a tenth of the pupils would go and the user has not agreed to it.
    """
    school_name(session, school)
    # Serialises two imports of one school; SQLite has one writer in any case.
    row = lock_school(session, school)
    plan = make_plan(session, school, reading, whole=whole, advance=advance)
    if plan.fingerprint != agreed:
        raise RosterChangedError("the register has changed since the preview; look at the new one")
    if plan.shrinks and not shrink:
        raise RosterError(
            shrink_question(plan), advice="check who is gone, and add --shrink if that is right"
        )
    if plan.empty:
        return plan
    add(session, school, plan.new)
    leaving = (replace(pupil, left_on=on) for pupil in plan.gone)
    change(session, school, [*(each.after for each in plan.changed), *leaving])
    row.agreed_pupils = agreed_pupils(row.agreed_pupils, plan)
    refresh_bundle(session, school)
    log.info(
        "roster.imported",
        school=school,
        new=len(plan.new),
        changed=len(plan.changed),
        gone=len(plan.gone),
        refused=len(plan.refused),
    )
    return plan


def agreed_pupils(before: int | None, plan: Plan) -> int | None:
    """The roster size that the school's kiosks should accept once the plan has been applied.

    A kiosk that was switched off while a roster shrank learns of it days later, together with later changes.
    So an agreement remains while the roster stays about as small, follows it as it shrinks by ones and twos,
    and ends once it has grown by more than a tenth.

    Args:
        before: the size agreed so far (`sync.wire.Bundle.agreed_pupils`).
        plan: a plan that the user has agreed to, if it shrinks the roster by more than a tenth.
    """
    if plan.shrinks:
        return plan.on_roll_after
    if before is None or plan.on_roll_after * SHRINK > before * (SHRINK + 1):
        return None
    return min(before, plan.on_roll_after)


def shrink_question(plan: Plan) -> str:
    """The statement to agree to when more than a tenth of the pupils would go."""
    return f"this would take {len(plan.gone):,} of {plan.on_roll:,} pupils off the roll, more than a tenth"
