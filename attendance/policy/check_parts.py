"""What a check yields, and the words that several checks share."""

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import NamedTuple

from attendance.clock_time import minutes_since_midnight
from attendance.policy.model import Policy


class Fault(NamedTuple):
    """What a check has found, before its paragraphs are looked up."""

    message: str
    """What the document says, and what is wrong with it."""
    instead: str
    """What to do about it, as an instruction: the words to write in the document."""
    key: str
    """The dotted key concerned."""
    others: tuple[str, ...] = ()
    """Other keys whose paragraphs are quoted, too."""


PolicyCheck = Callable[[Policy, date | None], Iterator[Fault]]
"""A check of a policy on a day; without a day, nothing is said about dates."""


def many(number: int, what: str) -> str:
    """A number with its noun: `1 minute`, `2 minutes`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def minutes_from(since: time, until: time) -> int:
    """Whole minutes between two times of a day; negative when they are the other way round."""
    return minutes_since_midnight(until) - minutes_since_midnight(since)
