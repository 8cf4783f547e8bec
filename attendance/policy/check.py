"""The policy checker: what is against the law or guidance, doubtful or not stated in a school's policy.

Pure, and works on every policy that parses. Law: The School Attendance (Pupil Registration) (England)
Regulations 2024, reg. 10. Guidance: DfE, "Working together to improve school attendance": every session's
register is open for the same time, 30 minutes at most. The findings are listed in docs/rule.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Any

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


_Parts = tuple[str, ...]
"""A finding's sentence, its key, and the other keys whose paragraphs it quotes."""

_PolicyCheck = Callable[[Policy], Iterator[_Parts]]


def check(policy: Policy) -> list[Finding]:
    """Every finding about a policy: errors first, then in the order of the day."""
    return [
        _finding(policy, severity, kind, *parts) for kind, severity, find in _CHECKS for parts in find(policy)
    ]


def _in_each_session(find: Callable[[SessionName, SessionTimes], Iterator[_Parts]]) -> _PolicyCheck:
    """A check of one session's times, applied to both. The keys that it yields are the session's own."""

    def find_in_both(policy: Policy) -> Iterator[_Parts]:
        for session in SessionName:
            for message, *keys in find(session, policy.session(session)):
                yield (message, *(f"{session.lower()}.{key}" for key in keys))

    return find_in_both


@_in_each_session
def _late_after_close(session: SessionName, times: SessionTimes) -> Iterator[_Parts]:
    if (over := _minutes(times.closes, times.unauthorised_after)) > 0:
        message = (
            f"the {session} register closes at {times.closes:%H:%M}, but L is given until"
            f" {times.unauthorised_after:%H:%M}, {_many(over, 'minute')} later; after the register"
            " has closed, the mark is U or another absence code, never L"
        )
        yield message, "unauthorised_after", "closes"


def _retention(policy: Policy) -> Iterator[_Parts]:
    if policy.retention_years < YEARS_KEPT:
        kept = _many(policy.retention_years, "year")
        message = f"entries are kept for {kept}, but the 2024 Regulations require {YEARS_KEPT}"
        yield message, "retention_years"


def _withdrawn_codes(policy: Policy) -> Iterator[_Parts]:
    for code in sorted(WITHDRAWN.intersection(policy.codes_used)):
        now = _REPLACEMENT[code]
        yield f"the document uses code {code}, which was withdrawn in August 2024; use {now}", "codes_used"


@_in_each_session
def _order(session: SessionName, times: SessionTimes) -> Iterator[_Parts]:
    for earlier, later in pairwise(_IN_ORDER):
        before, after = getattr(times, earlier), getattr(times, later)
        if before > after:
            names = f"{later} {after:%H:%M} is earlier than {earlier} {before:%H:%M}".replace("_", " ")
            yield f"{session}: {names}", later, earlier
    last = times.unauthorised_after
    for key, years, ends in _ends(times):
        if ends < last:
            message = f"{session} ends at {ends:%H:%M}{years}, before unauthorised after {last:%H:%M}"
            yield message, key, "unauthorised_after"


def _overlap(policy: Policy) -> Iterator[_Parts]:
    opens = policy.pm.opens
    for key, years, ends in _ends(policy.am):
        if ends > opens:
            message = (
                f"AM ends at {ends:%H:%M}{years}, after the PM register opens at {opens:%H:%M}:"
                " the sessions overlap"
            )
            yield message, "pm.opens", f"am.{key}"


@_in_each_session
def _open_too_long(session: SessionName, times: SessionTimes) -> Iterator[_Parts]:
    if (minutes := _minutes(times.opens, times.closes)) > LONGEST_OPEN:
        message = (
            f"the {session} register is open for {_many(minutes, 'minute')}, {times.opens:%H:%M} to"
            f" {times.closes:%H:%M}; guidance allows at most {LONGEST_OPEN}"
        )
        yield message, "closes"


def _sessions_differ(policy: Policy) -> Iterator[_Parts]:
    am, pm = (_minutes(times.opens, times.closes) for times in (policy.am, policy.pm))
    if am != pm and am >= 0 and pm >= 0:  # a register that closes before it opens has its own error
        message = (
            f"the AM register is open for {_many(am, 'minute')} and the PM register for {pm}; guidance asks"
            " for the same length in every session"
        )
        yield message, "pm.closes", "am.closes"


@_in_each_session
def _no_late_window(session: SessionName, times: SessionTimes) -> Iterator[_Parts]:
    if times.late_after == times.closes:
        message = (
            f"late after and closes are both {times.closes:%H:%M} in {session}, so no pupil can get L"
            " while the register is open"
        )
        yield message, "late_after", "closes"


def _unstated(policy: Policy) -> Iterator[_Parts]:
    for key in dict.fromkeys(policy.provisional):
        value = _value(policy, key)
        what = f"{key} ({value})" if value else key
        yield f"{what} is not stated in the document; the school must confirm it", key


_CHECKS: tuple[tuple[str, Severity, _PolicyCheck], ...] = (
    ("late-after-close", Severity.ERROR, _late_after_close),
    ("retention-too-short", Severity.ERROR, _retention),
    ("withdrawn-code", Severity.ERROR, _withdrawn_codes),
    ("order", Severity.ERROR, _order),
    ("order", Severity.ERROR, _overlap),
    ("open-too-long", Severity.WARNING, _open_too_long),
    ("sessions-differ", Severity.WARNING, _sessions_differ),
    ("unstated", Severity.WARNING, _unstated),
    ("no-late-window", Severity.INFO, _no_late_window),
)
"""Every kind of finding, the most serious first."""


def _finding(policy: Policy, severity: Severity, kind: str, message: str, key: str, *others: str) -> Finding:
    """A finding with the paragraphs behind its keys, or near a value that the document does not state."""
    paragraph, see = _paragraphs(policy, (key, *others)), ""
    if kind == "unstated":
        paragraph, see = paragraph or _nearby(policy, key), "see "
    in_brackets = f" ({see}{paragraph})" if paragraph else ""
    return Finding(severity, kind, one_line(message + in_brackets), key, paragraph)


def _ends(times: SessionTimes) -> Iterator[tuple[str, str, time]]:
    """Every end of the session: its key, the year group in words, and the time."""
    yield "ends", "", times.ends
    for year, ends in times.ends_by_year.items():
        yield f"ends_by_year.{year}", f" for year {year}", ends


def _minutes(since: time, until: time) -> int:
    return minutes_since_midnight(until) - minutes_since_midnight(since)


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _paragraphs(policy: Policy, keys: Iterable[str]) -> str | None:
    """The paragraphs behind these keys, each once."""
    parts = (part for key in keys if key in policy.sources for part in policy.sources[key].split("; "))
    return one_line("; ".join(dict.fromkeys(parts))) or None


def _nearby(policy: Policy, key: str) -> str | None:
    """The paragraph that states the nearest time of the same session.

    Never one of the other session: a paragraph about the morning register says nothing about the afternoon.
    """
    table, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    if name not in _SESSION_KEYS:
        return None
    place = _SESSION_KEYS.index(name)
    by_distance = sorted(_SESSION_KEYS, key=lambda other: abs(_SESSION_KEYS.index(other) - place))
    return next(filter(None, (_paragraphs(policy, (f"{table}.{other}",)) for other in by_distance)), None)


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
