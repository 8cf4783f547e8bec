"""A policy in the making: answers so far, what the checker says of them, and the file that they become."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from attendance.policy.check import Finding, check
from attendance.policy.errors import one_line
from attendance.policy.model import Policy, parse
from kiosk.commands.policy.answers import Value, leaf_keys
from kiosk.commands.policy.questions import ABOUT, MORNING, QUESTIONS, Group, Question
from kiosk.commands.policy.text import policy_text

_EVENING = {"pm.opens": "23:58", "pm.closes": "23:58", "pm.ends": "23:59"}
"""Stands in for the afternoon while only the morning has been answered. Nothing is said of it."""


class PlaceError(Exception):
    """A file cannot be written where it was asked for. The text is one sentence: where, why, what to do."""


@dataclass(slots=True)
class Draft:
    """Answers and where the document says them. Both by dotted key, both as text."""

    answers: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def answer(self, question: Question, text: str) -> None:
        """Take an answer in place of the one before.

        Raises:
            ValueError: it is not one; the text is one sentence that says what would be.
        """
        value = question.read(text, self.answers)
        self.answers.pop(question.key, None)
        if text != self.default(question):  # a default goes on following the answer it is taken from
            self.answers[question.key] = text
        keys = set(leaf_keys(question.key, value))
        for key in [key for key in self.sources if _is_under(key, question) and key not in keys]:
            del self.sources[key]

    def state(self, question: Question, paragraph: str) -> None:
        """Take note where the document states an answer; an empty paragraph: nowhere."""
        for key in [key for key in self.sources if _is_under(key, question)]:
            del self.sources[key]
        value = question.read(self.current(question) or "", self.answers)
        if paragraph := one_line(paragraph):
            self.sources.update(dict.fromkeys(leaf_keys(question.key, value), paragraph))

    def current(self, question: Question) -> str | None:
        """The answer, or else the default; None where there is neither."""
        return self.answers.get(question.key, self.default(question))

    def default(self, question: Question) -> str | None:
        """The answer of somebody who gives none; None: there has to be one."""
        return question.default(self.answers) if question.default else None

    def source(self, question: Question) -> str:
        """The paragraph that states the answer; empty: none is known."""
        return next((self.sources[key] for key in self.sources if _is_under(key, question)), "")

    def missing(self) -> list[Question]:
        """The questions that have no answer and cannot do without."""
        return [each for each in QUESTIONS if each.default is None and each.key not in self.answers]

    def text(self) -> str:
        """The policy file. Where there is no answer, the default is taken.

        Raises:
            ValueError: an answer does not fit the others.
        """
        return policy_text(_values(self.answers), self.sources)

    def findings(self, group: Group) -> list[Finding]:
        """What the checker says of that group's answers, once it and those before it have been answered.

        Values to be confirmed are left out: whoever answers has just said so.

        Raises:
            ValueError: an answer does not fit the others.
        """
        if group is ABOUT:
            return []
        answers = self.answers | _EVENING if group is MORNING else self.answers
        policy = parse(policy_text(_values(answers), {}), "the answers")
        keys = tuple(question.key for question in group.questions)
        said = (each for each in check(policy) if each.id != "unstated")
        return [each for each in said if each.key.startswith(keys)]


def save(text: str, path: Path, *, replace: bool) -> Policy:
    """Write a policy file, whole or not at all, and read it again.

    Args:
        text: what it shall hold.
        path: where.
        replace: whether a file that is there already may go.

    Raises:
        PlaceError: it cannot be written there; what was there before is there still.
        PolicyError: the text is no policy; nothing was written.
    """
    parse(text, str(path))
    check_place(path, replace=replace)
    try:
        _write(text, path.resolve())  # a link to the file stays a link
        return parse(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise PlaceError(
            f"{path}: cannot be written: {error.strerror}; give a FILE in another folder"
        ) from error


def _write(text: str, path: Path) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):  # it has the file's name by now, or there was no making it
            part.unlink()


def check_place(path: Path, *, replace: bool) -> None:
    """Make sure that a file can be written, before anybody answers questions for nothing.

    Args:
        path: where.
        replace: whether a file that is there already may go.

    Raises:
        PlaceError: it cannot, or something would be lost.
    """
    try:
        if path.is_dir():
            raise PlaceError(
                f"{path} is a folder; give the name of a FILE in it, like {path / 'oak-lane.toml'}"
            )
        if path.exists() and not replace:
            raise PlaceError(f"{path} is there already; give another FILE, or --force to replace it")
        _check_folder(path.parent if path.parent.name else path.parent.absolute())
    except PermissionError as error:  # it cannot even be looked at
        raise PlaceError(_not_yours(path.parent)) from error


def _check_folder(folder: Path) -> None:
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir():
        raise PlaceError(f"{there} is a file and no folder; give a FILE in a folder")
    if not folder.exists():
        raise PlaceError(f"there is no folder {folder}; make it first, or give a FILE in one that is there")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PlaceError(_not_yours(folder))


def _not_yours(folder: Path) -> str:
    return (
        f"you may not write to the folder {folder}; give a FILE in a folder of your own, or ask whoever looks"
        " after this one"
    )


def _is_under(key: str, question: Question) -> bool:
    return key == question.key or key.startswith(f"{question.key}.")


def _values(answers: Mapping[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for question in QUESTIONS:
        text = answers.get(question.key, question.default(answers) if question.default else None)
        if text is not None:
            values[question.key] = question.read(text, answers)
    return values
