"""A school's published calendar, an iCalendar file, as terms and closures.

An all-day event becomes a closure if its title clearly says that there is no school, and a closure for some
year groups if it clearly names them. Notices list what was left out, and what is for some years only, so that
a user can check it: nothing is guessed about a day on which children might come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from zoneinfo import ZoneInfo

from sync.calendars.events import CalendarEvent, CalendarFileError, events_of
from sync.calendars.school_years import SchoolYears
from sync.calendars.titles import EventMeaning, closed_years, meaning, term_name
from sync.wire import BundleCalendar, BundleClosure, BundleTerm

LONGEST_REASON = 100
"""The characters of an event's title that fit on a kiosk's screen."""
NAMED_IN_A_NOTICE = 5
_NOT_KNOWN = (EventMeaning.OTHER, EventMeaning.SOME_YEARS)


@dataclass(frozen=True, slots=True)
class CalendarSelection:
    """What to take from a file besides clear closures."""

    years: SchoolYears | None = None
    """Only events in these years; `None` for all."""
    closed: tuple[str, ...] = ()
    """All-day events with one of these words in their title or category are closures too."""
    every_event: bool = False
    """All-day events of unknown meaning are closures: for a calendar that holds only holidays."""
    terms: bool = False
    """Also take the terms."""


CLEAR_CLOSURES = CalendarSelection()


@dataclass(frozen=True, slots=True)
class PublishedCalendar:
    """The calendar in a file."""

    calendar: BundleCalendar
    notices: tuple[str, ...]
    """What was left out and why, and what is for some years only: one sentence each."""
    years: SchoolYears
    """The school years that the file, or the selection, covers."""


def read(data: bytes, zone: ZoneInfo, selection: CalendarSelection = CLEAR_CLOSURES) -> PublishedCalendar:
    """Read the days without school from an iCalendar file.

    Args:
        data: the file.
        zone: the school's.
        selection: the years, and what else to take.

    Raises:
        CalendarFileError: it is not an iCalendar file, an event in it cannot be parsed, or its terms do not
            fit together.
    """
    events = events_of(data, zone, selection.years)
    by_meaning = _by_meaning(events.all_day, selection)
    some_years = {event: closed_years(event.title) for event in by_meaning[EventMeaning.SOME_YEARS]}
    known = {event: years for event, years in some_years.items() if years}
    in_doubt = [event for event, years in some_years.items() if not years]
    calendar = BundleCalendar(
        terms=_terms(by_meaning) if selection.terms else [],
        closures=[
            _closure(event, known.get(event, ()))
            for event in sorted([*by_meaning[EventMeaning.CLOSED], *known])
        ],
    )
    notices = [
        _for_some_years(known),
        _notice("because they have times of day", events.timed),
        _notice("because they do not clearly say that there is no school", by_meaning[EventMeaning.OTHER]),
        _notice("because their year groups are unclear: enter these by hand", in_doubt),
    ]
    if not selection.terms:
        edges = (EventMeaning.TERM, EventMeaning.FIRST_DAY, EventMeaning.LAST_DAY)
        about_terms = sorted(event for each in edges for event in by_meaning[each])
        notices.append(_notice("because terms were not requested", about_terms))
    return PublishedCalendar(calendar, tuple(filter(None, notices)), events.years)


def _by_meaning(
    whole: Iterable[CalendarEvent], selection: CalendarSelection
) -> dict[EventMeaning, list[CalendarEvent]]:
    by_meaning: dict[EventMeaning, list[CalendarEvent]] = {each: [] for each in EventMeaning}
    for event in whole:
        event_meaning = _meaning_of(event)
        selected = _is_selected(event, selection) or (selection.every_event and event_meaning in _NOT_KNOWN)
        if selected and not (event_meaning is EventMeaning.SOME_YEARS and closed_years(event.title)):
            event_meaning = EventMeaning.CLOSED
        by_meaning[event_meaning].append(event)
    return by_meaning


def _meaning_of(event: CalendarEvent) -> EventMeaning:
    return meaning(event.title, event.categories, (event.last - event.first).days + 1)


def _is_selected(event: CalendarEvent, selection: CalendarSelection) -> bool:
    texts = [text.casefold() for text in (event.title, *event.categories)]
    return any(word.casefold() in text for word in selection.closed for text in texts)


def _terms(by_meaning: dict[EventMeaning, list[CalendarEvent]]) -> list[BundleTerm]:
    """Terms that are one event, and those of a first day and the last day after it."""
    terms = [
        BundleTerm(name=_reason(event), starts=event.first, ends=event.last)
        for event in by_meaning[EventMeaning.TERM]
    ]
    edges = sorted(
        (event, edge)
        for edge in (EventMeaning.FIRST_DAY, EventMeaning.LAST_DAY)
        for event in by_meaning[edge]
    )
    for (begin, begins), (end, ends) in zip(edges[::2], edges[1::2], strict=False):
        if (begins, ends) != (EventMeaning.FIRST_DAY, EventMeaning.LAST_DAY):
            raise CalendarFileError(
                f"terms need a first day and then a last day, but after {begin} comes {end}"
            )
        terms.append(BundleTerm(name=_term_name(begin), starts=begin.first, ends=end.first))
    if len(edges) % 2:
        raise CalendarFileError(
            f"terms need a first day and a last day, but {edges[-1][0]} has no counterpart"
        )
    if not terms:
        raise CalendarFileError("it has no terms: no event is a term, or the first or last day of one")
    return sorted(terms, key=lambda term: term.starts)


def _term_name(begin: CalendarEvent) -> str:
    name = term_name(begin.title)
    return shorten(name, LONGEST_REASON, placeholder="…") or "Term"


def _closure(event: CalendarEvent, years: Sequence[str] = ()) -> BundleClosure:
    return BundleClosure(
        first=event.first,
        last=event.last if event.last > event.first else None,
        reason=_reason(event),
        years=list(years) or None,
    )


def _reason(event: CalendarEvent) -> str:
    return shorten(event.title, LONGEST_REASON, placeholder="…")


def _for_some_years(closed: Mapping[CalendarEvent, Sequence[str]]) -> str | None:
    """A sentence that lists all closures for some years only, for a user to check."""
    named = "; ".join(f"{event}: {', '.join(closed[event])}" for event in _once_each(closed))
    return f"closed for these years only, please check: {named}" if named else None


def _notice(why: str, left_out: Sequence[CalendarEvent]) -> str | None:
    """A sentence on what was left out; a series is named once, by its first day."""
    firsts = _once_each(left_out)
    if not firsts:
        return None
    more = len(firsts) - NAMED_IN_A_NOTICE
    named = ", ".join(str(event) for event in firsts[:NAMED_IN_A_NOTICE])
    return f"left out, {why}: {named}" + (f" and {more} more" if more > 0 else "")


def _once_each(series: Iterable[CalendarEvent]) -> list[CalendarEvent]:
    """The first day of each title."""
    firsts: dict[str, CalendarEvent] = {}
    for event in series:
        firsts.setdefault(event.title, event)
    return list(firsts.values())
