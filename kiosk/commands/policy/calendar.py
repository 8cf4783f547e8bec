"""`latebook policy calendar …`: a school's published calendar and England's bank holidays, as TOML or JSON.

The calendar is written to standard output, to be pasted into a policy file or a school's record. Standard
error has one sentence for each event that was left out and each that is for some year groups only. An error
is one sentence on standard error with exit status 2; nothing is then written to standard output.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import typer
from pydantic import ValidationError

from attendance.calendar import Calendar, Closure
from sync.calendars.school_years import SchoolYears
from sync.calendars.school_years import parse as parse_years
from sync.command_line import fail

if TYPE_CHECKING:
    from sync.calendars.ics import CalendarSelection, PublishedCalendar

File = Annotated[
    Path | None,
    typer.Argument(metavar="FILE.ics", help="The calendar published by the school.", show_default=False),
]
Years = Annotated[
    str | None, typer.Option(help="School years: 2026-2027. By default, all years in the file.")
]
BankHolidays = Annotated[bool, typer.Option("--bank-holidays", help="Add England's bank holidays.")]
Terms = Annotated[
    bool, typer.Option("--terms", help="Read the terms, too. The school is closed outside them.")
]
Closed = Annotated[
    list[str] | None,
    typer.Option(metavar="WORD", help="Treat all-day events with this word as closures, too."),
]
EveryEvent = Annotated[bool, typer.Option("--all", help="Treat every all-day event as a closure.")]
Zone = Annotated[str, typer.Option(help="The school's time zone.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


def calendar(
    file: File = None,
    *,
    years: Years = None,
    bank_holidays: BankHolidays = False,
    terms: Terms = False,
    closed: Closed = None,
    every_event: EveryEvent = False,
    zone: Zone = "Europe/London",
    as_json: AsJson = False,
) -> None:
    """Read terms and closures from an iCalendar file, and add bank holidays."""
    try:
        from sync.calendars.ics import CalendarSelection

        selection = CalendarSelection(
            parse_years(years) if years else None, tuple(closed or ()), every_event, terms
        )
        result, notices = _build(file, selection, _zone(zone), bank_holidays=bank_holidays)
    except ModuleNotFoundError as error:
        fail(f"calendar files can be read only where the register is installed ({error.name} is missing)")
    except ValueError as error:
        fail(str(error))
    for notice in notices:
        typer.echo(notice, err=True)
    values = result.model_dump(mode="json" if as_json else "python", exclude_none=True)
    typer.echo(json.dumps(values, ensure_ascii=False) if as_json else _toml(values), nl=as_json)


def _build(
    file: Path | None, selection: "CalendarSelection", zone: ZoneInfo, *, bank_holidays: bool
) -> tuple[Calendar, tuple[str, ...]]:
    """The calendar, and notices about how the file was read.

    Raises:
        ValueError: the file cannot be used, or an option is missing; the text is one sentence.
    """
    published = _read(file, zone, selection) if file else None
    years = published.years if published else selection.years
    if published is None and not bank_holidays:
        raise ValueError("nothing to make a calendar from: give FILE.ics, or --bank-holidays with --years")
    if years is None:
        raise ValueError("--bank-holidays without a file needs the years: --years 2026-2027")
    result = _valid_calendar(file, published) if published else Calendar()
    if bank_holidays:
        result = _with_bank_holidays(result, years)
    return result, published.notices if published else ()


def _read(file: Path, zone: ZoneInfo, selection: "CalendarSelection") -> "PublishedCalendar":
    from sync.calendars.events import MOST_BYTES, CalendarFileError
    from sync.calendars.ics import read
    from sync.worker import TooMuchWorkError, in_worker

    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        return in_worker(read, data, zone, selection)
    except OSError as error:
        raise ValueError(f"{file}: cannot be read: {error.strerror}") from error
    except (CalendarFileError, TooMuchWorkError) as error:
        raise ValueError(f"{file}: {error}") from error


def _valid_calendar(file: Path | None, published: "PublishedCalendar") -> Calendar:
    """The calendar as the rule reads it; raises `ValueError` if it contradicts itself."""
    try:
        return Calendar.model_validate(published.calendar.model_dump())
    except ValidationError as error:
        mistakes = "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
        raise ValueError(f"{file}: {mistakes}") from error


def _with_bank_holidays(result: Calendar, years: SchoolYears) -> Calendar:
    """The calendar with every bank holiday that it does not cover yet; closures sorted by date."""
    from sync.calendars.bank_holidays import bank_holidays

    added = [
        Closure(first=each.first, reason=each.reason)
        for each in bank_holidays(years)
        if not any(closure.closes(each.first, None) for closure in result.closures)
    ]
    by_date = sorted([*result.closures, *added], key=lambda closure: closure.first)
    return Calendar(terms=result.terms, closures=tuple(by_date))


def _toml(values: dict[str, list[dict[str, Any]]]) -> str:
    import tomlkit

    table = tomlkit.table()
    for name, rows in values.items():
        if rows:
            table[name] = tomlkit.item([dict(row) for row in rows])
    return tomlkit.dumps({"calendar": table})


def _zone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone; write for example Europe/London")
    return ZoneInfo(name)
