"""England's bank holidays, from a table and the rules for Easter, without the network."""

import holidays

from sync.calendars.school_years import SchoolYears
from sync.wire import BundleClosure

SATURDAY = 5

_PUBLISHED = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}
"""Names for which the library and the government's list differ."""


def bank_holidays(years: SchoolYears) -> list[BundleClosure]:
    """The bank holidays of those school years that fall on a weekday, in order, as closures.

    A holiday at a weekend is left out: its substitute day is a closure of its own. A holiday that is
    proclaimed later (a coronation) needs an update of the library `holidays`.
    """
    calendar_years = range(years.begins, years.ends + 1)
    england = holidays.country_holidays("GB", subdiv="ENG", language="en_GB", years=calendar_years)
    return [
        BundleClosure(first=day, reason=_as_published(name))
        for day, name in sorted(england.items())
        if years.first <= day <= years.last and day.weekday() < SATURDAY
    ]


def _as_published(name: str) -> str:
    """The name in the government's list, always with the words “bank holiday”."""
    name = name.removesuffix(" (observed)")
    return _PUBLISHED.get(name, f"{name} bank holiday")
