"""A school's policy: the register's times and what its document adds to the rule."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from attendance.calendar import Calendar
from attendance.codes import MEANING, WITHDRAWN
from attendance.policy.errors import Fault, WrongValueError, faults_in
from attendance.policy.expected import one_of
from attendance.policy.toml_errors import TomlError, read_toml
from attendance.policy.toml_positions import TomlLines
from attendance.policy.unknown_keys import loose_ends
from attendance.reasons import Reason
from attendance.sessions import SessionName
from attendance.years import Year

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_LAST_MINUTE = 24 * 60 - 1
_CLOCK_EXPECTED = 'a time as "HH:MM", for example "08:45"'

PRESENT_MARK = "present"
"""In place of a code, the present mark of whichever session it is."""


class PolicyError(ValueError):
    """A policy that cannot be read or does not exist; the text says which, where and what to do.

    `faults` are what is wrong with a file, each one sentence and one line of the text; empty where there
    is nothing to say but the text itself.
    """

    def __init__(self, text: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(text)
        self.faults = tuple(faults)


def clock_time(text: str) -> time:
    """The time of day that `HH:MM` writes.

    Raises:
        ValueError: it is written in another way.
    """
    written = _CLOCK.fullmatch(text)
    if written is None:
        raise WrongValueError(
            f"{text!r} is not a time; write it as HH:MM, for example 08:45", expected=_CLOCK_EXPECTED
        )
    return time(int(written[1]), int(written[2]))


def _to_the_minute(value: object) -> object:
    if isinstance(value, str):
        return clock_time(value)
    if not isinstance(value, time) or value != time(value.hour, value.minute):
        # pydantic would take a number for seconds since midnight
        raise WrongValueError(f"{value} is not a time to the minute; write it as HH:MM", _CLOCK_EXPECTED)
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_to_the_minute),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]
"""A time of day at the school, to the minute, written `HH:MM`."""


def _known_code(code: str) -> str:
    return _one_of("an attendance code", code, (*MEANING, *sorted(WITHDRAWN)))


def _code_today(code: str) -> str:
    return _one_of("a code of today", code, tuple(MEANING))


def _code_or_present(code: str) -> str:
    return _one_of(f'a code of today or "{PRESENT_MARK}"', code, (PRESENT_MARK, *MEANING))


def _one_of(what: str, word: str, right: Sequence[str]) -> str:
    if word not in right:
        raise WrongValueError(f"{word!r} is not {what}", expected=f"{what}, {one_of(word, right)}")
    return word


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionTimes(_Frozen):
    """One register's times on a school day, at the school. Half open: `t < boundary` is before it."""

    opens: ClockTime
    """The register begins to be taken."""
    late_after: ClockTime = Field(default_factory=lambda before: _same("opens", before))
    """An arrival at or after this is late. Left out of a file: `opens`."""
    closes: ClockTime
    """The taking of the register ends."""
    unauthorised_after: ClockTime = Field(default_factory=lambda before: _same("closes", before))
    """An arrival at or after this gets U. Left out of a file: `closes`."""
    ends: ClockTime
    """The session ends."""
    ends_by_year: dict[Year, ClockTime] = Field(default_factory=dict)
    """Where year groups go home at different times: their ends, in place of `ends`."""
    doors_by_year: dict[Year, ClockTime] = Field(default_factory=dict)
    """When the doors open for a year group, where the document says so. For people: no mark depends on it."""

    def end_for(self, year: str) -> time:
        """When the session ends for that year group."""
        return self.ends_by_year.get(year, self.ends)

    def shifted(self, start: time) -> "SessionTimes":
        """The times for a pupil whose individual start is `start`: all but the ends move with it.

        They are held within the day: a register never runs into tomorrow.
        """
        move = _minutes(start) - _minutes(self.opens)
        return self.model_copy(
            update={
                name: _of_minutes(_minutes(getattr(self, name)) + move)
                for name in ("opens", "late_after", "closes", "unauthorised_after")
            }
        )


def _same(key: str, before: dict[str, Any]) -> time:
    """That key's time. Where it is missing or wrong itself, what takes its place is never seen."""
    its_time: time = before.get(key, time())
    return its_time


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute


def _of_minutes(since_midnight: int) -> time:
    return time(*divmod(min(max(since_midnight, 0), _LAST_MINUTE), 60))


