"""A late bus: the route, then tap after tap; by name without a card; undo; and its end."""

from pathlib import Path

import pytest

from attendance.policy import files as policies
from attendance.reasons import Reason
from kiosk.journey.view_rules import BUS_S
from kiosk.views import (
    BackAtView,
    BusReasonView,
    BusRouteView,
    BusTypedView,
    BusView,
    FindView,
    HomeView,
    LeftView,
    PassengerState,
    ReasonView,
    Sound,
    StaffView,
)
from kiosk.views.touches import (
    ChangeReason,
    ChooseLeaving,
    ChoosePupil,
    ChooseReason,
    ChooseReturnTime,
    ChooseRoute,
    ConfirmRoute,
    Erase,
    FindPassenger,
    Finish,
    GoBack,
    OpenBus,
    TypeRoute,
    UndoEntry,
)
from sync.wire import Bundle, Entry, Kind
from tests.kiosk.reception import PUPILS, Reception, bundle, pupil, reception
from tests.kiosk.walking import Steps, all_entries, present, sees, to_staff, walk


def with_policy(**changes: object) -> Bundle:
    changed = policies.load("wessex-mat").model_copy(update=changes)
    return bundle().model_copy(update={"policy": changed.model_dump(mode="json")})


TWO_ROUTES = with_policy(bus_routes=("Bus 27", "Bus 42"))
ON_THE_BUS: Steps = [*to_staff(), (OpenBus(), BusRouteView), (ChooseRoute("Bus 27"), sees(BusView, count=0))]


def tapped(*pupils: str) -> Steps:
    """Tap after tap, each on the disk before the next."""
    return [step for each in pupils for step in ((("tap", each), BusView), ("settle", BusView))]


def text(entry: Entry) -> str:
    return f"{entry.kind} {entry.pupil} {entry.reason} {entry.route} {entry.at:%H:%M:%S}"


def states(desk: Reception) -> list[tuple[str, PassengerState]]:
    return [(line.pupil.id, line.state) for line in desk.view_as(BusView).lines]


def test_each_card_is_an_arrival_at_its_own_instant_with_the_route_and_the_reason(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:07", school=TWO_ROUTES) as desk:
        walk(desk, ON_THE_BUS)
        for passenger in ("P1", "P2", "P3"):
            desk.waits(2)
            walk(desk, tapped(passenger))
        view = desk.view_as(BusView)
        assert (view.route, view.reason, view.count) == ("Bus 27", Reason.SCHOOL_TRANSPORT, 3)
        assert states(desk) == [(each, PassengerState.SIGNED_IN) for each in ("P3", "P2", "P1")]
        assert desk.frames[-1].sound is Sound.ACCEPTED
        assert [text(each) for each in all_entries(desk)] == [
            "arrival P1 school-transport Bus 27 09:07:02",
            "arrival P2 school-transport Bus 27 09:07:04",
            "arrival P3 school-transport Bus 27 09:07:06",
        ]


def test_cards_of_one_moment_are_all_signed_in_without_waiting_for_each_other(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, ON_THE_BUS)
        for passenger in ("P1", "P2", "P5"):
            desk.tap(passenger)
        assert {state for _, state in states(desk)} == {PassengerState.SAVING}
        assert desk.view_as(BusView).count == 0  # nothing counts before it is on the disk
        desk.settle()
        assert desk.view_as(BusView).count == 3
        assert {each.route for each in all_entries(desk)} == {"Bus 27"}


def test_the_route_can_be_typed_and_without_routes_it_always_is(tmp_path: Path) -> None:
    typing: Steps = [
        (("type", "B"), sees(BusTypedView, letters="B", complete=True)),
        (("type", "X"), sees(BusTypedView, letters="BX")),
        (Erase(), sees(BusTypedView, letters="B")),
        (("type", "US 27 "), sees(BusTypedView, letters="BUS 27 ")),
        (ConfirmRoute(), sees(BusView, route="BUS 27")),
    ]
    with reception(tmp_path / "routes", school=TWO_ROUTES) as desk:
        walk(desk, [*to_staff(), (OpenBus(), BusRouteView), (TypeRoute(), BusTypedView)])
        walk(desk, [(GoBack(), BusRouteView), (TypeRoute(), BusTypedView), *typing])
    with reception(tmp_path / "none") as desk:
        walk(desk, [*to_staff(), (OpenBus(), sees(BusTypedView, letters="", complete=False))])
        walk(desk, [(ConfirmRoute(), None), *typing])
    with reception(tmp_path / "back") as desk:
        walk(desk, [*to_staff(), (OpenBus(), BusTypedView), (GoBack(), StaffView)])


def test_another_reason_holds_for_the_cards_that_come_after_it(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, *tapped("P1"), (ChangeReason(), BusReasonView)])
        walk(
            desk, [(GoBack(), sees(BusView, reason=Reason.SCHOOL_TRANSPORT)), (ChangeReason(), BusReasonView)]
        )
        walk(desk, [(ChooseReason(Reason.WEATHER), sees(BusView, reason=Reason.WEATHER)), *tapped("P2")])
        reasons = {each.pupil: each.reason for each in all_entries(desk)}
        assert reasons == {"P1": "school-transport", "P2": "weather"}


