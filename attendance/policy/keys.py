"""The keys of a policy file as a person fills them in, read off the model's fields.

Everything about a key follows from its field: the question and the option of `latebook policy new`, the
comment in the file that it writes (the field's docstring), and the row of `latebook policy show`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from attendance.policy.answers import (
    Answers,
    Reader,
    read_clock,
    read_clock_by_year,
    read_number,
    read_optional_text,
    read_some_years,
    read_yes_or_no,
)
from attendance.policy.schema import bare, is_model
from attendance.text import one_line

_T = TypeVar("_T")

OUTSIDE_VERSION = "changes no decision, so it is not part of a policy's version"
"""Put on a field with `Annotated` if a change of its value must not make a new version."""

_BY_TYPE: dict[object, tuple[Reader, str]] = {
    time: (read_clock, "HH:MM, for example 08:45"),
    int: (read_number, "a whole number"),
    bool: (read_yes_or_no, "yes or no"),
    str: (read_optional_text, "a few words, or nothing"),
    tuple: (read_some_years, "for example 12-13, or nothing if no year group may"),
    dict: (
        read_clock_by_year,
        "for example R=15:10 1-3=15:20, or nothing if all year groups go home at the same time",
    ),
}
"""The reader and the hint for each type of field; a `KeyGuide` may have its own."""


@dataclass(frozen=True, slots=True)
class KeyGuide:
    """What a person needs to fill in one key, beside the field's docstring. Put on it with `Annotated`."""

    question: str
    hint: str = ""
    """How to write an answer; completes "Write …". If empty, the hint of the field's type applies."""
    read: Reader | None = None
    """Reads an answer. If `None`, the reader of the field's type applies."""
    check: Callable[[str], str] | None = None
    """Reads an answer in place of `read`, and checks the text in a file; raises `WrongValueError`."""
    has_source: bool = True
    """Whether the school's document may state the value. If it may and does not, the value is provisional."""
    copies: str = ""
    """The key of the same table whose value this one takes when it is left out."""
    suggest: Callable[[Answers], str] | None = None
    """Makes a default from the other answers; `None` if the field's own default applies."""


@dataclass(frozen=True, slots=True)
class SessionGuide:
    """The questions about one session's times. Put on the field of the session with `Annotated`."""

    title: str
    meanings: Mapping[str, str] = field(default_factory=dict)
    """Key → its meaning in this session, if it differs from the field's docstring."""
    omits: frozenset[str] = frozenset()
    """Keys without a question in this session."""


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """One key that a person fills in."""

    name: str
    """The dotted key: `am.opens`."""
    guide: KeyGuide
    meaning: str
    """What the key means, in whole sentences. It is the key's comment in the written file, too."""
    hint: str
    """How to write an answer; completes "Write …"."""
    kind: object
    """The type of the value, or of the collection: `time`, `int`, `bool`, `str`, `tuple`, `dict`."""
    read: Reader
    """Reads an answer as the file has it; raises a `ValueError` whose text says how to write it."""
    own_default: str | None
    """The default of the field, written as an answer; `None` if there is none."""

    @property
    def question(self) -> str:
        """The question that asks for it, also the label of its row in `policy show`."""
        return self.guide.question

    @property
    def table(self) -> str:
        """The table that the key belongs to; empty for the top of the file."""
        return self.name.rpartition(".")[0]

    @property
    def option(self) -> str:
        """The command-line option that gives the answer: `--am-opens`."""
        return "--" + self.name.replace(".", "-").replace("_", "-")

    @property
    def is_required(self) -> bool:
        """Whether it needs an answer."""
        return not (self.guide.suggest or self.guide.copies) and self.own_default is None

    def default(self, answers: Answers) -> str | None:
        """The answer when none is given; `None` if it is not known yet or an answer is required."""
        if self.guide.suggest:
            return self.guide.suggest(answers)
        return answers.get(f"{self.table}.{self.guide.copies}") if self.guide.copies else self.own_default


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys whose answers are given, checked and corrected together."""

    title: str
    keys: tuple[PolicyKey, ...]


def key_groups(model: type[BaseModel]) -> tuple[KeyGroup, ...]:
    """The keys of a policy model in the order of its fields: those before, in and after the sessions."""
    groups, top = [], list[PolicyKey]()
    for name, info in model.model_fields.items():
        if session := _metadata(info, SessionGuide):
            if top:
                groups.append(KeyGroup("The school", tuple(top)))
                top = []
            times = bare(info.annotation).model_fields.items()
            keys = (_key(f"{name}.{key}", each, session) for key, each in times if key not in session.omits)
            groups.append(KeyGroup(session.title, tuple(filter(None, keys))))
        elif key := _key(name, info):
            top.append(key)
    return (*groups, KeyGroup("The rest of the document", tuple(top)))


def outside_version(model: type[BaseModel]) -> dict[str, Any]:
    """The fields that are no part of a policy's version, as pydantic's `exclude`."""
    excluded: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if any(each is OUTSIDE_VERSION for each in info.metadata):
            excluded[name] = True
        elif is_model(inner := bare(info.annotation)) and (fields := outside_version(inner)):
            excluded[name] = fields
    return excluded


def _key(name: str, info: FieldInfo, session: SessionGuide | None = None) -> PolicyKey | None:
    """The key of a field, if it has a guide."""
    guide = _metadata(info, KeyGuide)
    if guide is None:
        return None
    kind = get_origin(bare(info.annotation)) or bare(info.annotation)
    read, hint = _BY_TYPE[kind]
    meaning = session.meanings.get(name.rpartition(".")[2]) if session else None
    has_default = not (info.is_required() or guide.copies)
    return PolicyKey(
        name,
        guide,
        meaning or one_line(info.description or ""),
        guide.hint or hint,
        kind,
        _checked_reader(guide.check) if guide.check else guide.read or read,
        _as_answer(info.get_default(call_default_factory=True)) if has_default else None,
    )


def _checked_reader(check: Callable[[str], str]) -> Reader:
    return lambda text, _: check(text)


def _as_answer(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, tuple):
        return " ".join(default)
    return str(default) if isinstance(default, int) else ""


def _metadata(info: FieldInfo, kind: type[_T]) -> _T | None:
    return next((each for each in info.metadata if isinstance(each, kind)), None)
