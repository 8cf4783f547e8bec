"""What the title of an all-day event in a school's calendar says about the day. Pure.

A school's calendar has sports days and parents' evenings beside its holidays. A day wrongly taken as closed
would turn late pupils away from the kiosk; a missed holiday costs nothing, because no pupil comes. So only
titles count that clearly say that there is no school, and for whom.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from attendance.text import capitalise
from attendance.years import YEARS

_CLOSED = re.compile(
    r"""\b( inset | in-?service\ day | (staff|teacher)\ (training|development) | training\ day
    | non[- ]pupil\ day | ^closed(?=\s*([:–-]|$)) | no\ school
    | (school|academy|site)\ (is\ )?closed | closure | occasional\ day
    | half[ -]?term | holidays? | (christmas|easter|summer|spring|autumn|winter|mid-?term)\ break
    | vacation | christmas\ day | boxing\ day | good\ friday | easter\ monday | new\ year['’]?s?\ day )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SOMETHING_ELSE = re.compile(
    r"\b(clubs?|camps?|trips?|homework|revision|discos?|fairs?|concerts?|performance|assembly|lunch"
    r"|cancell?ed|moved|postponed|rescheduled)\b",
    re.IGNORECASE,
)
"""A holiday club is not a holiday, and a cancelled training day is a school day."""
_STILL_SCHOOL = re.compile(
    r"\b(break(s|ing)? up|last day|first day|closes|re-?opens?|returns?|back to school|begins?|starts?|ends?"
    r"|finish(es)?|early|before|after)\b",
    re.IGNORECASE,
)
"""A single day with these words is a school day at the edge of a holiday, if anything."""
_SOME_YEARS = re.compile(
    r"\b((years?|yrs?)\.?\s*((1[0-4]|[1-9])(?!\d)|[nr]\b)|y(1[0-4]|[1-9])(?!\d)"
    r"|(ks\s?[1-5]|key stage|reception|nursery|sixth form|early years|eyfs)\b)",
    re.IGNORECASE,
)
_NUMBER = r"(?:1[0-4]|[1-9])(?!\w|[.:]\d|\s*(?:days?|weeks?|[ap]\.?m)\b)"
_NAMED_YEAR = (
    rf"(?:(?:years?|yrs?|y)\.?\s*{_NUMBER}|(?:years?|yrs?)\.?\s*[nr]\b|nursery\b"
    r"|reception\b(?!\s+(?:is\s+)?closed))"  # "reception closed" may mean the desk
)
_AND = r"(?:\s*(?:,\s*and\b|[,&+/])\s*|\s+and\s+)"
_TO = r"(?:\s*[-–—]\s*|\s+to\s+)"
_YEAR_LIST = re.compile(
    rf"\b{_NAMED_YEAR}(?:(?:{_AND}|{_TO})(?:{_NAMED_YEAR}|{_NUMBER}))*",
    re.IGNORECASE,
)
"""Years 7, 8 and 10–11; Reception to Year 2; Y5/6."""
_BETWEEN_SPANS = re.compile(_AND, re.IGNORECASE)
_YEAR = re.compile(r"\d+|nursery|reception|\b[nr]\b", re.IGNORECASE)
_PLAIN_WORDS = re.compile(
    r"\b(closed(\s+days?)?(\s+[1-9])?|days?|only|for|to|pupils?|students?|children|study\s+leave)\b",
    re.IGNORECASE,
)
"""Words that do not change which years are meant. `INSET` and similar words have become `closed` by then,
perhaps with a number."""
_A_WORD = re.compile(r"\w")
_HALF_TERM = re.compile(r"\bhalf[ -]?term\b", re.IGNORECASE)
_TERM = re.compile(r"\bterm\b", re.IGNORECASE)
_FIRST_DAY = re.compile(r"\bterm\b.*\b(begins?|starts?)\b|\b(first day|start) of\b.*\bterm\b", re.IGNORECASE)
_LAST_DAY = re.compile(r"\bterm\b.*\b(ends?|finishes)\b|\b(last day|end) of\b.*\bterm\b", re.IGNORECASE)
_EDGE = re.compile(
    r"\b(((first|last) day|start|end) of( the)?|begins?|starts?|ends?|finishes)\b", re.IGNORECASE
)

SHORTEST_TERM = 22
"""Days from which an event can be a whole term: longer than any holiday but the summer's."""


class EventMeaning(StrEnum):
    """What an all-day event says about school."""

    CLOSED = "closed"
    TERM = "term"
    FIRST_DAY = "first day of a term"
    LAST_DAY = "last day of a term"
    SOME_YEARS = "closed for some year groups"
    """It mentions closing and names a year group; `closed_years` says which are closed."""
    OTHER = "something else"


def meaning(title: str, categories: Sequence[str], days: int) -> EventMeaning:
    """What an all-day event of that title and length says.

    Args:
        title: the event's.
        categories: the event's.
        days: its length in days.
    """
    without_half_terms = _HALF_TERM.sub("", title)
    closing = any(_CLOSED.search(text) for text in (title, *categories))
    if days == 1:
        if _FIRST_DAY.search(without_half_terms):
            return EventMeaning.FIRST_DAY
        if _LAST_DAY.search(without_half_terms):
            return EventMeaning.LAST_DAY
        if _STILL_SCHOOL.search(title):
            return EventMeaning.OTHER
    if days >= SHORTEST_TERM and _TERM.search(without_half_terms):
        # "Autumn term, with half term holiday" matches both. A whole term is never a closure.
        return EventMeaning.OTHER if _CLOSED.search(title) else EventMeaning.TERM
    if not closing or _SOMETHING_ELSE.search(title):
        return EventMeaning.OTHER
    return EventMeaning.SOME_YEARS if _SOME_YEARS.search(title) else EventMeaning.CLOSED


def closed_years(title: str) -> tuple[str, ...]:
    """The year groups that a title clearly says are closed, in order; empty in any doubt.

    It names them in one place (`Years 10 and 11`, `Year 7-9`, `Reception`), and otherwise only says that they
    have no school: with `except`, `exams` or `am`, other years may be meant, or another day.
    """
    lists = list(_YEAR_LIST.finditer(title))
    if len(lists) != 1:
        return ()
    beside = f"{title[: lists[0].start()]} | {title[lists[0].end() :]}"
    beside = _PLAIN_WORDS.sub("", _CLOSED.sub("closed", beside))
    spans = [_span(span) for span in _BETWEEN_SPANS.split(lists[0][0])]
    if _A_WORD.search(beside) or not all(spans):
        return ()
    return tuple(year for year in YEARS if any(year in span for span in spans))


def _span(span: str) -> tuple[str, ...]:
    """The years of `Year 7` or `7 to 9`; empty if it runs backwards or has more than two ends."""
    ends = [YEARS.index(year[:1].upper() if year.isalpha() else year) for year in _YEAR.findall(span)]
    return YEARS[ends[0] : ends[-1] + 1] if len(ends) <= 2 else ()


def term_name(title: str) -> str:
    """The term's name in a title that says when it begins or ends: `Autumn term`."""
    name = " ".join(_EDGE.sub(" ", title).split()).strip(" -–:,.")
    return capitalise(name)
