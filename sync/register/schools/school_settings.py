"""The settings of a school that the office changes: policy, calendar and the kiosks' language.

Each change is audited and sent to the kiosks. Every policy that was ever sent to a kiosk is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from attendance.calendar import Calendar as SchoolCalendar
from attendance.languages import LANGUAGES
from attendance.policy.model import Policy
from sync.register import audit
from sync.register.actor import Actor
from sync.register.errors import SchoolSettingsError
from sync.register.schools import policies
from sync.register.schools.schools import refresh_bundle
from sync.register.storage.locks import lock_school
from sync.register.storage.models import SchoolRow
from sync.wire import BundleCalendar, BundleClosure, BundleTerm

MOST_CLOSURES = 1000
MOST_TERMS = 100


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """The actor who changes their school's settings, and the instant (UTC)."""

    by: Actor
    now: datetime

    def school(self, session: Session) -> SchoolRow:
        """The school, locked, so that changes are made one after another."""
        if self.by.school is None:
            raise SchoolSettingsError("only staff of a school may change its settings")
        return lock_school(session, self.by.school)


def choose_policy(session: Session, change: SettingsChange, policy: Policy, *, instead_of: str) -> None:
    """Replace the school's policy. The same policy again changes nothing.

    Args:
        session: a session that writes.
        change: the actor and the instant.
        policy: the new policy.
        instead_of: the version of the policy that the user saw beside it.

    Raises:
        SchoolSettingsError: the policy has changed since.
    """
    row = change.school(session)
    before = policies.version_of(row.policy)
    if before != instead_of:
        raise SchoolSettingsError("the policy has been changed since you looked; look at the new one first")
    body = policy.model_dump(mode="json")
    if row.policy == body:
        return
    policies.keep(session, row.id, row.policy, now=change.now)
    row.policy = body
    policies.keep(session, row.id, body, now=change.now)
    _record(
        session, change, audit.Action.POLICY_CHANGED, before=before, after=policy.version, name=policy.name
    )


def choose_language(session: Session, change: SettingsChange, language: str) -> None:
    """Set the language of the school's kiosks until a user chooses another.

    Raises:
        SchoolSettingsError: kiosks do not have that language.
    """
    if language not in LANGUAGES:
        raise SchoolSettingsError(f"kiosks have no language {language!r}; they have {', '.join(LANGUAGES)}")
    row = change.school(session)
    if row.language != language:
        before, row.language = row.language, language
        _record(
            session, change, audit.Action.SETTINGS_CHANGED, what="language", before=before, after=language
        )


def add_to_calendar(session: Session, change: SettingsChange, more: BundleCalendar) -> int:
    """Add terms and closures to the school's own calendar. Existing ones are not added twice.

    Returns:
        How many were new.

    Raises:
        SchoolSettingsError: the result is not a valid calendar: overlapping terms, an end before its start,
            an unknown year, or too many entries.
    """
    row = change.school(session)
    current = BundleCalendar.model_validate(row.calendar)
    terms = [each for each in more.terms if each not in current.terms]
    closures = [each for each in more.closures if each not in current.closures]
    if terms or closures:
        _put(
            session,
            change,
            row,
            BundleCalendar(terms=current.terms + terms, closures=current.closures + closures),
        )
    return len(terms) + len(closures)


def remove_from_calendar(session: Session, change: SettingsChange, entry: BundleTerm | BundleClosure) -> None:
    """Remove a term or a closure from the school's own calendar, if it is there."""
    row = change.school(session)
    current = BundleCalendar.model_validate(row.calendar)
    kept = BundleCalendar(
        terms=[each for each in current.terms if each != entry],
        closures=[each for each in current.closures if each != entry],
    )
    if kept != current:
        _put(session, change, row, kept)


def _put(session: Session, change: SettingsChange, row: SchoolRow, calendar: BundleCalendar) -> None:
    if len(calendar.terms) > MOST_TERMS or len(calendar.closures) > MOST_CLOSURES:
        raise SchoolSettingsError(f"a calendar has at most {MOST_TERMS} terms and {MOST_CLOSURES} closures")
    in_order = BundleCalendar(
        terms=sorted(calendar.terms, key=lambda term: term.starts),
        closures=sorted(calendar.closures, key=lambda closure: (closure.first, closure.reason)),
    )
    try:
        SchoolCalendar.model_validate(in_order.model_dump())
    except ValidationError as error:
        raise SchoolSettingsError(_why(error)) from error
    before = BundleCalendar.model_validate(row.calendar)
    row.calendar = in_order.model_dump(mode="json")
    _record(
        session,
        change,
        audit.Action.SETTINGS_CHANGED,
        what="calendar",
        added=_only_in(in_order, before),
        removed=_only_in(before, in_order),
    )


def _only_in(one: BundleCalendar, other: BundleCalendar) -> list[dict[str, Any]]:
    there = [*other.terms, *other.closures]
    found = [each for each in (*one.terms, *one.closures) if each not in there]
    return [each.model_dump(mode="json", exclude_none=True) for each in found]


def _why(error: ValidationError) -> str:
    """The first error, without pydantic's prefix."""
    first = error.errors(include_url=False, include_context=False)[0]
    return str(first["msg"]).removeprefix("Value error, ")


def _record(session: Session, change: SettingsChange, action: audit.Action, **detail: Any) -> None:
    audit.note(session, change.by, action, now=change.now, **detail)
    refresh_bundle(session, str(change.by.school))
