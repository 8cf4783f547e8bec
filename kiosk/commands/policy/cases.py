"""Visits written as text, one or a CSV file of them, and the rule's answers to them.

What `latebook policy decide` and `leave` read and write. Every Monday to Friday is a school day here.
Whatever is wrong with what was asked is a ValueError whose text is one sentence for the person asking.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from attendance.calendar import is_weekday
from attendance.policy.model import clock_time
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import Agreed, Arrival, Decision, Departure, decide, leave
from kiosk.commands.policy.check import load_name_or_file

ANSWER_COLUMNS = ("outcome", "session", "code", "suggested", "minutes_late", "needs_office")

Row = Mapping[str, str]
"""A visit as it is written: every input column, empty where there is nothing to say."""

Answer = dict[str, str | int | bool | None]
"""The answer columns of one visit; None where there is none."""

_T = TypeVar("_T")
_AT = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?", re.ASCII)

_policy = cache(load_name_or_file)


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of visit: the columns that describe one, and the rule that answers."""

    columns: tuple[str, ...]
    answer: Callable[[Row], Decision]


def answer_row(question: Question, row: Row) -> Answer:
    """The rule's answer to one visit.

    Raises:
        ValueError: an unknown policy, year, reason, agreed appointment or time; the text says which.
    """
    return answer_columns(question.answer(row))


def answer_columns(decision: Decision) -> Answer:
    """The columns that a decision answers with."""
    return {column: getattr(decision, column) for column in ANSWER_COLUMNS}


def as_text(value: object) -> str:
    """A value of an answer as the CSV has it: `true`, `false`, or nothing where there is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def answer_file(question: Question, path: Path, *, as_json: bool) -> str:
    """Every row of a CSV file with its answer: its own columns, then the answer's; CSV or a JSON list.

    Made only when all rows are answered: an output cut off at a bad row would look like a whole one.

    Raises:
        ValueError: the file cannot be read, or a row cannot be answered; the text names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = _own_columns(reader, question, path)
            rows = [(row, _answer_line(question, row, reader, path)) for row in _whole_rows(reader, path)]
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: cannot be read as a CSV file in UTF-8: {error}") from error
    if as_json:
        return json.dumps([{column: row[column] for column in columns} | answer for row, answer in rows])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*columns, *ANSWER_COLUMNS))
    writer.writerows((*(row[column] for column in columns), *map(as_text, a.values())) for row, a in rows)
    return text.getvalue()


def _own_columns(reader: "csv.DictReader[str]", question: Question, path: Path) -> list[str]:
    """The file's columns in their order; answers that stand in it already give way to new ones."""
    header = list(reader.fieldnames or ())
    missing = [column for column in question.columns if column not in header]
    if missing:
        raise ValueError(
            f"{path}, line 1: no column {', '.join(missing)}; the columns are {','.join(question.columns)}"
        )
    if len(set(header)) < len(header):
        raise ValueError(f"{path}, line 1: a column is named twice; name each once")
    return [column for column in header if column not in ANSWER_COLUMNS]


def _whole_rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[Row]:
    for row in reader:
        fields: dict[Any, Any] = row  # what csv adds for a row too long or too short is outside its type
        if None in fields or None in fields.values():
            raise ValueError(f"{path}, line {reader.line_num}: not as many fields as line 1 has columns")
        yield row


def _answer_line(question: Question, row: Row, reader: "csv.DictReader[str]", path: Path) -> Answer:
    try:
        return answer_row(question, row)
    except ValueError as error:
        raise ValueError(f"{path}, line {reader.line_num}: {error}") from error


# --- What a cell says -----------------------------------------------------------------------------


def _cell(row: Row, column: str, read: Callable[[str], _T]) -> _T | None:
    """What a cell says, or None for an empty one; an error names the column."""
    return _needed(row, column, read) if row[column] else None


def _needed(row: Row, column: str, read: Callable[[str], _T]) -> _T:
    try:
        return read(row[column])
    except ValueError as error:
        raise ValueError(f"{column}: {error}") from error


def _wall_time(text: str) -> datetime:
    expected = "write the school's local time, for example 2026-11-24T09:07:00"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date and time; {expected}") from None
    if at.tzinfo is not None:
        raise ValueError(f"{text!r} has a time zone; {expected}")
    if not _AT.fullmatch(text):  # a date alone would be midnight, and so on time
        raise ValueError(f"{text!r} is not a date and time; {expected}")
    return at


def _reason(text: str) -> Reason:
    try:
        return Reason(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a reason; the reasons are {', '.join(Reason)}") from None


def _kind(text: str) -> AppointmentKind:
    try:
        return AppointmentKind(text)
    except ValueError:
        kinds = ", ".join(AppointmentKind)
        raise ValueError(f"{text!r} is not an agreed appointment; the kinds are {kinds}") from None


def _agreed_until(text: str) -> Agreed:
    kind, colon, until = text.partition(":")
    agreed = _kind(kind)
    if not colon:
        raise ValueError(f"{text!r} does not say until when; write it as {kind}:10:30")
    return Agreed(kind=agreed, until=clock_time(until))


def _agreed_kind(text: str) -> AppointmentKind:
    kind, colon, _ = text.partition(":")
    if colon:
        raise ValueError(f"{text!r} has a time, which a departure does not need; write it as {kind}")
    return _kind(kind)


def _decide_row(row: Row) -> Decision:
    arrival = Arrival(
        at=_needed(row, "at", _wall_time),
        year=row["year"],
        reason=_cell(row, "reason", _reason),
        agreed=_cell(row, "agreed", _agreed_until),
        starts=_cell(row, "starts", clock_time),
    )
    return decide(_policy(row["policy"]), arrival, school_day=is_weekday(arrival.at.date()))


def _leave_row(row: Row) -> Decision:
    departure = Departure(
        at=_needed(row, "at", _wall_time),
        year=row["year"],
        back=_cell(row, "back", clock_time),
        reason=_cell(row, "reason", _reason),
        agreed=_cell(row, "agreed", _agreed_kind),
    )
    return leave(_policy(row["policy"]), departure, school_day=is_weekday(departure.at.date()))


ARRIVALS = Question(("policy", "at", "year", "reason", "agreed", "starts"), _decide_row)
DEPARTURES = Question(("policy", "at", "year", "back", "reason", "agreed"), _leave_row)
