"""The result of one of the doctor's checks: one line of its page."""

from dataclasses import dataclass
from enum import StrEnum


class CheckHealth(StrEnum):
    """How well something works."""

    OK = "ok"
    WARNING = "warning"
    """It works, but needs attention."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The subject of a check, how well it works, and what to do about it."""

    subject: str
    health: CheckHealth
    detail: str
    remedy: str = ""
    """Empty when there is nothing to do."""

    def as_json(self) -> dict[str, str]:
        """The result as `latebook doctor --json` prints it."""
        return {"what": self.subject, "state": self.health, "said": self.detail, "do": self.remedy}


def ok(subject: str, detail: str) -> CheckResult:
    """The result for something that works."""
    return CheckResult(subject, CheckHealth.OK, detail)


def warning(subject: str, detail: str, remedy: str) -> CheckResult:
    """The result for something that works but needs attention."""
    return CheckResult(subject, CheckHealth.WARNING, detail, remedy)


def failed(subject: str, detail: str, remedy: str) -> CheckResult:
    """The result for something that does not work."""
    return CheckResult(subject, CheckHealth.FAILED, detail, remedy)
