"""Words and formats that several of the office pages share."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attendance.reasons import APPOINTMENT_CODE, APPOINTMENT_LABEL, REASON_LABEL, Reason
from attendance.rule import Outcome
from attendance.text import capitalise
from sync.wire import DiskTrouble, Kind

AGREED = {code: APPOINTMENT_LABEL[kind] for kind, code in APPOINTMENT_CODE.items()}
"""An agreed absence by its code."""
NOTHING = "—"
NO_MARK = "No mark"
"""Shown for an empty mark."""
NOT_ON_ROLL = "Not on the roll"
"""Shown for a pupil, or a form, whom the school's roster does not have."""
KINDS = {
    Kind.ARRIVAL: "Signed in",
    Kind.RETURN: "Signed in again",
    Kind.DEPARTURE: "Signed out",
    Kind.VOID: "Undid an entry",
}
"""What happened at the kiosk."""
OUTCOMES: dict[str, str] = {
    Outcome.ON_TIME: "on time",
    Outcome.LATE: "late",
    Outcome.AFTER_CLOSE: "after close",
    Outcome.EXCUSED: "within an agreed absence",
    Outcome.PLANNED: "as planned",
    Outcome.PLANNED_LATE: "after the time of the plan",
    Outcome.REVIEW: "needs a decision",
    Outcome.MISSED_SESSION: "arrived after the morning session",
    Outcome.CLOSED: "no session",
    Outcome.NO_EFFECT: "no effect on a mark",
    Outcome.BACK_LATE: "decided when the pupil returns",
    Outcome.ABSENT_PM: "absent when the afternoon register is taken",
    "void": "undoes another entry",
}
"""What the rule decided."""
READERS = {
    "ready": "ready",
    "absent": "not found: is it plugged in?",
    "babbling": "sends unreadable data",
    "busy": "in use by another program",
    "forbidden": "no permission to open it",
    "stopped": "not being read",
}
"""A card reader's states (`hardware.readers.reader.ReaderState`). All but `ready` are faults."""

PRINTERS = {
    "ready": "ready",
    "paper_low": "paper low",
    "no_paper": "no paper",
    "cover_open": "cover open",
    "absent": "unplugged",
    "busy": "not answering",
}
"""A slip printer's states (`hardware.printers.status.PrinterState`). It prints in the first two."""
DISKS = {
    DiskTrouble.READ_ONLY: "read-only: nothing can be saved; start the kiosk again",
    DiskTrouble.FULL: "full: have it cleared today",
    DiskTrouble.ERRORS: "failing: have it changed this week",
    DiskTrouble.WORN: "worn: have it changed in the holidays",
    DiskTrouble.NEARLY_FULL: "nearly full: have it cleared",
}
"""What is wrong with a kiosk's storage, and what to do."""
CLOCKS = {
    "synced": "synced: set by the network",
    "held": "held: running since it was last set",
    "unknown": "unknown: do not trust its times",
}
"""How far a kiosk's clock can be trusted (`sync.wire.Trust`)."""


def reason(key: str | None, outcome: str, code: str | None, route: str | None = None) -> str:
    """Why a pupil was late or left, and by which late bus they came. A reason unknown to this version is
    shown as it was sent."""
    if outcome == Outcome.EXCUSED and code in AGREED:
        why = AGREED[code]
    else:
        why = NOTHING if key is None else reason_label(key)
    if route is None:
        return why
    return bus(route) if why == NOTHING else f"{why} · {bus(route)}"


def bus(route: str) -> str:
    """A late bus by its route: `bus 27`; a route that is a name stays as it is: `Blue Coaches 2`."""
    return route if route[:1].isalpha() else f"bus {route}"


def reason_label(key: str) -> str:
    """A reason in words, or its key when this version does not know it."""
    return REASON_LABEL[Reason(key)] if key in set(Reason) else key


