"""What the staff screen shows: entries, the kiosk's health, who is on site."""

from dataclasses import replace

from kiosk.desk import DayEntry, Pending, SignIn, SignOut
from kiosk.journey.people import pupil_label
from kiosk.journey.session import Session
from kiosk.views import EntryKind, EntryLine, Health, PresenceLine, PresenceView, Progress


def entry_lines(session: Session, pending: Pending) -> tuple[EntryLine, ...]:
    """Today's entries, the newest first; then pending entries of earlier days."""
    today = tuple(_line(session, each) for each in session.desk.today())
    todays_ids = {line.entry for line in today}  # a clock in doubt may have given one of them another date
    earlier = (_line(session, each) for each in pending.entries)
    return today + tuple(
        replace(
            line,
            earlier=True,
            may_undo=False,
            progress=Progress.REJECTED if line.entry in pending.rejected else line.progress,
        )
        for line in earlier
        if line.entry not in todays_ids
    )


def health_of(session: Session) -> Health:
    """The kiosk's health."""
    parts, reading = session.parts.health(), session.desk.reading()
    waited = (reading.at - parts.oldest_at).total_seconds() if parts.oldest_at else None
    return Health(
        link=session.status.link,
        link_since=session.desk.wall(session.link_since).replace(second=0, microsecond=0)
        if session.link_since
        else None,
        waiting=session.status.waiting,
        oldest_min=None if waited is None else max(0, int(waited // 60)),
        rejected=parts.rejected,
        clock=reading.trust,
        readers=parts.readers,
        printer=parts.printer,
    )


def presence_view(session: Session) -> PresenceView:
    """The pupils who signed in and out on this kiosk, by name."""
    last = session.desk.whereabouts()
    return PresenceView(
        now=session.wall(session.desk.reading()).replace(microsecond=0),
        inside=_by_name(session, [each for each in last if isinstance(each, SignIn)]),
        outside=_by_name(session, [each for each in last if isinstance(each, SignOut)]),
    )


def _by_name(session: Session, visits: list[SignIn] | list[SignOut]) -> tuple[PresenceLine, ...]:
    lines = (PresenceLine(pupil_label(session, each.pupil), each.at) for each in visits)
    return tuple(sorted(lines, key=lambda each: (each.pupil.name, each.pupil.form)))


def _line(session: Session, entry: DayEntry) -> EntryLine:
    visit = entry.visit
    return EntryLine(
        entry=visit.entry,
        at=visit.at.replace(microsecond=0),
        pupil=pupil_label(session, visit.pupil),
        kind=_kind(visit),
        code=visit.decision.code,
        outcome=visit.decision.outcome,
        reason=visit.reason,
        progress=session.progress_of(visit.entry),
        undone=entry.undone,
        may_undo=not entry.undone,
        clock_trusted=visit.clock_trusted,
    )


def _kind(visit: SignIn | SignOut) -> EntryKind:
    if isinstance(visit, SignOut):
        return EntryKind.DEPARTURE
    return EntryKind.RETURN if visit.returning else EntryKind.ARRIVAL
