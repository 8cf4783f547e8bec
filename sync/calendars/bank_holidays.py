"""England's bank holidays. From a table and the rules for Easter; nothing is asked of a network."""

import holidays

from sync.calendars.school_years import SchoolYears
from sync.wire import BundleClosure

SATURDAY = 5

_PUBLISHED = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}
"""Where the library and the government's list differ."""


def bank_holidays(years: SchoolYears) -> list[BundleClosure]:
    """The bank holidays of those school years that fall on a weekday, in order, each as a closure.

    A holiday at a weekend is left out: its substitute day is a closure of its own. One that is proclaimed
    later (a coronation) is known only once the library `holidays` has been brought up to date.
    """
    calendar_years = range(years.begins, years.ends + 1)
    england = holidays.country_holidays("GB", subdiv="ENG", language="en_GB", years=calendar_years)
    return [
        BundleClosure(first=day, reason=_as_published(name))
        for day, name in sorted(england.items())
        if years.first <= day <= years.last and day.weekday() < SATURDAY
    ]


def _as_published(name: str) -> str:
    """The name as the government's list has it, and always that it is a bank holiday."""
    name = name.removesuffix(" (observed)")
    return _PUBLISHED.get(name, f"{name} bank holiday")
