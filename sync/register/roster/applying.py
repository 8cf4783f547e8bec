"""Carrying out what somebody has seen and agreed to, in one transaction."""

from dataclasses import replace
from datetime import date

import structlog
from sqlalchemy.orm import Session

from sync.register.roster.errors import RosterChangedError, RosterError
from sync.register.roster.plan import Plan, make_plan
from sync.register.roster.reading import Advance, Reading
from sync.register.roster.roll import add, change
from sync.register.schools import bundle
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()


def apply_plan(
    session: Session,
    agreed: Plan,
    reading: Reading,
    *,
    on: date,
    whole: bool | None = None,
    shrink: bool = False,
    advance: Advance = lambda _: None,
) -> Plan:
    """Do what a plan says, if it is still what would be done.

    The plan is made again within the transaction: a session of `Database.write`, committed by whoever
    opened it. The same roster a second time changes nothing, not even the bundle's version.

    Args:
        session: writes.
        agreed: the plan that somebody has seen.
        reading: the roster that it was made from.
        on: today at the school: the `left_on` of those who are gone.
        whole: as for the plan.
        shrink: somebody has said that more than a tenth of the pupils may go.
        advance: is told of rows that have been compared.

    Returns:
        The plan as it was carried out.

    Raises:
        RosterChangedError: the register has changed since; nothing was.
        RosterError: more than a tenth of the pupils would go and nobody has said that they may.
    """
    # Two imports of one school at once go one after the other; SQLite has one writer as it is.
    school = session.get_one(SchoolRow, agreed.school, with_for_update=True)
    plan = make_plan(session, agreed.school, reading, whole=whole, advance=advance)
    if plan.fingerprint != agreed.fingerprint:
        raise RosterChangedError("the register has changed since the preview; look at the new one")
    if plan.shrinks and not shrink:
        raise RosterError(shrink_question(plan))
    if plan.empty:
        return plan
    add(session, plan.school, plan.new)
    leaving = (replace(pupil, left_on=on) for pupil in plan.gone)
    change(session, plan.school, [*(each.after for each in plan.changed), *leaving])
    school.bundle_version = bundle(session, plan.school).version
    log.info(
        "roster.imported",
        school=plan.school,
        new=len(plan.new),
        changed=len(plan.changed),
        gone=len(plan.gone),
        refused=len(plan.refused),
    )
    return plan


def shrink_question(plan: Plan) -> str:
    """What has to be said yes to when more than a tenth of the pupils would go."""
    return (
        f"this would take {len(plan.gone):,} of {plan.on_roll:,} pupils off the roll, more than a tenth; "
        "look at who is gone, and say --shrink if that is right"
    )
