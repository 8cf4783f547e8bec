"""The policy checker: what is against the law or guidance, doubtful or not stated in a school's policy.

Pure, and works on every policy that parses. Law: The School Attendance (Pupil Registration) (England)
Regulations 2024, reg. 10. Guidance: DfE, "Working together to improve school attendance": every session's
register is open for the same time, 30 minutes at most. The findings are listed in docs/rule.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from attendance.clock_time import minutes_since_midnight
from attendance.codes import WITHDRAWN
from attendance.policy.model import Policy, SessionTimes
from attendance.sessions import SessionName
from attendance.text import one_line

LONGEST_OPEN = 30
"""The most minutes that a register may be open (guidance)."""

YEARS_KEPT = 6
"""Years that every entry of a register must be kept (the Regulations)."""

_REPLACEMENT = {"H": "C", "J": "J1", "Y": "Y1 to Y7"}
_IN_ORDER = ("opens", "late_after", "closes", "unauthorised_after")
_SESSION_KEYS = (*_IN_ORDER, "ends", "ends_by_year")


class Severity(StrEnum):
    """How serious a finding is, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the school should know about its policy."""

    severity: Severity
    id: str
    message: str
    """One plain sentence with the values, and the document's paragraph in brackets."""
    key: str
    """The dotted key concerned."""
    paragraph: str | None = None
    """The document's paragraph. For a value that is not stated: the paragraph that mentions it, or else the
    one that states the nearest time of the same session."""


def check(policy: Policy) -> list[Finding]:
    """Every finding about a policy: errors first, then in the order of the day."""
    findings = [
        *_late_after_close(policy),
        *_retention(policy),
        *_withdrawn_codes(policy),
        *_order(policy),
        *_open_too_long(policy),
        *_sessions_differ(policy),
        *_no_late_window(policy),
        *_unstated(policy),
    ]
    ranks = list(Severity)
    return sorted(findings, key=lambda finding: ranks.index(finding.severity))


def _late_after_close(policy: Policy) -> Iterator[Finding]:
    for session, times in _sessions(policy):
        over = minutes_since_midnight(times.unauthorised_after) - minutes_since_midnight(times.closes)
        if over > 0:
            yield _finding(
                policy,
                (Severity.ERROR, "late-after-close"),
                f"the {session} register closes at {times.closes:%H:%M}, but L is given until"
                f" {times.unauthorised_after:%H:%M}, {_many(over, 'minute')} later; after the register"
                " has closed, the mark is U or another absence code, never L",
                f"{session.lower()}.unauthorised_after",
                f"{session.lower()}.closes",
            )


def _retention(policy: Policy) -> Iterator[Finding]:
    if policy.retention_years < YEARS_KEPT:
        yield _finding(
            policy,
            (Severity.ERROR, "retention-too-short"),
            f"entries are kept for {_many(policy.retention_years, 'year')}, but the 2024 Regulations require"
            f" {YEARS_KEPT}",
            "retention_years",
        )


def _withdrawn_codes(policy: Policy) -> Iterator[Finding]:
    for code in sorted(WITHDRAWN.intersection(policy.codes_used)):
        yield _finding(
            policy,
            (Severity.ERROR, "withdrawn-code"),
            f"the document uses code {code}, which was withdrawn in August 2024; use {_REPLACEMENT[code]}",
            "codes_used",
        )


def _order(policy: Policy) -> Iterator[Finding]:
    about = (Severity.ERROR, "order")
    for session, times in _sessions(policy):
        table = session.lower()
        for earlier, later in pairwise(_IN_ORDER):
            before, after = getattr(times, earlier), getattr(times, later)
            if before > after:
                what = f"{_words(later)} {after:%H:%M} is earlier than {_words(earlier)} {before:%H:%M}"
                keys = f"{table}.{later}", f"{table}.{earlier}"
                yield _finding(policy, about, f"{session}: {what}", *keys)
        last = times.unauthorised_after
        for key, who, ends in _ends(session, times):
            if ends < last:
                what = f"{session} ends at {ends:%H:%M}{who}, before unauthorised after {last:%H:%M}"
                yield _finding(policy, about, what, key, f"{table}.unauthorised_after")
    for key, who, ends in _ends(SessionName.AM, policy.am):
        if ends > policy.pm.opens:
            what = f"AM ends at {ends:%H:%M}{who}, after the PM register opens at {policy.pm.opens:%H:%M}"
            yield _finding(policy, about, f"{what}: the sessions overlap", "pm.opens", key)


