"""The policy checker: what is against the law or guidance, doubtful or not stated in a school's policy.

Pure, and works on every policy that parses. The law and the guidance are named in docs/law.md, the findings
are listed in docs/rule.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from attendance.policy import check_document as document
from attendance.policy import check_times as times
from attendance.policy.check_parts import Fault, PolicyCheck
from attendance.policy.model import Policy
from attendance.text import one_line

_SESSION_KEYS = ("opens", "late_after", "closes", "unauthorised_after", "ends", "ends_by_year")


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
    """One plain sentence with the values, the law in brackets, what to write instead, and the document's
    paragraph in brackets."""
    key: str
    """The dotted key concerned."""
    paragraph: str | None = None
    """The document's paragraph. For a value that is not stated: the paragraph that mentions it, or else the
    one that states the nearest time of the same session."""
    regulation: str | None = None
    """The law or guidance behind the finding."""
    instead: str = ""
    """What to write instead, as an instruction."""


GUIDANCE = "DfE guidance"
"""Working together to improve school attendance."""

_PENALTY_NOTICES = "Education (Penalty Notices) (England) (Amendment) Regulations 2024"

_CHECKS: tuple[tuple[str, Severity, str | None, PolicyCheck], ...] = (
    ("late-after-close", Severity.ERROR, "reg. 10(2), Table 1", times.late_after_close),
    ("present-after-open", Severity.ERROR, "reg. 10(2), Table 1", document.present_after_open),
    ("retention-too-short", Severity.ERROR, "reg. 7", document.retention),
    ("withdrawn-code", Severity.ERROR, "reg. 10", document.withdrawn_codes),
    ("order", Severity.ERROR, "reg. 10(1)", times.order),
    ("order", Severity.ERROR, "reg. 10(1)", times.overlap),
    ("open-too-long", Severity.WARNING, GUIDANCE, times.open_too_long),
    ("sessions-differ", Severity.WARNING, GUIDANCE, times.sessions_differ),
    ("own-register-times", Severity.WARNING, "reg. 10(1) and 11(6)", document.own_register_times),
    ("revoked-law", Severity.WARNING, "SI 2024/208", document.revoked_law),
    ("threshold-differs", Severity.WARNING, _PENALTY_NOTICES, document.threshold_differs),
    ("review-overdue", Severity.WARNING, GUIDANCE, document.review_overdue),
    ("unstated", Severity.WARNING, None, document.unstated),
    ("no-late-window", Severity.INFO, "reg. 10(2), Table 1", times.no_late_window),
)
"""Every kind of finding, the most serious first, with the law or guidance behind it. Regulations without name
are those of the School Attendance (Pupil Registration) (England) Regulations 2024."""


def check(policy: Policy, on: date | None = None) -> list[Finding]:
    """Every finding about a policy on a day: errors first, then in the order of the day.

    Args:
        policy: the policy.
        on: the day; without one, nothing is said about the document's review date.
    """
    return [
        _finding(policy, severity, kind, regulation, fault)
        for kind, severity, regulation, find in _CHECKS
        for fault in find(policy, on)
    ]


def _finding(policy: Policy, severity: Severity, kind: str, regulation: str | None, fault: Fault) -> Finding:
    """A finding with the paragraphs behind its keys, or near a value that the document does not state."""
    paragraph, see = _paragraphs(policy, (fault.key, *fault.others)), ""
    if kind == "unstated":
        paragraph, see = paragraph or _nearby(policy, fault.key), "see "
    law = f" ({regulation})" if regulation else ""
    in_brackets = f" ({see}{paragraph})" if paragraph else ""
    message = one_line(f"{fault.message}{law}; {fault.instead}{in_brackets}")
    return Finding(severity, kind, message, fault.key, paragraph, regulation, fault.instead)


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
