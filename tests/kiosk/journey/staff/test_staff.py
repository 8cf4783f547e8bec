"""The staff screen: its list, its actions and how it locks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import CLEANING_S, IDLE_S, NOTICE_S
from kiosk.views import (
    CleaningView,
    ConfirmView,
    DoneView,
    EntryKind,
    HomeView,
    LeftView,
    Link,
    LinkStatus,
    Notice,
    PinView,
    PresenceView,
    Progress,
    ReasonView,
    ReleaseView,
    SavingView,
    StaffView,
)
from kiosk.views.touches import (
    AssignCard,
    ChooseLate,
    ChooseReason,
    ChooseStaff,
    CleanScreen,
    Confirm,
    Finish,
    GoBack,
    LeaveApp,
    Lock,
    ManageCards,
    RevokeCards,
    SendNow,
    ShowPresence,
    TurnPage,
    UndoEntry,
)
from tests.kiosk.reception import (
    Reception,
    london,
    reception,
)
from tests.kiosk.walking import Steps, collecting, present, sees, to_staff, walk

SIGN_IN: Steps = [
    (("tap", "P1"), ReasonView),
    (ChooseReason(Reason.TRAFFIC), SavingView),
    ("settle", DoneView),
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def test_the_list_shows_todays_entries_with_their_progress(desk: Reception) -> None:
    walk(desk, [*SIGN_IN, (Finish(), HomeView)])
    desk.clock.passes(60)
    walk(desk, [*collecting("P5", "TO"), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    walk(desk, [(Finish(), HomeView), *to_staff()])
    newest, first = desk.view_as(StaffView).lines
    assert (newest.kind, newest.pupil.name, newest.reason) == (EntryKind.DEPARTURE, "Tom B.", Reason.MEDICAL)
    assert (first.kind, first.code, first.reason, first.progress) == (
        EntryKind.ARRIVAL,
        "L",
        Reason.TRAFFIC,
        Progress.SAVED,
    )
    desk.journey.entries_settled({first.entry: Progress.SENT, newest.entry: Progress.WITH_OFFICE})
    assert [line.progress for line in desk.view_as(StaffView).lines] == [Progress.WITH_OFFICE, Progress.SENT]


def test_a_restart_remembers_entries_and_their_progress(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        walk(desk, SIGN_IN)
        [entry] = desk.entries()
    with reception(tmp_path, at="09:30") as desk:
        desk.journey.entries_settled({entry.id: Progress.SENT})
        desk.journey.school_changed()
        desk.waits(1)
        walk(desk, to_staff())
        assert [(line.entry, line.progress) for line in desk.view_as(StaffView).lines] == [
            (entry.id, Progress.SENT)
        ]


def test_the_staff_screen_shows_the_health_of_the_kiosk(desk: Reception) -> None:
    desk.journey.link_changed(LinkStatus(Link.OFFLINE, 3))
    walk(desk, to_staff())
    health = desk.view_as(StaffView).health
    assert (health.link, health.waiting, health.clock) == (Link.OFFLINE, 3, "synced")
    assert present(health.link_since).strftime("%H:%M") == "09:07"
    assert health.readers == (("rdm6300", "ready"),)
    assert health.oldest_min == 0
    desk.clock.trust = "held"
    desk.waits(1)
    assert desk.view_as(StaffView).health.clock == "held"


def test_the_screen_locks_by_a_button_and_after_a_minute_of_ticks(desk: Reception) -> None:
    walk(desk, [*to_staff(), (Lock(), HomeView), *to_staff()])
    for _ in range(59):
        desk.waits(1)
    walk(desk, [(("waits", 0.5), StaffView), (("waits", 0.5), HomeView), (ChooseStaff(), PinView)])


def test_nothing_behind_the_pin_happens_without_it(desk: Reception) -> None:
    walk(desk, SIGN_IN)
    [entry] = desk.entries()
    walk(desk, [(Finish(), HomeView), (ChooseStaff(), PinView)])
    for choice in (
        ShowPresence(),
        SendNow(),
        CleanScreen(),
        ManageCards(),
        LeaveApp(),
        Confirm(),
        AssignCard(),
        RevokeCards(),
        Lock(),
    ):
        walk(desk, [(choice, None)])
    walk(desk, [(UndoEntry(entry.id), None)])
    desk.settle()
    assert (len(desk.entries()), desk.actions) == (1, [])


def test_presence_lists_who_is_in_and_who_is_out(desk: Reception) -> None:
    walk(desk, [*SIGN_IN, (Finish(), HomeView)])
    walk(desk, [*collecting("P5", "TO"), (("releases", "P5"), ReleaseView), ("settle", LeftView)])
    walk(desk, [(Finish(), HomeView), *to_staff(), (ShowPresence(), PresenceView)])
    assert [each.pupil.name for each in desk.view_as(PresenceView).inside] == ["Amelia K."]
    assert [each.pupil.name for each in desk.view_as(PresenceView).outside] == ["Tom B."]
    walk(desk, [(GoBack(), StaffView), (ShowPresence(), PresenceView), (Finish(), StaffView)])


def test_send_now_is_passed_on_and_confirmed_for_a_moment(desk: Reception) -> None:
    walk(desk, [*to_staff(), (SendNow(), StaffView)])
    assert desk.actions == ["sent"]
    assert desk.view_as(StaffView).sending
    desk.waits(3)
    assert not desk.view_as(StaffView).sending


def test_touches_are_ignored_while_the_screen_is_wiped(desk: Reception) -> None:
    walk(desk, [*to_staff(), (CleanScreen(), CleaningView)])
    assert desk.view_as(CleaningView).seconds_left == CLEANING_S
    for choice in (GoBack(), Finish(), Lock(), ShowPresence(), ChooseLate(), LeaveApp()):
        walk(desk, [(choice, None)])
    desk.waits(10)
    assert desk.view_as(CleaningView).seconds_left == 20
    walk(desk, [(("waits", 20), StaffView)])


def test_leaving_the_app_needs_the_pin_and_a_confirmation(desk: Reception) -> None:
    walk(desk, [(LeaveApp(), None), *to_staff(), (LeaveApp(), ConfirmView), (GoBack(), StaffView)])
    assert desk.actions == []
    walk(desk, [(LeaveApp(), ConfirmView), (Confirm(), ConfirmView)])
    assert desk.actions == ["left"]


def test_a_card_waits_behind_the_pin_and_is_next_after_the_lock(desk: Reception) -> None:
    walk(desk, [*to_staff(), (("tap", "P1"), StaffView)])
    assert desk.frames[-1].cards_waiting == 1
    desk.clock.passes(20)
    walk(desk, [(Lock(), ReasonView), (ChooseReason(None), SavingView), ("settle", DoneView)])
    assert desk.entries()[0].at == london("09:07")


@pytest.mark.parametrize("opens", [[], [(ShowPresence(), PresenceView)]], ids=["entries", "evacuation"])
def test_turning_a_page_keeps_a_list_for_another_minute(desk: Reception, opens: Steps) -> None:
    walk(desk, [*to_staff(), *opens, (("waits", 59), None)])
    walk(desk, [(TurnPage(), None), (("waits", 59), None), (("waits", 1), HomeView)])


def test_turning_pages_draws_nothing_and_opens_nothing_without_a_pin(desk: Reception) -> None:
    walk(desk, [(TurnPage(), None), (ChooseStaff(), PinView), (TurnPage(), None)])
    walk(desk, [(("waits", IDLE_S), HomeView), *to_staff()])
    drawn = len(desk.frames)
    walk(desk, [(TurnPage(), None)])
    assert len(desk.frames) == drawn


def test_an_unknown_card_and_two_cards_at_once_show_a_notice_beside_the_list(desk: Reception) -> None:
    walk(desk, [*to_staff(), ("tap_unknown", sees(StaffView, frame__notice=Notice.UNKNOWN_CARD))])
    walk(desk, [("two_cards", sees(StaffView, frame__notice=Notice.TWO_CARDS, frame__cards_waiting=0))])
    walk(desk, [(("waits", NOTICE_S), sees(StaffView, frame__notice=None))])
