"""The staff screens in a real window."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.screens.kit import icons
from kiosk.screens.samples.staff import LINES, WELL, entry_line
from kiosk.screens.wording import staff as staff_wording
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
    StorageNotice,
    StorageTrouble,
)
from tests.kiosk.screens.conftest import WindowDriver

Open = Callable[[int, int], WindowDriver]


@pytest.fixture
def kiosk(open_window: Open) -> WindowDriver:
    return open_window(800, 480)


def test_a_pin_is_typed_erased_and_entered(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("pin-whole")
    for key in ("7", "0", "erase", "OK"):
        kiosk.click(tiles[key])
    assert kiosk.touched(4) == [["PressDigit", "7"], ["PressDigit", "0"], ["Erase"], ["EnterPin"]]


@pytest.mark.parametrize("frame", ["pin-checking", "pin-locked"])
def test_no_key_works_while_a_pin_is_checked_or_locked(kiosk: WindowDriver, frame: str) -> None:
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
def test_each_staff_action_is_reported(kiosk: WindowDriver, tile: str, call: list[str]) -> None:
    kiosk.click(kiosk.show("staff")[tile])
    assert kiosk.touched(1) == [call]


def test_a_confirmation_can_be_refused_or_given(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("confirm-undo")
    kiosk.click(tiles["No, go back"])
    kiosk.click(tiles["Undo it"])
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
def test_each_action_on_cards_is_reported(
    kiosk: WindowDriver, frame: str, tile: str, call: list[str]
) -> None:
    kiosk.click(kiosk.show(frame)[tile])
    assert kiosk.touched(1) == [call]


def test_no_touch_is_taken_while_the_screen_is_cleaned(kiosk: WindowDriver) -> None:
    tiles = kiosk.show("cleaning")
    assert set(tiles) == {"languages", "appearance", "help"}  # the bar stays, but ignores touches too
    for place in (*tiles.values(), [60, 27], [400, 240]):
        kiosk.click(place)
    assert kiosk.touched(0) == []
    assert set(kiosk.tiles()) == set(tiles)


def test_a_finger_on_the_bar_when_cleaning_starts_opens_no_menu(kiosk: WindowDriver) -> None:
    kiosk.press(kiosk.show("staff")["languages"])
    assert kiosk.ask("pressed") == {"pressed": True}
    kiosk.ask("hold", "cleaning")
    kiosk.release()
    assert kiosk.touched(0) == []
    assert "Polski" not in kiosk.tiles()


def test_touches_are_taken_again_after_cleaning(kiosk: WindowDriver) -> None:
    kiosk.show("cleaning")
    kiosk.click(kiosk.show("staff")["Lock"])
    assert kiosk.touched(1) == [["Lock"]]


def turn(kiosk: WindowDriver, screen: str) -> None:
    """Open a screen and turn its list to the second page."""
    kiosk.show("home")
    kiosk.click(kiosk.show(screen)[icons.CHEVRON_RIGHT])
    assert kiosk.touched(1) == [["TurnPage"]]


def pages(kiosk: WindowDriver) -> list[str]:
    kiosk.tiles()
    return [text for text in kiosk.texts() if " / " in text]


@pytest.mark.parametrize("screen", ["staff", "presence-many"])
def test_turning_a_page_is_reported(kiosk: WindowDriver, screen: str) -> None:
    turn(kiosk, screen)
    assert pages(kiosk)[-1].startswith("2 / ")


@pytest.mark.parametrize("screen", ["staff", "presence-many"])
def test_a_list_opens_on_its_first_page(kiosk: WindowDriver, screen: str) -> None:
    turn(kiosk, screen)
    kiosk.show("home")
    kiosk.show(screen)
    assert pages(kiosk)[-1].startswith("1 / ")


def test_a_list_that_is_redrawn_stays_on_its_page(kiosk: WindowDriver) -> None:
    turn(kiosk, "staff")
    kiosk.show("staff-sending")
    assert pages(kiosk) == ["2 / 3"]


def test_a_confirmation_returns_to_the_page_that_it_came_from(kiosk: WindowDriver) -> None:
    turn(kiosk, "staff")
    kiosk.show("confirm-undo")
    kiosk.show("staff")
    assert pages(kiosk) == ["2 / 3"]


def test_entries_of_earlier_days_are_listed_with_their_date(kiosk: WindowDriver) -> None:
    turn(kiosk, "staff-earlier-days")
    kiosk.tiles()
    texts = kiosk.texts()
    assert "Today on this kiosk · 7 more from earlier days" in texts
    assert "20/11 14:20" in texts


NOTICES = [
    ("release-card-waits", "1 card is waiting"),
    ("release-cards-wait-large", "3 cards are waiting"),
    ("staff-cards-wait", "12 cards are waiting"),
    ("cleaning-card-waits", "1 card is waiting"),
    ("release-unknown-card", "This card is not known here"),
    ("release-two-cards-large", "One card at a time"),
]


@pytest.mark.parametrize(("screen", "text"), NOTICES)
def test_a_card_read_during_a_visit_is_announced_in_the_bar(
    kiosk: WindowDriver, screen: str, text: str
) -> None:
    kiosk.show(screen)
    assert text in kiosk.ask("bar")["texts"]


def test_the_notice_goes_when_no_card_waits(kiosk: WindowDriver) -> None:
    for screen, text in NOTICES:
        kiosk.show(screen)
        kiosk.show("staff")
        assert text not in kiosk.ask("bar")["texts"]


def test_a_pin_hint_never_shows_a_digit_of_the_pin() -> None:
    for state in PinState:
        view = PinView(PinPurpose.STAFF, 6, state, locked_s=30)
        assert not re.search("[4-9]", plain(staff_wording.pin_hint(view)))


def test_an_entry_shows_its_progress_unless_it_was_undone() -> None:
    texts = [staff_wording.state(entry_line(1, "09:07", LINES[0].pupil, progress=each)) for each in Progress]
    assert texts == ["waiting", "sent", "with the office", "needs the office"]
    assert staff_wording.state(entry_line(1, "09:07", LINES[0].pupil, undone=True)) == "undone"


def test_every_outcome_has_a_word_but_an_untrusted_time_hides_it() -> None:
    for outcome in Outcome:
        assert staff_wording.kind_text(entry_line(1, "09:07", LINES[0].pupil, outcome=outcome))
    untrusted = entry_line(1, "09:07", LINES[0].pupil, clock_trusted=False)
    assert staff_wording.kind_text(untrusted) == "Time to be confirmed"


def test_the_list_and_the_question_name_the_kind_of_entry() -> None:
    departure = entry_line(
        1, "10:40", LINES[0].pupil, what=EntryKind.DEPARTURE, code="M", reason=Reason.MEDICAL
    )
    assert plain(staff_wording.reason_text(departure)) == "Signed out · Medical appointment"
    subject = staff_wording.subject(ConfirmView(ConfirmQuestion.UNDO, line=departure))
    who = f"{LINES[0].pupil.name} · {LINES[0].pupil.form}"
    assert plain(subject) == f"10:40 · {who} · M · Signed out · Medical appointment"
    arrival = entry_line(1, "09:07", LINES[0].pupil, reason=Reason.TRAFFIC)
    assert plain(staff_wording.reason_text(arrival)) == "Traffic"


@pytest.mark.parametrize(
    ("notice", "card", "advice"),
    [
        (StorageNotice(), "Fine", ""),
        (
            StorageNotice(StorageTrouble.NEARLY_FULL),
            "Nearly full",
            "The storage is nearly full. Please have it cleared.",
        ),
        (
            StorageNotice(StorageTrouble.READ_ONLY, put_aside=True, saved=3),
            "Read-only",
            "The storage was damaged. Entries saved: 3; none is missing. Please have it changed.",
        ),
        (
            StorageNotice(put_aside=True, saved=112, missing=((57, 57), (60, 62), (70, 70), (80, 80))),
            "Was damaged",
            "The storage was damaged. Entries saved: 112; missing: 57, 60–62, 70 …. Please tell the office.",
        ),
    ],
)
def test_the_storage_says_what_is_wrong_and_what_to_do(notice: StorageNotice, card: str, advice: str) -> None:
    health = replace(WELL, storage=notice)
    assert staff_wording.storage(health) == card
    assert plain(staff_wording.advice(health)) == advice


def test_entries_for_the_office_are_counted_before_waiting_ones() -> None:
    health = Health(Link.OFFLINE, None, 12, 4, 2, "held", (), None)
    assert plain(staff_wording.waiting(health)) == "2 for the office"
    assert plain(staff_wording.waiting(WELL)) == "Nothing"


def test_a_small_display_shows_the_parts_of_the_kiosk_in_the_place_of_its_entries(
    open_window: Open,
) -> None:
    kiosk = open_window(800, 480)
    tiles = kiosk.show("staff-unwell")
    assert "Paper low" not in kiosk.texts()
    kiosk.click(tiles["This kiosk"])
    tiles = kiosk.wait_for_tile("Entries")
    assert {"Paper low", "Offline since 09:27"} <= set(kiosk.texts())
    kiosk.click(tiles["Entries"])
    kiosk.wait_for_tile("This kiosk")
    assert kiosk.touched(2) == [["TurnPage"]] * 2, "the screen stays unlocked"
    kiosk.click(kiosk.tiles()["This kiosk"])
    kiosk.show("home")
    assert "This kiosk" in kiosk.show("staff-unwell"), "it opens on its entries"
    assert "Paper low" in (open_window(1280, 800).show("staff-unwell") and open_window(1280, 800).texts())


def test_undo_reports_the_entry_of_its_row(kiosk: WindowDriver) -> None:
    kiosk.click(kiosk.show("staff")["Undo"])
    [[call, entry]] = kiosk.touched(1)
    assert call == "UndoEntry"
    assert UUID(entry) in {each.entry for each in LINES}