def _open_too_long(policy: Policy) -> Iterator[Finding]:
    for session, times in _sessions(policy):
        if _open_for(times) > LONGEST_OPEN:
            yield _finding(
                policy,
                (Severity.WARNING, "open-too-long"),
                f"the {session} register is open for {_many(_open_for(times), 'minute')}, {times.opens:%H:%M}"
                f" to {times.closes:%H:%M}; guidance allows at most {LONGEST_OPEN}",
                f"{session.lower()}.closes",
            )


def _sessions_differ(policy: Policy) -> Iterator[Finding]:
    am, pm = _open_for(policy.am), _open_for(policy.pm)
    if am != pm and am >= 0 and pm >= 0:  # a register that closes before it opens has its own error
        yield _finding(
            policy,
            (Severity.WARNING, "sessions-differ"),
            f"the AM register is open for {_many(am, 'minute')} and the PM register for {pm}; guidance asks"
            " for the same length in every session",
            "pm.closes",
            "am.closes",
        )


def _no_late_window(policy: Policy) -> Iterator[Finding]:
    for session, times in _sessions(policy):
        if times.late_after == times.closes:
            yield _finding(
                policy,
                (Severity.INFO, "no-late-window"),
                f"late after and closes are both {times.closes:%H:%M} in {session}, so no pupil can get L"
                " while the register is open",
                f"{session.lower()}.late_after",
                f"{session.lower()}.closes",
            )


def _unstated(policy: Policy) -> Iterator[Finding]:
    for key in dict.fromkeys(policy.provisional):
        value = _value(policy, key)
        what = f"{key} ({value})" if value else key
        paragraph = _paragraphs(policy, (key,)) or _nearby(policy, key)
        see = f" (see {paragraph})" if paragraph else ""
        message = f"{what} is not stated in the document; the school must confirm it{see}"
        yield Finding(Severity.WARNING, "unstated", one_line(message), key, paragraph)


def _sessions(policy: Policy) -> Iterator[tuple[SessionName, SessionTimes]]:
    return ((session, policy.session(session)) for session in SessionName)


def _ends(session: SessionName, times: SessionTimes) -> Iterator[tuple[str, str, time]]:
    """Every end of the session: its key, the year group in words, and the time."""
    yield f"{session.lower()}.ends", "", times.ends
    for year, ends in times.ends_by_year.items():
        yield f"{session.lower()}.ends_by_year.{year}", f" for year {year}", ends


def _open_for(times: SessionTimes) -> int:
    return minutes_since_midnight(times.closes) - minutes_since_midnight(times.opens)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _finding(policy: Policy, about: tuple[Severity, str], message: str, key: str, *others: str) -> Finding:
    """A finding with the paragraphs behind its key and behind the other keys that the message mentions."""
    severity, its_id = about
    paragraph = _paragraphs(policy, (key, *others))
    in_brackets = f" ({paragraph})" if paragraph else ""
    return Finding(severity, its_id, one_line(message + in_brackets), key, paragraph)


def _paragraphs(policy: Policy, keys: Iterable[str]) -> str | None:
    """The paragraphs behind these keys, each once."""
    sources = (policy.sources[key] for key in keys if key in policy.sources)
    return (
        one_line("; ".join(dict.fromkeys(part for source in sources for part in source.split("; ")))) or None
    )


def _nearby(policy: Policy, key: str) -> str | None:
    """The paragraph that states the nearest time of the same session.

    Never one of the other session: a paragraph about the morning register says nothing about the afternoon.
    """
    table, _, name = key.partition(".")
    name = name.partition(".")[0]
    if name not in _SESSION_KEYS:
        return None
    place = _SESSION_KEYS.index(name)
    by_distance = sorted(_SESSION_KEYS, key=lambda other: abs(_SESSION_KEYS.index(other) - place))
    paragraphs = (_paragraphs(policy, (f"{table}.{other}",)) for other in by_distance)
    return next(filter(None, paragraphs), None)


def _value(policy: Policy, key: str) -> str:
    """A value in words; empty if it does not exist or is too long for a sentence."""
    value: Any = policy
    for part in key.split("."):
        if isinstance(value, BaseModel) and part in type(value).model_fields:
            value = getattr(value, part)
        else:
            value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) if all(isinstance(each, str) for each in value) else ""
    return str(value) if isinstance(value, str | int) else ""
