"""A school's policy: the register's times and what its document adds to the rule."""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from datetime import time
from enum import StrEnum
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from kiosk.attendance.reasons import Reason

YEARS = ("N", "R", *(str(year) for year in range(1, 15)))
"""Year groups as the policies write them: nursery, reception, then 1 to 14."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_LAST_MINUTE = 24 * 60 - 1


class PolicyError(ValueError):
    """A policy that cannot be read or does not exist; the text says which, where and what to do."""


class SessionName(StrEnum):
    """A half day. Each has one register."""

    AM = "AM"
    PM = "PM"


def clock_time(text: str) -> time:
    """The time of day that `HH:MM` writes.

    Raises:
        ValueError: it is written in another way.
    """
    written = _CLOCK.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not a time; write it as HH:MM, for example 08:45")
    return time(int(written[1]), int(written[2]))


def _to_the_minute(value: object) -> object:
    if isinstance(value, str):
        return clock_time(value)
    if isinstance(value, time) and value != time(value.hour, value.minute):
        raise ValueError(f"{value} is not a time to the minute, without a zone; write it as HH:MM")
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_to_the_minute),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]
"""A time of day at the school, to the minute, written `HH:MM`."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionTimes(_Frozen):
    """One register's times on a school day, at the school. Half open: `t < boundary` is before it."""

    opens: ClockTime
    """The register begins to be taken."""
    late_after: ClockTime
    """An arrival at or after this is late. Left out of a file: `opens`."""
    closes: ClockTime
    """The taking of the register ends."""
    unauthorised_after: ClockTime
    """An arrival at or after this gets U. Left out of a file: `closes`."""
    ends: ClockTime
    """The session ends."""
    ends_by_year: dict[str, ClockTime] = Field(default_factory=dict)
    """Where year groups go home at different times: their ends, in place of `ends`."""

    @model_validator(mode="before")
    @classmethod
    def _fill_defaults(cls, values: Any) -> Any:
        if isinstance(values, dict):
            values = dict(values)
            if "opens" in values:
                values.setdefault("late_after", values["opens"])
            if "closes" in values:
                values.setdefault("unauthorised_after", values["closes"])
        return values

    @model_validator(mode="after")
    def _known_years(self) -> Self:
        _check_years(self.ends_by_year)
        return self

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


def _minutes(value: time) -> int:
    return value.hour * 60 + value.minute


def _of_minutes(since_midnight: int) -> time:
    return time(*divmod(min(max(since_midnight, 0), _LAST_MINUTE), 60))


def _check_years(years: Iterable[str]) -> None:
    for year in years:
        if year not in YEARS:
            raise ValueError(f"{year!r} is not a year; years are N, R and 1 to 14")


class ReviewRule(_Frozen):
    """A reason for which the school, not the rule, decides the mark: what is suggested to the office."""

    before_close: str = Field(description="`present` for the session's own present mark, or a code")
    after_close: str = Field(description="a code")


class Policy(_Frozen):
    """A school's policy as the rule reads it."""

    name: str
    title: str
    years: tuple[str, ...]
    am: SessionTimes
    pm: SessionTimes
    reasons: tuple[Reason, ...] = tuple(Reason)
    """The reasons that a kiosk offers a late pupil, in the order of the tiles. The rule knows them all."""
    reason_required: bool = False
    review: dict[Reason, ReviewRule] = Field(default_factory=dict)
    consequence: str | None = Field(default=None, description="told to the office with every U")
    retention_years: int = Field(
        default=6,
        description="how long the document says entries are kept; left out: the 6 years of the law",
    )
    codes_used: tuple[str, ...] = Field(default=(), description="codes that the document names")
    sources: dict[str, str] = Field(
        default_factory=dict, description="dotted key → the paragraph of the document it comes from"
    )
    provisional: tuple[str, ...] = Field(
        default=(), description="dotted keys whose values the document does not state"
    )

    @model_validator(mode="after")
    def _known_years(self) -> Self:
        _check_years(self.years)
        return self

    def session(self, name: SessionName) -> SessionTimes:
        """The times of that session's register."""
        return self.am if name is SessionName.AM else self.pm

    @cached_property
    def version(self) -> str:
        """A hash of the policy's meaning: 12 hex digits, the same whatever its comments or layout."""
        meaning = self.model_dump(mode="json", exclude={"title", "sources", "provisional"})
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()[:12]


def available() -> tuple[str, ...]:
    """The names of the policies that come with Latebook, in alphabetical order."""
    files = resources.files("kiosk.attendance.policies").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load(name: str) -> Policy:
    """The policy of that name.

    Raises:
        PolicyError: there is no such policy.
    """
    if name not in available():
        raise PolicyError(f"there is no policy {name!r}; there are {', '.join(available())}")
    text = resources.files("kiosk.attendance.policies").joinpath(f"{name}.toml").read_text("utf-8")
    return parse(text, name)


def load_file(path: Path) -> Policy:
    """The policy in a TOML file.

    Raises:
        PolicyError: the file cannot be read, is not TOML or is not a policy.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: cannot be read: {error}") from error
    return parse(text, str(path))


def parse(text: str, where: str) -> Policy:
    """The policy that a TOML text describes; `where` names the text in errors.

    Raises:
        PolicyError: it is not TOML or not a policy.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{where}: not a TOML file: {error}") from error
    try:
        return Policy.model_validate(values)
    except ValidationError as error:
        raise PolicyError(f"{where}: {_in_one_sentence(error)}") from error


def _in_one_sentence(error: ValidationError) -> str:
    """Every fault with its dotted key, in place of pydantic's several lines each."""
    faults = []
    for fault in error.errors(include_url=False, include_context=False):
        key = ".".join(str(part) for part in fault["loc"])
        what = fault["msg"].removeprefix("Value error, ")
        faults.append(f"{key}: {what}" if key else what)
    return "; ".join(faults)
