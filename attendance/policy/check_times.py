"""Checks of the register's times: their order, and how long a register is open."""

from collections.abc import Callable, Iterator
from datetime import date, time
from itertools import pairwise

from attendance.policy.check_parts import Fault, PolicyCheck, many, minutes_from
from attendance.policy.model import Policy, SessionTimes
from attendance.sessions import SessionName

LONGEST_OPEN = 30
"""The most minutes that a register may be open (guidance)."""

_IN_ORDER = ("opens", "late_after", "closes", "unauthorised_after")


def _in_each_session(find: Callable[[SessionName, SessionTimes], Iterator[Fault]]) -> PolicyCheck:
    """A check of one session's times, applied to both. The keys that it yields are the session's own."""

    def find_in_both(policy: Policy, _: date | None) -> Iterator[Fault]:
        for session in SessionName:
            for fault in find(session, policy.session(session)):
                key, *others = (f"{session.lower()}.{each}" for each in (fault.key, *fault.others))
                yield fault._replace(key=key, others=tuple(others))

    return find_in_both


@_in_each_session
def late_after_close(session: SessionName, times: SessionTimes) -> Iterator[Fault]:
    """`L` is given after the register has closed."""
    if (over := minutes_from(times.closes, times.unauthorised_after)) > 0:
        yield Fault(
            f"the {session} register closes at {times.closes:%H:%M}, but L is given until"
            f" {times.unauthorised_after:%H:%M}, {many(over, 'minute')} later; after the register"
            " has closed, the mark is U or another absence code, never L",
            f"write that L is given until {times.closes:%H:%M}",
            "unauthorised_after",
            ("closes",),
        )


@_in_each_session
def order(session: SessionName, times: SessionTimes) -> Iterator[Fault]:
    """One session's times are not in their order."""
    for earlier, later in pairwise(_IN_ORDER):
        before, after = getattr(times, earlier), getattr(times, later)
        if before > after:
            names = f"{later} {after:%H:%M} is earlier than {earlier} {before:%H:%M}".replace("_", " ")
            yield Fault(f"{session}: {names}", "write the times in their order", later, (earlier,))
    last = times.unauthorised_after
    for key, years, ends in ends_of(times):
        if ends < last:
            yield Fault(
                f"{session} ends at {ends:%H:%M}{years}, before unauthorised after {last:%H:%M}",
                "write the times in their order",
                key,
                ("unauthorised_after",),
            )


def overlap(policy: Policy, _: date | None) -> Iterator[Fault]:
    """The morning ends after the afternoon's register has opened."""
    opens = policy.pm.opens
    for key, years, ends in ends_of(policy.am):
        if ends > opens:
            yield Fault(
                f"AM ends at {ends:%H:%M}{years}, after the PM register opens at {opens:%H:%M}:"
                " the sessions overlap",
                "write an end of AM before the PM register opens",
                "pm.opens",
                (f"am.{key}",),
            )


@_in_each_session
def open_too_long(session: SessionName, times: SessionTimes) -> Iterator[Fault]:
    """A register is open for longer than the guidance has it."""
    if (minutes := minutes_from(times.opens, times.closes)) > LONGEST_OPEN:
        yield Fault(
            f"the {session} register is open for {many(minutes, 'minute')}, {times.opens:%H:%M} to"
            f" {times.closes:%H:%M}; guidance allows at most {LONGEST_OPEN}",
            f"write that it closes at most {LONGEST_OPEN} minutes after it opens",
            "closes",
        )


def sessions_differ(policy: Policy, _: date | None) -> Iterator[Fault]:
    """The two registers are open for different lengths of time."""
    am, pm = (minutes_from(times.opens, times.closes) for times in (policy.am, policy.pm))
    if am != pm and am >= 0 and pm >= 0:  # a register that closes before it opens has its own error
        yield Fault(
            f"the AM register is open for {many(am, 'minute')} and the PM register for {pm}; guidance asks"
            " for the same length in every session",
            "write the same length for both",
            "pm.closes",
            ("am.closes",),
        )


@_in_each_session
def no_late_window(session: SessionName, times: SessionTimes) -> Iterator[Fault]:
    """Late after equals closes."""
    if times.late_after == times.closes:
        yield Fault(
            f"late after and closes are both {times.closes:%H:%M} in {session}, so no pupil can get L"
            " while the register is open",
            "if that is not meant, write a time before it from which a pupil is late",
            "late_after",
            ("closes",),
        )


def ends_of(times: SessionTimes) -> Iterator[tuple[str, str, time]]:
    """Every end of the session: its key, the year group in words, and the time."""
    yield "ends", "", times.ends
    for year, ends in times.ends_by_year.items():
        yield f"ends_by_year.{year}", f" for year {year}", ends
