"""What the staff screen shows: entries, how the kiosk is, who is on site."""

from dataclasses import replace

from kiosk.desk import Noted, Pending, SignIn, SignOut
from kiosk.journey.people import listed
from kiosk.journey.session import Core
from kiosk.views import EntryKind, EntryLine, Health, PresenceLine, PresenceView, Progress


def lines(core: Core, pending: Pending) -> tuple[EntryLine, ...]:
    """Today's entries, the newest first, then those of days before that have not come through."""
    today = tuple(_line(core, each) for each in core.desk.today())
    listed_already = {line.entry for line in today}  # one that a clock in doubt gave another date
    before = (_line(core, each) for each in pending.noted)
    return today + tuple(
        replace(
            line,
            earlier=True,
            may_undo=False,
            progress=Progress.REJECTED if line.entry in pending.rejected else line.progress,
        )
        for line in before
        if line.entry not in listed_already
    )


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
        inside=_by_name(core, [each for each in last if isinstance(each, SignIn)]),
        outside=_by_name(core, [each for each in last if isinstance(each, SignOut)]),
    )


def _by_name(core: Core, visits: list[SignIn] | list[SignOut]) -> tuple[PresenceLine, ...]:
    seen = (PresenceLine(listed(core, each.pupil), each.at) for each in visits)
    return tuple(sorted(seen, key=lambda each: (each.pupil.name, each.pupil.form)))


def _line(core: Core, noted: Noted) -> EntryLine:
    visit = noted.visit
    return EntryLine(
        entry=visit.entry,
        at=visit.at.replace(microsecond=0),
        pupil=listed(core, visit.pupil),
        what=_what(visit),
        code=visit.decision.code,
        outcome=visit.decision.outcome,
        reason=visit.reason,
        progress=core.progress_of(visit.entry),
        undone=noted.undone,
        may_undo=not noted.undone,
        clock_trusted=visit.clock_trusted,
    )


def _what(visit: SignIn | SignOut) -> EntryKind:
    if isinstance(visit, SignOut):
        return EntryKind.DEPARTURE
    return EntryKind.RETURN if visit.returning else EntryKind.ARRIVAL
