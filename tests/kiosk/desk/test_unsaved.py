"""A full disk: what it could not take is kept in memory and saved, once, when there is room."""

from concurrent.futures import Future
from pathlib import Path

from attendance.reasons import Reason
from kiosk.views import DoneView, HomeView, ReasonView, SavingView, Trouble
from kiosk.views.touches import ChooseLate, ChooseReason, Finish
from sync.wire import Entry
from tests.kiosk.reception import Reception, bundle, pupil, reception
from tests.kiosk.walking import all_entries, by_name, entry_text, sees, walk

MANY = tuple(pupil(f"P{number}", f"Pupil{number}", "Ash") for number in range(1, 13))


def fill_disk(desk: Reception, *, pages: int) -> None:
    """Let SQLite itself say that the disk is full (`SQLITE_FULL`): the file may grow by so many pages."""

    def limit() -> None:
        [used] = desk.journal._db.execute("PRAGMA page_count").fetchone()
        desk.journal._db.execute(f"PRAGMA max_page_count = {used + pages}")

    desk.journal._writer.submit(limit).result(5)


def tap_until_full(desk: Reception) -> list[str]:
    """Tap more cards than the disk has room for; returns all who tapped."""
    tapped = []
    for each in MANY:
        desk.tap(each.id)
        tapped.append(each.id)
        desk.settle()
        desk.journey.handle(ChooseReason(Reason.WEATHER))
        desk.settle()
        desk.journey.handle(Finish())
        desk.clock.passes(2)
    return tapped


def test_sqlite_says_that_the_disk_is_full_and_every_tap_is_saved_when_there_is_room(tmp_path: Path) -> None:
    with reception(tmp_path, school=bundle(pupils=MANY)) as desk:
        fill_disk(desk, pages=0)
        tapped = tap_until_full(desk)
        walk(desk, [(("waits", 3600), Trouble.DISK_FAILED), ("settle", None)])
        saved_while_full = len(all_entries(desk))
        assert saved_while_full < len(tapped), "the disk was not full"
        fill_disk(desk, pages=1000)
        for _ in range(2 * len(tapped)):
            desk.waits(1)
            desk.settle()
        walk(desk, [("tick", HomeView)])
        entries = sorted(all_entries(desk), key=lambda each: each.at)
        assert [each.pupil for each in entries] == tapped
        assert [each.at.second for each in entries] == list(range(0, 2 * len(tapped), 2))
        assert desk.journal.taps().result(5) == []


def test_an_arrival_that_waits_for_room_is_answered_once_for_the_same_pupil(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, [(("tap", "P1"), ReasonView), ("disk_is_full", None)])
        walk(desk, [(ChooseReason(Reason.WEATHER), SavingView), ("settle", Trouble.ARRIVAL_WAITS)])
        desk.clock.passes(30)
        walk(desk, [(Finish(), Trouble.DISK_FAILED), (("tap", "P1"), SavingView)])  # the pupil tries again
        desk.disk_has_room()
        for _ in range(3):
            desk.settle()
            desk.waits(1)
        [entry] = all_entries(desk)
        assert (entry_text(entry), entry.at.second) == ("arrival P1 weather L", 0)
        walk(desk, [("go_home", HomeView), (("tap", "P1"), sees(DoneView, already=True))])


def test_a_tap_that_is_stored_late_does_not_outlive_its_entry(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.disk_is_full()
        desk.tap("P5")
        desk.settle()
        desk.disk_has_room()
        desk.journey.handle(ChooseReason(Reason.TRAFFIC))
        desk.journey.tick()  # stores the tap again while its entry is being committed
        desk.settle()
        desk.settle()
        assert desk.journal.taps().result(5) == []
        desk.waits(1)
        desk.settle()
        assert not desk.desk.disk_failed


def test_a_tap_while_a_slow_disk_has_the_arrival_makes_no_second_one(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, by_name(ChooseLate(), "TO", "P5"))
        commit: Future[Entry] = Future()
        desk.journal.__dict__["commit"] = lambda _entry_with: commit
        walk(desk, [(ChooseReason(Reason.TRAFFIC), SavingView), (("waits", 40), Trouble.ARRIVAL_WAITS)])
        desk.tap("P5")
        commit.set_exception(OSError(28, "No space left on device"))
        desk.disk_has_room()
        for _ in range(4):
            desk.settle()
            desk.waits(1)
        [entry] = all_entries(desk)
        assert (entry_text(entry), entry.at.second) == ("arrival P5 traffic L", 0)