def test_a_passenger_without_a_card_is_found_by_name_with_the_instant_of_the_first_touch(
    tmp_path: Path,
) -> None:
    with reception(tmp_path, at="09:07", school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, (FindPassenger(), FindView), (("waits", 5), FindView)])
        walk(
            desk, [(("type", "TO"), sees(FindView, matches=("P5",))), (("tap", "P1"), None), ("settle", None)]
        )
        walk(desk, [(ChoosePupil("P5"), BusView), ("settle", sees(BusView, count=2))])
        assert [text(each) for each in all_entries(desk)] == [
            "arrival P1 school-transport Bus 27 09:07:05",
            "arrival P5 school-transport Bus 27 09:07:00",
        ]


def test_a_name_that_two_pupils_have_is_not_signed_in(tmp_path: Path) -> None:
    twins = (*PUPILS, pupil("P6", "Tom", "Black", "10C", year="10"))
    school = TWO_ROUTES.model_copy(update={"pupils": list(twins)})
    with reception(tmp_path, school=school) as desk:
        walk(desk, [*ON_THE_BUS, (FindPassenger(), FindView), (("type", "TO"), FindView)])
        walk(desk, [(ChoosePupil("P5"), sees(BusView, count=0))])
        assert desk.view_as(BusView).lines[0].state is PassengerState.SAME_NAME
        assert all_entries(desk) == []


def test_a_double_tap_is_one_passenger_before_the_disk_answers_and_one_entry(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, (("tap", "P5"), BusView), (("tap", "P5"), BusView)])
        desk.settle()
        assert states(desk) == [("P5", PassengerState.SIGNED_IN)]
        assert desk.view_as(BusView).count == 1
        assert [entry.pupil for entry in all_entries(desk)] == ["P5"]


def test_a_second_tap_and_a_closed_day_record_nothing(tmp_path: Path) -> None:
    with reception(tmp_path / "twice", school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, *tapped("P1", "P1")])
        assert states(desk) == [("P1", PassengerState.ALREADY), ("P1", PassengerState.SIGNED_IN)]
        assert len(all_entries(desk)) == 1
    with reception(tmp_path / "closed", at="16:30", school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, *tapped("P1")])
        assert states(desk) == [("P1", PassengerState.CLOSED)]
        assert all_entries(desk) == []


def test_only_the_last_arrival_is_undone_and_the_pupil_may_tap_again(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, *tapped("P1", "P2")])
        undo = present(present(desk.view_as(BusView).undo).entry)
        walk(desk, [(UndoEntry(undo), BusView), ("settle", sees(BusView, count=1, undo=None))])
        walk(desk, [(UndoEntry(undo), None), *tapped("P2")])
        assert desk.view_as(BusView).count == 2
        kinds = [(each.kind, each.pupil) for each in all_entries(desk)]
        assert kinds == [
            (Kind.ARRIVAL, "P1"),
            (Kind.ARRIVAL, "P2"),
            (Kind.VOID, "P2"),
            (Kind.ARRIVAL, "P2"),
        ]
        assert "R. Osei (Receptionist)" in present(all_entries(desk)[2].note)


