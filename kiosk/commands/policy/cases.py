"""Visits written as text, in options or in a CSV file, and the rule's answers to them.

This is what `latebook policy decide` and `leave` read and write. Every Monday to Friday is a school day here.
A visit that cannot be read raises a `ValueError` whose text is one sentence for the user.
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
from attendance.clock_time import clock_time
from attendance.plans import day_plan
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, Departure, decide, leave
from kiosk.commands.policy.check import load_name_or_file

ANSWER_COLUMNS = ("outcome", "session", "code", "suggested", "minutes_late", "needs_office")

CaseRow = Mapping[str, str]
"""A visit as text: every input column, empty if the visit has no such value."""

Answer = dict[str, str | int | bool | None]
"""The answer columns of one visit; `None` for an empty one."""

_T = TypeVar("_T")
_AT = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?", re.ASCII)

_policy = cache(load_name_or_file)


@dataclass(frozen=True, slots=True)
class VisitKind:
    """Arrivals or departures: the columns that describe a visit, and the rule that decides on it."""

    columns: tuple[str, ...]
    decide: Callable[[CaseRow], Decision]


def answer_row(kind: VisitKind, row: CaseRow) -> Answer:
    """The rule's answer to one visit.

    Raises:
        ValueError: the policy, year, reason, agreed appointment, plan or a time is unknown; the text says
            which.
    """
    return answer_columns(kind.decide(row))


def answer_columns(decision: Decision) -> Answer:
    """The answer columns of a decision."""
    return {column: getattr(decision, column) for column in ANSWER_COLUMNS}


def as_text(value: object) -> str:
    """A value of an answer as the CSV file has it: `true`, `false`, or empty for `None`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def answer_file(kind: VisitKind, path: Path, *, as_json: bool) -> str:
    """Every row of a CSV file with its answer, input columns first, as CSV or a JSON list.

    Nothing is returned unless every row has an answer: output cut off at a bad row would look complete.

    Raises:
        ValueError: the file or a row cannot be read; the text names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = _input_columns(reader, kind, path)
            rows = [(row, _answer_line(kind, row, reader, path)) for row in _whole_rows(reader, path)]
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path}: cannot be read as a UTF-8 CSV file: {error}") from error
    if as_json:
        return json.dumps([{column: row[column] for column in columns} | answer for row, answer in rows])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*columns, *ANSWER_COLUMNS))
    writer.writerows((*(row[column] for column in columns), *map(as_text, a.values())) for row, a in rows)
    return text.getvalue()


def _input_columns(reader: "csv.DictReader[str]", kind: VisitKind, path: Path) -> list[str]:
    """The file's input columns in their order. Answer columns are dropped: they are written again."""
    header = list(reader.fieldnames or ())
    missing = [column for column in kind.columns if column not in header]
    if missing:
        raise ValueError(
            f"{path}, line 1: no column {', '.join(missing)}; the columns are {','.join(kind.columns)}"
        )
    if len(set(header)) < len(header):
        raise ValueError(f"{path}, line 1: a column is named twice; name each once")
    return [column for column in header if column not in ANSWER_COLUMNS]


def _whole_rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[CaseRow]:
    for row in reader:
        fields: dict[Any, Any] = (
            row  # csv adds `None` for a row that is too long or too short, against its type
        )
        if None in fields or None in fields.values():
            raise ValueError(f"{path}, line {reader.line_num}: the number of fields differs from line 1")
        yield row


def _answer_line(kind: VisitKind, row: CaseRow, reader: "csv.DictReader[str]", path: Path) -> Answer:
    try:
        return answer_row(kind, row)
    except ValueError as error:
        raise ValueError(f"{path}, line {reader.line_num}: {error}") from error


# --- Cells ----------------------------------------------------------------------------------------


def _cell(row: CaseRow, column: str, read: Callable[[str], _T]) -> _T | None:
    """The value of a cell, or `None` if it is empty; an error names the column."""
    return _required_cell(row, column, read) if row[column] else None


def _required_cell(row: CaseRow, column: str, read: Callable[[str], _T]) -> _T:
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
    if not _AT.fullmatch(text):  # a date alone would mean midnight, which is never late
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


def _agreed_until(text: str) -> AgreedAppointment:
    kind, colon, until = text.partition(":")
    agreed = _kind(kind)
    if not colon:
        raise ValueError(f"{text!r} has no end; write for example {kind}:10:30")
    return AgreedAppointment(kind=agreed, until=clock_time(until))


def _agreed_kind(text: str) -> AppointmentKind:
    kind, colon, _ = text.partition(":")
    if colon:
        raise ValueError(f"{text!r} has a time, which a departure does not take; write {kind}")
    return _kind(kind)


def _decide_row(row: CaseRow) -> Decision:
    arrival = Arrival(
        at=_required_cell(row, "at", _wall_time),
        year=row["year"],
        reason=_cell(row, "reason", _reason),
        agreed=_cell(row, "agreed", _agreed_until),
        plan=_cell(row, "plan", day_plan),
    )
    return decide(_policy(row["policy"]), arrival, school_day=is_weekday(arrival.at.date()))


def _leave_row(row: CaseRow) -> Decision:
    departure = Departure(
        at=_required_cell(row, "at", _wall_time),
        year=row["year"],
        back=_cell(row, "back", clock_time),
        reason=_cell(row, "reason", _reason),
        agreed=_cell(row, "agreed", _agreed_kind),
        plan=_cell(row, "plan", day_plan),
    )
    return leave(_policy(row["policy"]), departure, school_day=is_weekday(departure.at.date()))


ARRIVALS = VisitKind(("policy", "at", "year", "reason", "agreed", "plan"), _decide_row)
DEPARTURES = VisitKind(("policy", "at", "year", "back", "reason", "agreed", "plan"), _leave_row)
