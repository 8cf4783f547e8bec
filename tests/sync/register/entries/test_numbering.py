"""Numbering after a disk was restored or copied, and corrections of another entry's time."""

from typing import Any

import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.marks.marks import Place, amend_mark
from sync.register.storage.models import EntryRow, WorkItemRow
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from tests.sync.register.api.test_entries import changes, marks, stored, work
from tests.sync.register.support import TUESDAY, Clock, Kiosk, Running, entry, heartbeat, void
from tests.sync.register.worklist.test_resolve import OFFICER

pytestmark = pytest.mark.both_databases


def numbers(register: Running) -> list[tuple[int, int]]:
    with register.database.read() as session:
        query = select(EntryRow.epoch, EntryRow.seq).order_by(EntryRow.epoch, EntryRow.seq)
        return [(epoch, seq) for epoch, seq in session.execute(query)]


def test_repeated_numbers_begin_a_new_epoch_and_lose_no_entry(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(*(entry(seq, pupil="P2") for seq in (1, 2, 3)))
    restored = [entry(seq, pupil="P3") for seq in (2, 3, 4)]
    assert kiosk.statuses(*restored) == ["accepted", "accepted", "accepted"]
    assert numbers(register) == [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (2, 4)]
    assert work(register) == [("epoch", {"epoch": 2, "seq": 2, "last": 3})]
    assert kiosk.statuses(*restored) == ["duplicate"] * 3


def test_a_restored_disks_old_queue_is_a_retry_and_no_new_epoch(register: Running, kiosk: Kiosk) -> None:
    sent = [entry(seq, pupil="P2") for seq in (1, 2, 3)]
    kiosk.send(*sent)
    assert kiosk.statuses(*sent[1:]) == ["duplicate", "duplicate"]
    assert work(register) == []


def test_a_number_reused_within_one_batch_begins_a_new_epoch_too(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.statuses(entry(1), entry(1, pupil="P2")) == ["accepted", "accepted"]
    assert numbers(register) == [(1, 1), (2, 1)]


def test_two_kiosks_on_copies_of_one_disk_open_one_work_item_and_lose_no_entry(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(*(entry(seq, pupil="P2") for seq in (1, 2, 3)))
    for seq in (4, 5, 6):  # each of the two continues from 3
        assert kiosk.statuses(entry(seq, pupil="P3"), entry(seq, pupil="P4")) == ["accepted", "accepted"]
    assert stored(register) == 9
    assert [kind for kind, _ in work(register)] == ["epoch"]


def test_a_gap_in_a_later_epoch_is_reported_and_settled(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1), entry(2, pupil="P2"), entry(2, pupil="P3"))
    late = entry(3, pupil="P4")
    kiosk.send(entry(4, pupil="P2"))
    assert work(register)[1:] == [("gap", {"epoch": 2, "first": 3, "last": 3})]
    kiosk.send(late)
    assert [kind for kind, _ in work(register)] == ["epoch"]


def test_a_kiosk_is_asked_for_missing_entries_until_they_arrive_or_the_office_settles_them(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(entry(1), entry(5, pupil="P2"))
    assert lacks(kiosk, last_seq=5) == [(2, 4)]
    kiosk.send(entry(3, pupil="P3"))
    assert lacks(kiosk, last_seq=5) == [(2, 2), (4, 4)]
    kiosk.send(*(entry(seq, pupil="P3") for seq in (2, 4)))
    assert lacks(kiosk, last_seq=5) == []
    assert lacks(kiosk, last_seq=7) == [(6, 7)]  # in the answer to the heartbeat that shows the gap
    another = register.enrol("Another")
    assert lacks(another, last_seq=0) == []
    assert lacks(another, last_seq=3) == [(1, 3)]  # none of its entries has ever arrived
    with register.database.write() as session:
        item = session.scalars(select(WorkItemRow.id).where(WorkItemRow.resolved_at.is_(None))).one()
        resolve(
            session,
            item,
            OfficeDecision(Choice.NOTED),
            OFFICER,
            reason="the disk broke",
            now=register.clock(),
        )
    assert lacks(kiosk, last_seq=7) == []


def lacks(kiosk: Kiosk, *, last_seq: int) -> list[tuple[int, int]]:
    answer = kiosk.post("/heartbeat", heartbeat(last_seq=last_seq)).json()
    return [(each["first"], each["last"]) for each in answer.get("missing", [])]


def test_entries_out_of_order_in_one_batch_make_no_gap(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(*(entry(seq, pupil=f"P{seq}") for seq in (5, 2, 4, 1, 3)))
    assert work(register) == []


def doubted(seq: int = 1, **changes: Any) -> dict[str, Any]:
    return entry(seq, at="1970-01-01T00:07:00Z", date="1970-01-01", clock={"trust": "unknown"}, **changes)


def resolutions(register: Running) -> list[tuple[str, str | None]]:
    with register.database.read() as session:
        return [(item.kind, item.resolution) for item in session.scalars(select(WorkItemRow))]


def taken_back(register: Running) -> dict[int, bool]:
    with register.database.read() as session:
        return {row.seq: row.taken_back for row in session.scalars(select(EntryRow))}


@pytest.mark.parametrize("together", [True, False])
def test_a_correction_settles_the_doubtful_entry_and_writes_its_own_mark(
    register: Running, kiosk: Kiosk, together: bool
) -> None:
    first = doubted()
    second = entry(2, corrects=first["id"])
    if together:
        assert kiosk.statuses(first, second) == ["review", "accepted"]
    else:
        assert kiosk.statuses(first) + kiosk.statuses(second) == ["review", "accepted"]
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert resolutions(register) == [("clock", "the kiosk's clock was set")]
    assert taken_back(register) == {1: True, 2: False}
    assert kiosk.statuses(first, second) == ["duplicate", "duplicate"]


def test_a_correction_that_arrives_before_its_entry_still_applies(register: Running, kiosk: Kiosk) -> None:
    first = doubted()
    assert kiosk.statuses(entry(2, corrects=first["id"])) == ["accepted"]
    assert kiosk.statuses(first) == ["accepted"]
    assert (work(register), taken_back(register)) == ([], {1: True, 2: False})
    assert marks(register) == [("P1", "L", 22, "kiosk")]


def test_a_correction_never_overwrites_a_decision_of_the_office(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    first = doubted()
    kiosk.send(first)
    with register.database.write() as session:
        place = Place("oak-lane", "P1", TUESDAY, "AM")
        amend_mark(session, place, "U", at=clock(), reason="asked", actor=Actor("J. Office", "Office"))
    assert kiosk.statuses(entry(2, corrects=first["id"])) == ["review"]
    assert marks(register) == [("P1", "U", None, "person")]
    assert work(register) == [("conflict", {"has": "U", "kiosk": "L"})]


def test_a_correction_of_a_mark_that_a_kiosk_wrote_sets_it_back_first(
    register: Running, kiosk: Kiosk
) -> None:
    first = entry(1, decision={"code": "U", "outcome": "after_close"})
    assert kiosk.statuses(first, entry(2, corrects=first["id"])) == ["accepted", "accepted"]
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert [change[:2] for change in changes(register)] == [(None, "U"), ("U", None), (None, "L")]


def test_a_correction_of_another_pupils_or_kiosks_entry_opens_a_work_item(
    register: Running, kiosk: Kiosk
) -> None:
    first = doubted()
    kiosk.send(first)
    assert kiosk.statuses(entry(2, pupil="P2", corrects=first["id"])) == ["review"]
    assert register.enrol("Infants").statuses(entry(1, corrects=first["id"])) == ["review"]
    assert marks(register) == []
    assert [detail["why"] for kind, detail in work(register) if kind == "void"] == [
        "another pupil",
        "another kiosk",
    ]


def test_a_correction_after_a_void_restores_nothing(register: Running, kiosk: Kiosk) -> None:
    first = doubted()
    assert kiosk.statuses(first, void(first, 2), entry(3, corrects=first["id"])) == [
        "review",
        "accepted",
        "review",
    ]
    assert marks(register) == []
