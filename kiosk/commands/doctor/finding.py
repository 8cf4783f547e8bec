"""One line of the doctor's page."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should see to it."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do about it (empty where there is nothing to do)."""

    what: str
    state: State
    said: str
    do: str = ""


def ok(what: str, said: str) -> Finding:
    """It works."""
    return Finding(what, State.OK, said)


def warning(what: str, said: str, do: str) -> Finding:
    """It works, and somebody should see to it."""
    return Finding(what, State.WARNING, said, do)


def failed(what: str, said: str, do: str) -> Finding:
    """It does not work."""
    return Finding(what, State.FAILED, said, do)