@pytest.mark.parametrize("end", [Finish(), ("waits", BUS_S)])
def test_after_the_end_a_card_belongs_to_its_pupil_as_usual(tmp_path: Path, end: Finish) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, *tapped("P1"), (end, HomeView), (("tap", "P2"), ReasonView)])
        walk(desk, [(ChooseReason(Reason.TRAFFIC), object), ("settle", object)])
        assert [(each.pupil, each.reason, each.route) for each in all_entries(desk)] == [
            ("P1", "school-transport", "Bus 27"),
            ("P2", "traffic", None),
        ]


def test_a_bus_that_keeps_coming_does_not_end(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, ON_THE_BUS)
        for passenger in ("P1", "P2", "P3"):
            walk(desk, [(("waits", BUS_S - 1), sees(BusView, frame__seconds_left=1)), *tapped(passenger)])
        walk(desk, [(("waits", 1), sees(BusView, frame__seconds_left=None, count=3))])


def test_a_search_that_nobody_finishes_returns_to_the_bus(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, [*ON_THE_BUS, (FindPassenger(), FindView), (("waits", 60), BusView), *tapped("P1")])


def test_a_card_before_the_route_waits_for_its_own_visit(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, [*to_staff(), (OpenBus(), BusRouteView), (("tap", "P1"), BusRouteView)])
        walk(
            desk, [(ChooseRoute("Bus 27"), BusView), *tapped("P2"), (Finish(), sees(ReasonView, pupil="P1"))]
        )


def test_a_pupil_who_signed_out_returns_by_the_bus(tmp_path: Path) -> None:
    may_leave = (*PUPILS[:4], pupil("P5", "Tom", "Black", "10C", year="10", leaves_alone=True))
    school = TWO_ROUTES.model_copy(update={"pupils": list(may_leave)})
    leaves: Steps = [
        (ChooseLeaving(), FindView),
        (("type", "TO"), FindView),
        (ChoosePupil("P5"), ReasonView),
        (ChooseReason(Reason.MEDICAL), BackAtView),
        (ChooseReturnTime(None), object),
        ("settle", LeftView),
        (Finish(), HomeView),
    ]
    with reception(tmp_path, at="10:00", school=school) as desk:
        walk(desk, [*leaves, (("waits", 120), HomeView), *ON_THE_BUS, *tapped("P5")])
        back = all_entries(desk)[-1]
        assert (back.kind, back.pupil, back.route) == (Kind.RETURN, "P5", "Bus 27")


def test_a_full_disk_is_said_and_the_passenger_is_recorded_when_there_is_room(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        walk(desk, ON_THE_BUS)
        desk.disk_is_full()
        walk(desk, tapped("P1"))
        assert states(desk) == [("P1", PassengerState.NOT_SAVED)]
        desk.disk_has_room()
        for _ in range(3):
            desk.waits(1)
            desk.settle()
        desk.waits(1)
        assert states(desk) == [("P1", PassengerState.SIGNED_IN)]
        assert [(each.pupil, each.route) for each in all_entries(desk)] == [("P1", "Bus 27")]


def test_a_kiosk_that_dies_after_a_tap_loses_no_passenger(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:07", school=TWO_ROUTES) as desk:
        walk(desk, ON_THE_BUS)
        desk.journal.__dict__["commit"] = lambda *_: desk.journal.state()  # dies before the entry is written
        desk.tap("P1")
        desk.journal.state().result(5)
    with reception(tmp_path, at="09:20", school=TWO_ROUTES) as desk:
        desk.settle()
        assert [f"{each.pupil} {each.at:%H:%M}" for each in all_entries(desk)] == ["P1 09:07"]


def test_the_policy_switches_the_bus_off(tmp_path: Path) -> None:
    with reception(tmp_path, school=with_policy(no_buses=True)) as desk:
        walk(desk, [*to_staff(), (OpenBus(), sees(StaffView, buses=False))])


def test_the_screen_says_when_the_reader_is_lost(tmp_path: Path) -> None:
    with reception(tmp_path, school=TWO_ROUTES) as desk:
        desk.journey.reader_changed(ready=True)
        walk(desk, ON_THE_BUS)
        assert desk.view_as(BusView).card_reader
        desk.journey.reader_changed(ready=False)
        assert not desk.view_as(BusView).card_reader