class ReviewRule(_Frozen):
    """A reason for which the school, not the rule, decides the mark: what is suggested to the office."""

    before_close: Annotated[str, AfterValidator(_code_or_present)] = Field(
        description="`present` for the session's own present mark, or a code"
    )
    after_close: Annotated[str, AfterValidator(_code_today)] = Field(description="a code")


_NOT_MEANT: dict[str, Any] = {
    "title": True,
    "sources": True,
    "provisional": True,
    "leaves_alone": True,
    "calendar": True,  # which days there is school, not what a time on such a day means
    "am": {"doors_by_year"},
    "pm": {"doors_by_year"},
}
"""What a policy says besides the rule: it changes no decision, and so no version."""


class Policy(_Frozen):
    """A school's policy as the rule reads it."""

    name: str
    title: str
    years: tuple[Year, ...] = Field(min_length=1)
    am: SessionTimes
    pm: SessionTimes
    reasons: tuple[Reason, ...] = tuple(Reason)
    """The reasons that a kiosk offers a late pupil, in the order of the tiles. The rule knows them all."""
    reason_required: bool = Field(default=False, strict=True)
    review: dict[Reason, ReviewRule] = Field(default_factory=dict)
    consequence: str | None = Field(default=None, description="told to the office with every U")
    retention_years: int = Field(
        default=6,
        ge=0,
        le=100,
        strict=True,
        description="how long the document says entries are kept; left out: the 6 years of the law",
    )
    codes_used: tuple[Annotated[str, AfterValidator(_known_code)], ...] = Field(
        default=(), description="codes that the document names"
    )
    calendar: Calendar = Calendar()
    """The days without school that the document names. A school's own calendar adds to it."""
    leaves_alone: tuple[Year, ...] = Field(
        default=(), description="years whose pupils may sign themselves out; others need somebody"
    )
    sources: dict[str, str] = Field(
        default_factory=dict,
        description="dotted key → the paragraph of the document it comes from; of a provisional one: the"
        " paragraph that speaks of it without stating it",
    )
    provisional: tuple[str, ...] = Field(
        default=(), description="dotted keys whose values the document does not state"
    )

    def session(self, name: SessionName) -> SessionTimes:
        """The times of that session's register."""
        return self.am if name is SessionName.AM else self.pm

    def stated_in(self, key: str) -> str | None:
        """The paragraph that states the value of a dotted key; None: none does."""
        return None if key in self.provisional else self.sources.get(key)

    @cached_property
    def version(self) -> str:
        """A hash of the policy's meaning: 12 hex digits, the same whatever its comments or layout."""
        meaning = self.model_dump(mode="json", exclude=_NOT_MEANT)
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()[:12]


def available() -> tuple[str, ...]:
    """The names of the policies that come with Latebook, in alphabetical order."""
    files = resources.files("attendance.policies").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load(name: str) -> Policy:
    """The policy of that name.

    Raises:
        PolicyError: there is no such policy.
    """
    if name not in available():
        raise PolicyError(f"there is no policy {name!r}; there are {', '.join(available())}")
    text = resources.files("attendance.policies").joinpath(f"{name}.toml").read_text("utf-8")
    return parse(text, name)


def load_file(path: Path) -> Policy:
    """The policy in a TOML file.

    Raises:
        PolicyError: the file cannot be read, is not TOML or is not a policy.
    """
    try:
        text = path.read_text("utf-8-sig")  # some editors begin a file with a byte order mark
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"{path}: cannot be read as text in UTF-8: {error.reason}, byte {error.start}"
        ) from error
    return parse(text, str(path))


def parse(text: str, where: str) -> Policy:
    """The policy that a TOML text describes; `where` names the text in errors.

    Raises:
        PolicyError: it is not TOML or not a policy. The text has every mistake, each on a line of its own.
    """
    try:
        values, unquoted = read_toml(text, where)
    except TomlError as error:
        raise PolicyError(str(error), error.faults) from error
    faults = [*unquoted, *loose_ends(values, Policy)]
    try:
        policy = Policy.model_validate(values)
    except ValidationError as error:
        faults += faults_in(error, Policy, values)
    if not faults:
        return policy
    lines = TomlLines(text)
    faults = sorted((replace(fault, line=lines.of(fault.path)) for fault in faults), key=_line)
    raise PolicyError("\n".join(f"{where}{fault.place}: {fault}" for fault in faults), faults)


def _line(fault: Fault) -> int:
    return fault.line or 0
