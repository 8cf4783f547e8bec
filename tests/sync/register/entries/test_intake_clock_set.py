"""A pupil signs in with a doubtful clock and the clock is set later: kiosk and register together."""

from pathlib import Path

import pytest
from sqlalchemy import select

from attendance.reasons import Reason
from kiosk.views.touches import ChooseReason, Finish
from sync.register.storage.models import EntryRow, MarkRow, WorkItemRow
from sync.wire import Entry
from tests.kiosk.reception import london, reception
from tests.sync.register.support import Kiosk, Running

pytestmark = pytest.mark.both_databases


def test_the_mark_uses_the_true_instant_and_both_entries_are_kept(
    tmp_path: Path, register: Running, kiosk: Kiosk
) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.TRAFFIC))
        desk.settle()
        [doubted] = desk.journal.untrusted_entries("boot").result()
        [result] = kiosk.send(doubted.model_dump(mode="json"))
        assert (result["status"], result["detail"]) == ("review", "clock; needs_office")
        with register.database.read() as session:
            assert session.scalars(select(MarkRow)).all() == []

        desk.clock.seconds += 120
        desk.clock.at, desk.clock.trust = london("09:09:42"), "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        [corrected] = desk.entries()
        [result] = kiosk.send(corrected.model_dump(mode="json"))
        assert result["status"] == "accepted"

    with register.database.read() as session:
        [mark] = session.scalars(select(MarkRow)).all()
        assert (mark.pupil, mark.code, mark.minutes_late, mark.entry_id) == ("P1", "L", 22, corrected.id)
        kept = session.scalars(select(EntryRow).order_by(EntryRow.seq)).all()
        assert [row.id for row in kept] == [doubted.id, corrected.id]
        items = session.scalars(select(WorkItemRow)).all()
        assert items, "the office was asked"
        assert all(item.resolved_at is not None for item in items), "and has nothing left to decide"


def test_doubtful_arrivals_of_two_days_become_marks_of_those_days(
    tmp_path: Path, register: Running, kiosk: Kiosk
) -> None:
    """The kiosk starts without a network on Monday and connects on Tuesday."""
    with reception(tmp_path, at="1970-01-01T10:00", trust="unknown") as desk:
        for pupil, seconds in (("P1", 19 * 3600 - 300), ("P2", 120)):
            desk.tap(pupil)
            desk.journey.handle(ChooseReason(Reason.TRAFFIC))
            desk.settle()
            desk.journey.handle(Finish())
            desk.clock.passes(seconds)
        doubted = desk.journal.untrusted_entries("boot").result()
        desk.clock.at, desk.clock.trust = london("09:09"), "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        kiosk.send(*(entry.model_dump(mode="json") for entry in doubted))
        waiting = [Entry.model_validate_json(body) for _, body in desk.journal.waiting(9).result()]
        results = kiosk.send(*(e.model_dump(mode="json") for e in waiting if e.corrects))
        assert [result["status"] for result in results] == ["accepted", "accepted"]

    with register.database.read() as session:
        marks = session.scalars(select(MarkRow).order_by(MarkRow.date)).all()
        assert [(mark.pupil, mark.date.isoformat(), mark.session, mark.code) for mark in marks] == [
            ("P1", "2026-11-23", "PM", "U"),
            ("P2", "2026-11-24", "AM", "L"),
        ]
        assert len(session.scalars(select(EntryRow)).all()) == 4, "all are kept"
