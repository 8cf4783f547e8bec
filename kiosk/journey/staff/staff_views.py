"""What the staff screen shows: entries, the kiosk's health, who is on site."""

from collections.abc import Iterable
from dataclasses import replace

from kiosk.desk import DayEntry, Pending, SignIn, SignOut
from kiosk.journey.people import pupil_label
from kiosk.journey.session import Session
from kiosk.views import (
    EntryKind,
    EntryLine,
    Health,
    PresenceLine,
    PresenceSource,
    PresenceView,
    Progress,
    PupilLabel,
)
from sync.wire import OnSiteResponse, PupilOnSite, SiteState


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
        storage=parts.storage,
        obstacle=parts.obstacle,
    )


def presence_view(
    session: Session, on_site: OnSiteResponse | None, source: PresenceSource, *, printing: bool = False
) -> PresenceView:
    """The pupils who are signed in and out, by name: those whom the register knows, or else those who came
    through this kiosk.

    Args:
        session: the session.
        on_site: the register's list, if it has answered.
        source: whose list it is.
        printing: whether it was sent to the printer a moment ago.
    """
    lines = {each.pupil.id: (_out(each), _own_line(session, each)) for each in session.desk.whereabouts()}
    for each in on_site.pupils if on_site else ():
        own = lines.get(each.pupil)
        line = _register_line(session, each)
        # What this kiosk has not sent yet is newer than what the register knows of that pupil.
        if own is None or own[1].at.replace(microsecond=0) <= line.at:
            lines[each.pupil] = (each.state is SiteState.OUT, line)
    return PresenceView(
        now=session.wall(session.desk.reading()).replace(microsecond=0),
        inside=_by_name(line for out, line in lines.values() if not out),
        outside=_by_name(line for out, line in lines.values() if out),
        source=source,
        can_print=session.parts.print_list is not None,
        printing=printing,
    )


def _out(visit: SignIn | SignOut) -> bool:
    return isinstance(visit, SignOut)


def _own_line(session: Session, visit: SignIn | SignOut) -> PresenceLine:
    return PresenceLine(pupil_label(session, visit.pupil), visit.at, check=not visit.clock_trusted)


def _register_line(session: Session, listed: PupilOnSite) -> PresenceLine:
    pupil = session.school.roster.by_id(listed.pupil)
    label = pupil_label(session, pupil) if pupil else PupilLabel(listed.pupil, listed.pupil, "", listed.pupil)
    return PresenceLine(label, session.desk.wall(listed.since), check=listed.state is SiteState.CHECK)


def _by_name(lines: Iterable[PresenceLine]) -> tuple[PresenceLine, ...]:
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
