"""A pupil signs in while the kiosk's clock cannot be trusted, and then it is set: kiosk and register."""

from pathlib import Path

from sqlalchemy import select

from kiosk.attendance.reasons import Reason
from sync.register.storage.models import EntryRow, MarkRow, WorkItemRow
from tests.kiosk.reception import london, reception
from tests.register.support import Kiosk, Running


def test_the_mark_is_that_of_the_true_instant_and_both_entries_are_kept(
    tmp_path: Path, register: Running, kiosk: Kiosk
) -> None:
    with reception(tmp_path, at="1970-01-01T00:10", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.choose_reason(Reason.TRAFFIC)
        desk.settle()
        [doubted] = desk.journal.doubted("boot").result()
        [result] = kiosk.send(doubted.model_dump(mode="json"))
        assert (result["status"], result["detail"]) == ("review", "clock; needs_office")
        with register.database.read() as session:
            assert session.scalars(select(MarkRow)).all() == []

        desk.clock.seconds += 120
        desk.clock.at, desk.clock.trust = london("09:09:42"), "synced"
        desk.desk.set_right(desk.clock.reading())
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
