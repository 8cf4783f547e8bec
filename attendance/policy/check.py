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


_SEVERITIES = {
    "late-after-close": Severity.ERROR,
    "retention-too-short": Severity.ERROR,
    "withdrawn-code": Severity.ERROR,
    "order": Severity.ERROR,
    "open-too-long": Severity.WARNING,
    "sessions-differ": Severity.WARNING,
    "unstated": Severity.WARNING,
    "no-late-window": Severity.INFO,
}
"""Every kind of finding, the most serious first."""


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
            message = (
                f"the {session} register closes at {times.closes:%H:%M}, but L is given until"
                f" {times.unauthorised_after:%H:%M}, {_many(over, 'minute')} later; after the register"
                " has closed, the mark is U or another absence code, never L"
            )
            keys = f"{session.lower()}.unauthorised_after", f"{session.lower()}.closes"
            yield _finding(policy, "late-after-close", message, *keys)


def _retention(policy: Policy) -> Iterator[Finding]:
    if policy.retention_years < YEARS_KEPT:
        kept = _many(policy.retention_years, "year")
        message = f"entries are kept for {kept}, but the 2024 Regulations require {YEARS_KEPT}"
        yield _finding(policy, "retention-too-short", message, "retention_years")


def _withdrawn_codes(policy: Policy) -> Iterator[Finding]:
    for code in sorted(WITHDRAWN.intersection(policy.codes_used)):
        message = (
            f"the document uses code {code}, which was withdrawn in August 2024; use {_REPLACEMENT[code]}"
        )
        yield _finding(policy, "withdrawn-code", message, "codes_used")


def _order(policy: Policy) -> Iterator[Finding]:
    for session, times in _sessions(policy):
        table = session.lower()
        for earlier, later in pairwise(_IN_ORDER):
            before, after = getattr(times, earlier), getattr(times, later)
            if before > after:
                message = f"{session}: {_words(later)} {after:%H:%M} is earlier than"
                message += f" {_words(earlier)} {before:%H:%M}"
                yield _finding(policy, "order", message, f"{table}.{later}", f"{table}.{earlier}")
        last = times.unauthorised_after
        for key, years, ends in _ends(session, times):
            if ends < last:
                message = f"{session} ends at {ends:%H:%M}{years}, before unauthorised after {last:%H:%M}"
                yield _finding(policy, "order", message, key, f"{table}.unauthorised_after")
    opens = policy.pm.opens
    for key, years, ends in _ends(SessionName.AM, policy.am):
        if ends > opens:
            message = (
                f"AM ends at {ends:%H:%M}{years}, after the PM register opens at {opens:%H:%M}:"
                " the sessions overlap"
            )
            yield _finding(policy, "order", message, "pm.opens", key)


def _open_too_long(policy: Policy) -> Iterator[Finding]:
    for session, times in _sessions(policy):
        if (minutes := _open_for(times)) > LONGEST_OPEN:
            message = (
                f"the {session} register is open for {_many(minutes, 'minute')}, {times.opens:%H:%M} to"
                f" {times.closes:%H:%M}; guidance allows at most {LONGEST_OPEN}"
            )
            yield _finding(policy, "open-too-long", message, f"{session.lower()}.closes")


def _sessions_differ(policy: Policy) -> Iterator[Finding]:
    am, pm = _open_for(policy.am), _open_for(policy.pm)
    if am != pm and am >= 0 and pm >= 0:  # a register that closes before it opens has its own error
        message = (
            f"the AM register is open for {_many(am, 'minute')} and the PM register for {pm}; guidance asks"
            " for the same length in every session"
        )
        yield _finding(policy, "sessions-differ", message, "pm.closes", "am.closes")


def _no_late_window(policy: Policy) -> Iterator[Finding]:
    for session, times in _sessions(policy):
        if times.late_after == times.closes:
            message = (
                f"late after and closes are both {times.closes:%H:%M} in {session}, so no pupil can get L"
                " while the register is open"
            )
            keys = f"{session.lower()}.late_after", f"{session.lower()}.closes"
            yield _finding(policy, "no-late-window", message, *keys)


def _unstated(policy: Policy) -> Iterator[Finding]:
    for key in dict.fromkeys(policy.provisional):
        value = _value(policy, key)
        what = f"{key} ({value})" if value else key
        paragraph = _paragraphs(policy, (key,)) or _nearby(policy, key)
        see = f" (see {paragraph})" if paragraph else ""
        message = f"{what} is not stated in the document; the school must confirm it{see}"
        yield Finding(_SEVERITIES["unstated"], "unstated", one_line(message), key, paragraph)


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


def _finding(policy: Policy, kind: str, message: str, key: str, *others: str) -> Finding:
    """A finding with the paragraphs behind its key and behind the other keys that the message mentions."""
    paragraph = _paragraphs(policy, (key, *others))
    in_brackets = f" ({paragraph})" if paragraph else ""
    return Finding(_SEVERITIES[kind], kind, one_line(message + in_brackets), key, paragraph)


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
