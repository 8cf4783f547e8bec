"""The all-day events of an iCalendar file (RFC 5545), each with its first and last day at the school.

Programs write a whole day in different ways: as a date, as midnights in some zone, as midnights in UTC. Here
they all become days, repetitions included. `sync.calendars.titles` decides what each event means.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from textwrap import shorten
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]  # it has type hints, but no py.typed

from sync.calendars.repeats import MOST_REPEATS, most_repeats, not_an_interval, repeats_within_a_day
from sync.calendars.school_years import SchoolYears, spanning
from sync.calendars.zones import are_simple

MOST_BYTES = 10_000_000
MOST_EVENTS = 10_000
"""The most events and other components of a file. A school's calendar of one year has a few hundred."""
MOST_LINES = 200_000
LONGEST_QUOTATION = 200
"""The most characters of the parser's own words in an error."""
_DAY = timedelta(days=1)


class CalendarFileError(ValueError):
    """An iCalendar file that cannot be used; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True, order=True)
class CalendarEvent:
    """An event, by days at the school."""

    first: date
    last: date
    """The last day, unlike DTEND, which is the day after."""
    title: str
    categories: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.title} ({self.first})"


class Events(NamedTuple):
    """The distinct events of a file, sorted."""

    all_day: list[CalendarEvent]
    timed: list[CalendarEvent]
    """Events with times of day."""
    years: SchoolYears
    """The school years that were read: those requested, or those of the file's events."""


def events_of(data: bytes, zone: ZoneInfo, years: SchoolYears | None) -> Events:
    """The events of an iCalendar file, each repetition separately, without the cancelled ones.

    Args:
        data: the file.
        zone: the school's; days begin and end in it, however the file writes midnight.
        years: read only events in these years; `None` for the years from the file's first event to its last,
            where repetitions do not count, because they may have no end.

    Raises:
        CalendarFileError: it is not an iCalendar file, or an event in it cannot be parsed.
    """
    calendars = _parse(data)
    years = years or _years_in(calendars)
    _check_repeats(calendars, years)
    all_day, timed = _by_days(_occurrences(calendars, years), zone)
    return Events(all_day, timed, years)


