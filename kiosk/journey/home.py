"""What the home screen shows now, and whether pupils can arrive or leave now."""

from datetime import datetime, time, timedelta

from attendance.policy.model import SessionTimes
from attendance.sessions import SessionName
from kiosk.desk import Desk, SignOut
from kiosk.journey.waiting.lines import request_lines
from kiosk.journey.waiting.requests import WaitingRequests
from kiosk.school.classes import classes_of
from kiosk.school.school import School
from kiosk.views import HomeView, ProblemView, Trouble
from sync.wire import Trust

COUNTDOWN = timedelta(minutes=2)
"""How long before the register closes the clock shows seconds."""


LATE_WINDOW = timedelta(hours=1)
"""How long after the register closed most who come are still late pupils."""


def home_view(desk: Desk, requests: WaitingRequests, *, card_reader: bool) -> HomeView | ProblemView:
    """The home screen as it is now; a problem view until a school has arrived, and while nothing can be
    saved."""
    school = desk.school
    if school is None:
        return ProblemView(Trouble.NO_ROSTER)
    if desk.disk_failed:
        return ProblemView(Trouble.DISK_FAILED)
    lines = request_lines(requests, desk, school)
    alone, bring = school.some_leave_alone, school.policy.offers_accompanied
    reading = desk.reading()
    now = desk.wall(reading.at)
    if reading.trust == Trust.UNKNOWN:
        at = now.replace(second=0, microsecond=0)
        return HomeView(
            now=at,
            card_reader=card_reader,
            clock_trusted=False,
            anyone_out=True,
            may_leave_alone=alone,
            may_bring=bring,
            requests=lines,
        )
    closed = school.closed_because(now.date())
    session = None if closed else session_at(school, now.time())
    times = school.policy.session(session) if session else None
    if times is None or not _counts_down(now, times.closes):
        now = now.replace(second=0)
    return HomeView(
        in_late_window=times is not None and _is_late_window(now, times),
        anyone_out=session is not None and any(isinstance(each, SignOut) for each in desk.whereabouts()),
        now=now.replace(microsecond=0),
        session=session,
        times=times,
        closed_because=closed,
        card_reader=card_reader,
        may_leave_alone=alone and session is not None,
        requests=lines,
        may_bring=bring and session is not None,
        youngest=offers_youngest(desk),
    )


def offers_youngest(desk: Desk) -> bool:
    """Whether a child may choose from the list of a class: only while pupils are late and the register is
    open, so that the list cannot be browsed all day; never while the time is in doubt."""
    school, reading = desk.school, desk.reading()
    if school is None or not school.policy.youngest_years or reading.trust == Trust.UNKNOWN:
        return False
    now = desk.wall(reading.at)
    if school.closed_because(now.date()) is not None:
        return False
    session = session_at(school, now.time())
    times = school.policy.session(session) if session else None
    if times is None or not times.late_after <= now.time() < max(times.closes, times.unauthorised_after):
        return False
    return bool(classes_of(school.roster, school.policy.youngest_years))


def why_closed(desk: Desk) -> ProblemView | None:
    """Why no pupil can arrive or leave now; `None` if they can."""
    school = desk.school
    if school is None:
        return ProblemView(Trouble.NO_ROSTER)
    if not len(school.roster):
        return ProblemView(Trouble.EMPTY_ROSTER)
    reading = desk.reading()
    if reading.trust == Trust.UNKNOWN:
        return None  # the date is in doubt: let every pupil sign in, and let the office correct the time
    now = desk.wall(reading.at)
    if (because := school.closed_because(now.date())) is not None:
        return ProblemView(Trouble.CLOSED_DAY, because)
    if session_at(school, now.time()) is None:
        return ProblemView(Trouble.AFTER_SCHOOL)
    return None


def session_at(school: School, now: time) -> SessionName | None:
    """The session that a wall time belongs to; `None` after school."""
    policy = school.policy
    if now < policy.am.ends:
        return SessionName.AM
    last_end = max([policy.pm.ends, *policy.pm.ends_by_year.values()])
    return SessionName.PM if now < last_end else None


def _counts_down(now: datetime, closes: time) -> bool:
    left = datetime.combine(now.date(), closes) - now
    return timedelta(0) < left <= COUNTDOWN


def _is_late_window(now: datetime, times: SessionTimes) -> bool:
    closes = datetime.combine(now.date(), times.closes, now.tzinfo)
    return now.time() >= times.late_after and now < closes + LATE_WINDOW
