"""A release holds while the disk refuses the departure, and also when the kiosk dies meanwhile."""

from pathlib import Path

from kiosk.views import HomeView, LeftView, ReleaseView, Trouble
from kiosk.views.touches import Finish, ShowRequests
from tests.kiosk.journey.waiting.test_requests import OUT, TOM_OUT, WAITING, restarted
from tests.kiosk.reception import Reception, reception
from tests.kiosk.walking import all_entries, by_pin, collecting, entry_text, sees, walk


def recorded(desk: Reception) -> list[str]:
    desk.settle()
    return [entry_text(each) for each in all_entries(desk)]


def test_an_offices_release_holds_for_a_kiosk_that_dies_before_the_disk_has_room(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), ("disk_is_full", None), (("releases", "P5"), ReleaseView)])
        walk(desk, [("settle", Trouble.NOT_SAVED), (Finish(), Trouble.DISK_FAILED)])
        assert recorded(desk) == []
        desk.disk_has_room()
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        walk(desk, [("go_home", WAITING), (("releases", "P5"), HomeView), ("settle", OUT)])
        assert recorded(desk) == [TOM_OUT]
        assert desk.journal.requests().result(5) == []


def test_the_office_keeps_a_request_that_a_pin_released_until_the_departure_is_saved(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), ("disk_is_full", None), *by_pin(), ("settle", Trouble.NOT_SAVED)])
        request = desk.office.request_for("P5")
        assert desk.office.withdrawn == []
        desk.disk_has_room()
        for _ in range(2):
            desk.waits(1)
            desk.settle()
        walk(desk, [("tick", sees(LeftView, pupils=("P5",)))])
        assert (recorded(desk), desk.office.withdrawn) == ([TOM_OUT], [request])


def test_a_request_that_a_pin_released_is_with_the_office_again_when_nothing_was_saved(
    tmp_path: Path,
) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, [*collecting(), ("disk_is_full", None), *by_pin(), ("settle", Trouble.NOT_SAVED)])
        request = desk.office.request_for("P5")
        desk.disk_has_room()
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        assert (list(desk.office.requests), recorded(desk)) == ([request], [])
        walk(desk, [("go_home", WAITING)])


def test_a_saved_departure_is_not_asked_for_again_by_a_kiosk_that_died_before_it_said_so(
    tmp_path: Path,
) -> None:
    with reception(tmp_path, at="10:00") as desk:
        walk(desk, collecting())
        [text], request = desk.journal.requests().result(5), desk.office.request_for("P5")
        walk(desk, [*by_pin(), ("settle", LeftView)])
        desk.journal.keep_request(request, text).result(5)  # as if the kiosk had died before it was deleted
        clock = restarted(desk)
    with reception(tmp_path, clock=clock) as desk:
        assert desk.office.withdrawn == [request]
        walk(desk, [("go_home", OUT), (ShowRequests(), sees(LeftView, pupils=("P5",)))])
        assert recorded(desk) == [TOM_OUT]