def _parse(data: bytes) -> list[icalendar.Calendar]:
    if len(data) > MOST_BYTES:
        raise CalendarFileError(f"it is larger than {MOST_BYTES // 1_000_000} MB: not one school's calendar")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalendarFileError(
            f"it is not a text in UTF-8 (from byte {error.start + 1}); export the calendar again as iCalendar"
        ) from error
    if "BEGIN:VCALENDAR" not in text.upper():
        raise CalendarFileError("it is not an iCalendar file: BEGIN:VCALENDAR is missing")
    lines = [line.rstrip().upper() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES or sum(line.startswith("BEGIN:") for line in lines) > MOST_EVENTS:
        raise CalendarFileError(
            f"it has more than {MOST_EVENTS:,} events or {MOST_LINES:,} lines: not one school's calendar;"
            " export one or two school years"
        )
    if lines[-1] != "END:VCALENDAR" or lines.count("BEGIN:VEVENT") != lines.count("END:VEVENT"):
        # The parser would silently drop the last event, which may be a closed day.
        raise CalendarFileError("it is a broken iCalendar file: it is cut short; export the calendar again")
    if not are_simple(text):
        raise CalendarFileError(
            "a time zone in it changes its clock in a way that no real one does; export the calendar again"
        )
    try:
        parsed = icalendar.Calendar.from_ical(text, multiple=True)
    except Exception as error:  # the parser may raise anything for a broken value
        raise CalendarFileError(f"it is a broken iCalendar file: {_one_line(error)}") from error
    calendars = [each for each in parsed if isinstance(each, icalendar.Calendar)]
    for event in _events(calendars):
        _check(event)
    return calendars


def _check_repeats(calendars: Sequence[icalendar.Calendar], years: SchoolYears) -> None:
    """Refuse a file whose rules would expand to more days than a school can have events."""
    most = 0
    for event in _events(calendars):
        most += most_repeats(event, years.after)
        if most > MOST_REPEATS:
            raise CalendarFileError(
                f"its events repeat too often, over {MOST_REPEATS:,} times until {years.after}"
                f" (at {_title(event)!r}): not one school's calendar; export it with fewer repeating events"
            )


def _events(calendars: Iterable[icalendar.Calendar]) -> Iterator[icalendar.Event]:
    for calendar in calendars:
        yield from calendar.events


def _check(event: icalendar.Event) -> None:
    """Refuse an event that was only partly parsed: it may be the one closed day of the file."""
    for name, what in event.errors:
        raise CalendarFileError(
            f"the event {_title(event)!r} has a {name or 'line'} that cannot be read: {_shortened(what)}"
        )
    if "DTSTART" not in event:
        raise CalendarFileError(f"the event {_title(event)!r} has no DTSTART, so its date is not known")
    try:
        starts, ends = event.start, event.end
    except (ValueError, OverflowError) as error:  # a date that ends with a time, or in the year 10,000
        raise CalendarFileError(f"the event {_title(event)!r} cannot be read: {_one_line(error)}") from error
    if _date(ends) < _date(starts):
        raise CalendarFileError(
            f"the event {_title(event)!r} ends on {_date(ends)}, before it begins on {_date(starts)}"
        )
    if not_an_interval(event):
        raise CalendarFileError(f"the event {_title(event)!r} repeats at an INTERVAL that is not 1 or more")
    if repeats_within_a_day(event):
        raise CalendarFileError(f"the event {_title(event)!r} repeats more often than once a day")


def _years_in(calendars: Sequence[icalendar.Calendar]) -> SchoolYears:
    starts = [_date(event.start) for event in _events(calendars)]
    if not starts:
        raise CalendarFileError("it has no events")
    try:
        return spanning(min(starts), max(starts))
    except ValueError as error:
        raise CalendarFileError(
            f"its events lie too far apart ({error}); give the years: --years 2026-2027"
        ) from error


def _occurrences(calendars: Iterable[icalendar.Calendar], years: SchoolYears) -> Iterator[icalendar.Event]:
    """Each event on each of its days, with the changes and exceptions of its series."""
    for calendar in calendars:
        try:
            found = recurring_ical_events.of(calendar).between(years.first, years.after)
        except Exception as error:  # it may raise anything for a broken rule
            raise CalendarFileError(
                f"an event repeats in a way that cannot be read: {_one_line(error)}"
            ) from error
        yield from (event for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED")


def _by_days(
    events: Iterable[icalendar.Event], zone: ZoneInfo
) -> tuple[list[CalendarEvent], list[CalendarEvent]]:
    """All-day events, and the others."""
    whole, timed = set(), set()
    for event in events:
        start, end = event.start, event.end
        first, after = _midnight(start, end, zone) or (None, None)
        title = _title(event)
        if first is None or after is None:
            timed.add(CalendarEvent(_date(start), _date(end), title))
            continue
        # DTEND is the day after. Some programs write the day itself for an event of one day.
        last = max(first, after - _DAY)
        whole.add(CalendarEvent(first, last, title, tuple(str(each) for each in event.categories)))
    return sorted(whole), sorted(timed)


def _midnight(start: date, end: date, zone: ZoneInfo) -> tuple[date, date] | None:
    """The first day, and the day after the last, of an event of whole days; `None` if it has hours.

    Whole days are written as dates, or as midnights without a zone, in the event's own zone, or in UTC: then
    the midnight may be the school's (23:00 the day before, all summer) or UTC's.
    """
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return _date(start), _date(end)
    pairs = [(start, end)]
    if start.tzinfo is not None and end.tzinfo is not None:
        pairs.insert(0, (start.astimezone(zone), end.astimezone(zone)))
    for begins, ends in pairs:
        if begins.time() == ends.time() == time.min and begins.date() < ends.date():
            return begins.date(), ends.date()
    return None


def _date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _title(event: icalendar.Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split()) or "(no title)"


def _one_line(error: Exception) -> str:
    return _shortened(error) or type(error).__name__


def _shortened(what: object) -> str:
    return shorten(str(what), LONGEST_QUOTATION, placeholder="…")
