"""The staff screens in a real window: what is touched is what is reported."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.screens.kit import icons
from kiosk.screens.samples.staff import LINES, WELL, entry_line
from kiosk.screens.wording import staff
from kiosk.screens.wording.sentence import plain
from kiosk.views import (
    ConfirmQuestion,
    ConfirmView,
    EntryKind,
    Health,
    Link,
    PinPurpose,
    PinState,
    PinView,
    Progress,
)
from tests.kiosk.screens.conftest import Driven

Open = Callable[[int, int], Driven]


@pytest.fixture
def kiosk(open_window: Open) -> Driven:
    return open_window(800, 480)


def test_a_pin_is_typed_rubbed_out_and_handed_in(kiosk: Driven) -> None:
    tiles = kiosk.show("pin-whole")
    for key in ("7", "0", "erase", "OK"):
        kiosk.click(tiles[key])
    assert kiosk.touched(4) == [["PressDigit", "7"], ["PressDigit", "0"], ["Erase"], ["EnterPin"]]


@pytest.mark.parametrize("frame", ["pin-checking", "pin-locked"])
def test_while_a_pin_is_looked_at_or_locked_no_key_works(kiosk: Driven, frame: str) -> None:
    tiles = kiosk.show(frame)
    for key in ("1", "OK"):
        kiosk.click(tiles[key])
    assert kiosk.touched(0) == []


@pytest.mark.parametrize(
    ("tile", "call"),
    [
        ("Who is on site", ["ShowPresence"]),
        ("Send now", ["SendNow"]),
        ("Cards", ["ManageCards"]),
        ("Clean the screen", ["CleanScreen"]),
        ("Leave the kiosk", ["LeaveApp"]),
        ("Lock", ["Lock"]),
    ],
)
def test_what_staff_can_do_is_reported(kiosk: Driven, tile: str, call: list[str]) -> None:
    kiosk.click(kiosk.show("staff")[tile])
    assert kiosk.touched(1) == [call]


def test_a_confirmation_has_two_ways(kiosk: Driven) -> None:
    tiles = kiosk.show("confirm-undo")
    kiosk.click(tiles["No, go back"])
    kiosk.click(tiles["Take it back"])
    assert kiosk.touched(2) == [["GoBack"], ["Confirm"]]


@pytest.mark.parametrize(
    ("frame", "tile", "call"),
    [
        ("card-choose", "Give a card", ["AssignCard"]),
        ("card-choose", "Cards are lost", ["RevokeCards"]),
        ("card-taken", "Leave it with them", ["GoBack"]),
        ("card-taken", "Take it from them", ["Confirm"]),
        ("card-given", "Done", ["Finish"]),
        ("card-unsure", "Done", ["Finish"]),
    ],
)
def test_what_is_done_about_cards_is_reported(kiosk: Driven, frame: str, tile: str, call: list[str]) -> None:
    kiosk.click(kiosk.show(frame)[tile])
    assert kiosk.touched(1) == [call]


def test_nothing_anywhere_can_be_pressed_while_the_screen_is_wiped(kiosk: Driven) -> None:
    tiles = kiosk.show("cleaning")
    assert set(tiles) == {"languages", "appearance"}  # the bar stays, and is deaf as well
    for place in (*tiles.values(), [60, 27], [400, 240]):
        kiosk.click(place)
    assert kiosk.touched(0) == []
    assert set(kiosk.tiles()) == set(tiles)


def test_a_finger_on_the_bar_when_wiping_begins_opens_no_menu(kiosk: Driven) -> None:
    kiosk.press(kiosk.show("staff")["languages"])
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("hold", "cleaning")
    kiosk.release()
    assert kiosk.touched(0) == []
    assert "Polski" not in kiosk.tiles()


def test_after_the_screen_was_wiped_it_can_be_touched_again(kiosk: Driven) -> None:
    kiosk.show("cleaning")
    kiosk.click(kiosk.show("staff")["Lock"])
    assert kiosk.touched(1) == [["Lock"]]


def turn(kiosk: Driven, screen: str) -> None:
    """Open that screen, and turn its list to the second page."""
    kiosk.show("home")
    kiosk.click(kiosk.show(screen)[icons.CHEVRON_RIGHT])
    assert kiosk.touched(1) == [["TurnPage"]]


def pages(kiosk: Driven) -> list[str]:
    kiosk.tiles()
    return [said for said in kiosk.said() if " / " in said]


@pytest.mark.parametrize("screen", ["staff", "presence-many"])
def test_who_turns_pages_is_known_to_be_there(kiosk: Driven, screen: str) -> None:
    turn(kiosk, screen)
    assert pages(kiosk)[-1].startswith("2 / ")


@pytest.mark.parametrize("screen", ["staff", "presence-many"])
def test_whoever_opens_a_list_begins_on_its_first_page(kiosk: Driven, screen: str) -> None:
    turn(kiosk, screen)
    kiosk.show("home")
    kiosk.show(screen)
    assert pages(kiosk)[-1].startswith("1 / ")


def test_a_list_that_is_only_drawn_again_stays_on_its_page(kiosk: Driven) -> None:
    turn(kiosk, "staff")
    kiosk.show("staff-sending")
    assert pages(kiosk) == ["2 / 3"]


def test_a_question_leads_back_to_the_page_where_it_was_asked(kiosk: Driven) -> None:
    turn(kiosk, "staff")
    kiosk.show("confirm-undo")
    kiosk.show("staff")
    assert pages(kiosk) == ["2 / 3"]


def test_what_waits_of_earlier_days_is_listed_with_its_day(kiosk: Driven) -> None:
    turn(kiosk, "staff-earlier-days")
    kiosk.tiles()
    said = kiosk.said()
    assert "Today on this kiosk · 7 more of earlier days" in said
    assert "20/11 14:20" in said


CALLS = [
    ("release-card-waits", "1 card is waiting"),
    ("release-cards-wait-large", "3 cards are waiting"),
    ("staff-cards-wait", "12 cards are waiting"),
    ("cleaning-card-waits", "1 card is waiting"),
    ("release-unknown-card", "This card is not known here"),
    ("release-two-cards-large", "One card at a time"),
]


@pytest.mark.parametrize(("screen", "said"), CALLS)
def test_a_card_that_was_read_while_somebody_is_busy_is_spoken_of_in_the_bar(
    kiosk: Driven, screen: str, said: str
) -> None:
    kiosk.show(screen)
    assert said in kiosk.ask("bar")["said"]


def test_where_no_card_waits_none_is_spoken_of(kiosk: Driven) -> None:
    for screen, said in CALLS:
        kiosk.show(screen)
        kiosk.show("staff")
        assert said not in kiosk.ask("bar")["said"]


def test_no_figure_of_a_pin_is_ever_said() -> None:
    for state in PinState:
        view = PinView(PinPurpose.STAFF, 6, state, locked_s=30)
        assert not re.search("[4-9]", plain(staff.pin_hint(view)))


def test_an_entry_says_where_it_is_and_an_undone_one_only_that() -> None:
    said = [staff.state(entry_line(1, "09:07", LINES[0].pupil, progress=each)) for each in Progress]
    assert said == ["waiting", "sent", "with the office", "needs the office"]
    assert staff.state(entry_line(1, "09:07", LINES[0].pupil, undone=True)) == "undone"


def test_every_outcome_has_a_word_and_a_doubted_time_none_but_its_own() -> None:
    for outcome in Outcome:
        assert staff.what(entry_line(1, "09:07", LINES[0].pupil, outcome=outcome))
    doubted = entry_line(1, "09:07", LINES[0].pupil, clock_trusted=False)
    assert staff.what(doubted) == "Time to be confirmed"


def test_the_list_and_the_question_say_which_way_somebody_went() -> None:
    seen = entry_line(1, "10:40", LINES[0].pupil, what=EntryKind.DEPARTURE, code="M", reason=Reason.MEDICAL)
    assert plain(staff.why(seen)) == "Signed out · Medical appointment"
    asked = staff.subject(ConfirmView(ConfirmQuestion.UNDO, line=seen))
    who = f"{LINES[0].pupil.name} · {LINES[0].pupil.form}"
    assert plain(asked) == f"10:40 · {who} · M · Signed out · Medical appointment"
    arrived = entry_line(1, "09:07", LINES[0].pupil, reason=Reason.TRAFFIC)
    assert plain(staff.why(arrived)) == "Traffic"


def test_what_the_office_must_see_to_comes_before_what_only_waits() -> None:
    health = Health(Link.OFFLINE, None, 12, 4, 2, "held", (), None)
    assert plain(staff.waiting(health)) == "2 for the office"
    assert plain(staff.waiting(WELL)) == "Nothing"


def test_undo_is_of_the_entry_in_its_row(kiosk: Driven) -> None:
    kiosk.click(kiosk.show("staff")["Undo"])
    [[call, entry]] = kiosk.touched(1)
    assert call == "UndoEntry"
    assert UUID(entry) in {each.entry for each in LINES}
