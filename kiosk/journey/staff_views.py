"""What the staff screen shows: today's entries, how the kiosk is, who is on site."""

from kiosk.desk import Noted, SignIn, SignOut
from kiosk.journey.core import Core
from kiosk.journey.people import listed
from kiosk.views import Health, Line, PresenceView, Seen, What


def lines(core: Core) -> tuple[Line, ...]:
    """Today's entries, the newest first."""
    return tuple(_line(core, each) for each in core.desk.today())


def health(core: Core) -> Health:
    """How the kiosk is."""
    around, reading = core.parts.surroundings(), core.desk.reading()
    waited = (reading.at - around.oldest_at).total_seconds() if around.oldest_at else None
    return Health(
        link=core.status.link,
        link_since=core.desk.wall(core.link_since).replace(second=0, microsecond=0)
        if core.link_since
        else None,
        waiting=core.status.waiting,
        oldest_min=None if waited is None else max(0, int(waited // 60)),
        rejected=around.rejected,
        clock=reading.trust,
        readers=around.readers,
        printer=around.printer,
    )


def presence(core: Core) -> PresenceView:
    """Who is signed in and out on this kiosk, by name."""
    last = core.desk.whereabouts()
    return PresenceView(
        now=core.wall(core.desk.reading()).replace(microsecond=0),
        inside=_by_name([each for each in last if isinstance(each, SignIn)]),
        outside=_by_name([each for each in last if isinstance(each, SignOut)]),
    )


def _by_name(visits: list[SignIn] | list[SignOut]) -> tuple[Seen, ...]:
    seen = (Seen(listed(each.pupil), each.at) for each in visits)
    return tuple(sorted(seen, key=lambda each: (each.pupil.name, each.pupil.form)))


def _line(core: Core, noted: Noted) -> Line:
    visit = noted.visit
    return Line(
        entry=visit.entry,
        at=visit.at.replace(microsecond=0),
        pupil=listed(visit.pupil),
        what=_what(visit),
        code=visit.decision.code,
        outcome=visit.decision.outcome,
        reason=visit.reason,
        progress=core.progress_of(visit.entry),
        undone=noted.undone,
        may_undo=not noted.undone,
        clock_trusted=visit.clock_trusted,
    )


def _what(visit: SignIn | SignOut) -> What:
    if isinstance(visit, SignOut):
        return What.DEPARTURE
    return What.RETURN if visit.returning else What.ARRIVAL