def lateness(kind: str, outcome: str, minutes_late: int | None) -> str:
    """How late a visit was, or why lateness does not apply to it."""
    if kind == Kind.DEPARTURE:
        return KINDS[Kind.DEPARTURE]
    if outcome in (Outcome.AFTER_CLOSE, Outcome.ON_TIME, Outcome.PLANNED):
        return capitalise(OUTCOMES[outcome])
    return NOTHING if minutes_late is None else f"{minutes_late} min"


def pending_decision(outcome: str, code: str | None, suggested: str | None) -> str:
    """The decision that an entry needs, short enough for a chip."""
    if outcome == Outcome.MISSED_SESSION:
        return "why was the morning missed?"
    if suggested in ("/", "\\"):
        return "present?"
    if suggested and code:
        return f"{code} or {suggested}"
    return f"{suggested}?" if suggested else "which mark?"


def related(name: str, relationship: str | None) -> str:
    """A person with the relationship to the pupil, if known: `Aunt May (aunt)`."""
    return f"{name} ({relationship})" if relationship else name


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 kiosk`, `2 kiosks`."""
    return f"{number} {one if number == 1 else many}"


def since(instant: datetime, today: date) -> str:
    """A local time for "silent since …", with the date unless it was today."""
    if instant.date() == today:
        return f"{instant:%H:%M}"
    return f"{instant:%H:%M} on {instant.day} {instant:%B}"


def ago(span: timedelta) -> str:
    """A rough duration: `12 min`, `2 h 5 min`, `3 days`."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 24 else count(hours // 24, "day", "days")


def apart(ahead_s: int) -> str:
    """How far a clock is ahead of another, or behind it when negative: `3 min ahead of`."""
    span = timedelta(seconds=abs(ahead_s))
    how_far = ago(span) if span >= timedelta(minutes=2) else f"{abs(ahead_s)} s"
    return f"{how_far} {'ahead of' if ahead_s > 0 else 'behind'}"


def long_date(day: date) -> str:
    """`Tuesday 24 November`."""
    return f"{day:%A} {day.day} {day:%B}"


DECISIONS = {
    "keep": "left unchanged",
    "noted": "noted",
    "take": "the kiosk’s mark used",
    "assign": "assigned to a pupil",
    "dismiss": "dismissed",
    "agree": "new roster confirmed",
    "disagree": "old roster kept",
    "rang": "family contacted",
    "back": "back on site",
    "out": "not back after all",
}


def decision_text(decision: dict[str, Any] | None, resolution: str | None) -> str:
    """A decision and its reason, from a work item's `decision` and `resolution`."""
    if decision is None:
        return resolution or "resolved automatically"
    choice = str(decision.get("choice"))
    code = decision.get("code")
    decided = f"set to {code or NO_MARK.lower()}" if choice == "set" else DECISIONS.get(choice, choice)
    return f"{decided}: {(resolution or '').removeprefix(f'{choice}: ')}"


def damaged_storage(saved: int, missing: Sequence[tuple[int, int]]) -> str:
    """What a damaged journal has cost, and what to do, as the end of a sentence."""
    said = f"its storage was damaged. {count(saved, 'entry was', 'entries were')} saved from it"
    replace = "Have the kiosk’s storage changed before more is lost."
    if not missing:
        return f"{said}, and none is missing. {replace}"
    runs = [f"{first}" if first == last else f"{first} to {last}" for first, last in missing]
    numbers = ", ".join(runs[:-1]) + " and " + runs[-1] if len(runs) > 1 else runs[0]
    is_one = len(runs) == 1 and missing[0][0] == missing[0][1]
    return (
        f"{said}. {'Entry' if is_one else 'Entries'} {numbers} cannot be read and never arrived: ask at"
        f" reception who came around then, and enter their marks by hand. {replace}"
    )


def size(count_of_bytes: int) -> str:
    """A number of bytes: `81 GB`, `150 MB`."""
    giga, mega = count_of_bytes / 1e9, count_of_bytes / 1e6
    return f"{giga:.0f} GB" if giga >= 10 else (f"{giga:.1f} GB" if giga >= 1 else f"{mega:.0f} MB")
