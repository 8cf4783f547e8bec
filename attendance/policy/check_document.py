"""Checks of what the document says beside the register's times: its law, codes, dates and thresholds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from attendance.codes import LATE, PRESENT_CODES, PRESENT_MARK, WITHDRAWN
from attendance.policy.check_parts import Fault, many
from attendance.policy.document import SESSIONS, WEEKS
from attendance.policy.model import Policy

YEARS_KEPT = 6
"""Years that every entry of a register must be kept (reg. 7)."""

_REPLACEMENT = {"H": "C", "J": "J1", "Y": "Y1 to Y7"}
_PRESENT = {PRESENT_MARK, *PRESENT_CODES}


def retention(policy: Policy, _: date | None) -> Iterator[Fault]:
    """Entries are kept for too short a time."""
    if policy.retention_years < YEARS_KEPT:
        yield Fault(
            f"entries are kept for {many(policy.retention_years, 'year')},"
            f" but the 2024 Regulations require {YEARS_KEPT}",
            f"write that every entry is kept for {YEARS_KEPT} years after it was made",
            "retention_years",
        )


def withdrawn_codes(policy: Policy, _: date | None) -> Iterator[Fault]:
    """The document uses codes that no register may hold now."""
    for code in sorted(WITHDRAWN.intersection(policy.codes_used)):
        message = f"the document uses code {code}, which was withdrawn in August 2024"
        yield Fault(message, f"use {_REPLACEMENT[code]}", "codes_used")


def present_after_open(policy: Policy, _: date | None) -> Iterator[Fault]:
    """A rule gives the present mark to a pupil who was not there when the register began."""
    for reason, rule in policy.review.items():
        for part in ("before_close", "after_close"):
            if getattr(rule, part) in _PRESENT:
                when = part.replace("_close", " the register closes")
                then = f"{LATE}, which the school need not hold against the pupil"
                yield Fault(
                    f"a pupil who comes late for the reason {reason}, {when}, is given the present mark,"
                    " which is only for who is present when the register begins to be taken",
                    f"write {then}" if part == "before_close" else "write an absence code",
                    f"review.{reason}.{part}",
                )


def own_register_times(policy: Policy, _: date | None) -> Iterator[Fault]:
    """The document has the register taken at other times for some pupils."""
    if policy.document.own_register_times:
        yield Fault(
            "the register is taken at other times for some pupils, but it is taken once in each session, at"
            " the same time for all",
            "write that a pupil who is away then by an agreed part-time timetable gets C2 (X outside"
            " compulsory school age)",
            "document.own_register_times",
        )


def revoked_law(policy: Policy, _: date | None) -> Iterator[Fault]:
    """The document rests on law that no longer holds."""
    if policy.document.rests_on_2006:
        yield Fault(
            "the document rests on the Education (Pupil Registration) (England) Regulations 2006, which were"
            " revoked on 19 August 2024",
            "name the School Attendance (Pupil Registration) (England) Regulations 2024",
            "document.rests_on_2006",
        )


def threshold_differs(policy: Policy, _: date | None) -> Iterator[Fault]:
    """A trigger for penalty notices differs from the national threshold."""
    sessions, weeks = policy.document.penalty_sessions, policy.document.penalty_weeks
    if (sessions, weeks) != (SESSIONS, WEEKS):
        period = "" if weeks == WEEKS else f" in {many(weeks, 'school week')}"
        yield Fault(
            f"a penalty notice follows {many(sessions, 'session')} of unauthorised absence{period}, but the"
            f" national threshold is {SESSIONS} of G, O, N or U in {WEEKS} school weeks",
            f"write {SESSIONS} sessions in a rolling period of {WEEKS} school weeks",
            "document.penalty_sessions",
            ("document.penalty_weeks",),
        )


def review_overdue(policy: Policy, on: date | None) -> Iterator[Fault]:
    """The document's own review date has passed."""
    due = policy.document.review_by
    if due is not None and on is not None and on > due:
        yield Fault(
            f"the document was to be reviewed by {due.day} {due:%B %Y}",
            "review it, and write the next date",
            "document.review_by",
        )


def unstated(policy: Policy, _: date | None) -> Iterator[Fault]:
    """A value that the document does not state."""
    for key in dict.fromkeys(policy.provisional):
        value = _value(policy, key)
        what = f"{key} ({value})" if value else key
        yield Fault(f"{what} is not stated in the document", "the school must confirm it", key)


def _value(policy: Policy, key: str) -> str:
    """A value in words; empty if it does not exist or is too long for a sentence."""
    value: Any = policy.model_dump(mode="json")
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) if all(isinstance(each, str) for each in value) else ""
    return str(value) if isinstance(value, str | int) else ""
