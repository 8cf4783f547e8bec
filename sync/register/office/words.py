"""What the office page says, in words."""

from datetime import date, datetime, timedelta

REASONS = {
    "overslept": "Overslept",
    "traffic": "Traffic",
    "school-transport": "School transport",
    "public-transport": "Public transport",
    "medical": "Medical",
    "unwell": "Unwell",
    "family": "Family",
    "weather": "Weather",
    "interview": "Interview",
    "other": "Other",
}
AGREED = {"M": "Medical, agreed", "J1": "Interview, agreed", "C": "Absence, agreed"}
NOTHING = "—"


def reason(key: str | None, outcome: str, code: str | None) -> str:
    """Why a pupil came late or left. One that this version does not know is shown as it was sent."""
    if outcome == "excused" and code in AGREED:
        return AGREED[code]
    if key is None:
        return NOTHING
    return REASONS.get(key, key)


def lateness(kind: str, outcome: str, minutes_late: int | None) -> str:
    """How late, or why lateness does not come into it."""
    if kind == "departure":
        return "Signed out"
    if outcome == "after_close":
        return "After close"
    if outcome == "on_time":
        return "On time"
    return NOTHING if minutes_late is None else f"{minutes_late} min"


def decision(outcome: str, code: str | None, suggested: str | None) -> str:
    """What the office is to decide about an entry, short enough for a chip."""
    if outcome == "missed_session":
        return "why was the morning missed?"
    if suggested in ("/", "\\"):
        return "mark present?"
    if suggested and code:
        return f"{suggested} instead of {code}?"
    return f"{suggested}?" if suggested else "a mark?"


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 kiosk`, `2 kiosks`."""
    return f"{number} {one if number == 1 else many}"


def since(instant: datetime, today: date) -> str:
    """A wall time for "silent since …": with its day where that was not today."""
    if instant.date() == today:
        return f"{instant:%H:%M}"
    return f"{instant:%H:%M} on {instant.day} {instant:%B}"


def ago(span: timedelta) -> str:
    """How long ago, roughly, as people say it."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 24 else count(hours // 24, "day", "days")


def long_date(day: date) -> str:
    """`Tuesday 24 November`."""
    return f"{day:%A} {day.day} {day:%B}"
