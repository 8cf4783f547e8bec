"""Late pupils tap their cards while others use the screen: a real window, real touches, a real register."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.school.letters import plain_letters
from tests.e2e.hand import Hand, find, hand
from tests.e2e.running import Product, until

FIRST, SECOND, THIRD = "Amelia Kowalska", "Amelie", "Amelia-Rose"


def shown(running: Product, name: str) -> str:
    """The first name by which the kiosk asks the pupil."""
    pupil = running.school.find_by_name(name)
    return pupil.preferred or pupil.first


def tap_and_wait(walking: Hand, name: str, waiting: int) -> datetime:
    """Tap a card, and wait until the log has so many taps; returns the instant (real time) before."""
    before = walking.running.tap(name)
    until(lambda: len(walking.running.taps_on_disk()) >= waiting)
    return before


def reason_and_done(walking: Hand, reason: str, times: int) -> None:
    """Choose a reason on the reason screen, and close the result."""
    walking.running.screen("reason", times=times)
    walking.touch(reason)
    walking.running.screen("done", times=times)
    walking.touch("Done")


@pytest.mark.timeout(300)
def test_a_card_is_never_the_answer_of_another_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (1280, 800)) as walking:
        running = walking.running
        # An adult types a name; a late pupil taps.
        walking.touch("Collecting a pupil")
        walking.type("TO")
        walking.wait_for_text("TO")
        first_tap = tap_and_wait(walking, FIRST, 1)
        walking.touch(f"{shown(running, FIRST)} has just come in")
        running.screen("find", times=2)
        walking.touch("Back")
        # Her reason is asked in turn; another pupil taps behind her, and a third.
        running.screen("reason")
        second_tap = tap_and_wait(walking, SECOND, 2)
        third_tap = tap_and_wait(walking, THIRD, 3)
        reason_and_done(walking, "Traffic", 1)
        reason_and_done(walking, "Overslept", 2)
        reason_and_done(walking, "Weather", 3)
        # A pupil types a name since before; a card in between changes nothing of it.
        running.screen("home", times=2)
        until(lambda: len(running.entries()) == 3)
        entries = {entry.pupil: entry for entry in running.entries()}
        reasons = {FIRST: "traffic", SECOND: "overslept", THIRD: "weather"}
        for name, reason in reasons.items():
            assert entries[running.pupil_id(name)].reason == reason
        taps = [first_tap, second_tap, third_tap]
        offset = entries[running.pupil_id(FIRST)].at - first_tap
        for name, at in zip(reasons, taps, strict=True):
            assert abs(entries[running.pupil_id(name)].at - at - offset) < timedelta(seconds=0.5)
        assert running.taps_on_disk() == []


@pytest.mark.timeout(300)
def test_a_name_that_is_being_typed_keeps_its_first_touch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (800, 480)) as walking:
        running = walking.running
        touched = datetime.now().astimezone()
        walking.touch("I’m late")
        running.screen("find")
        typed = plain_letters(FIRST)[:2]
        walking.type(typed)
        walking.wait_for_text(typed)  # until then, the card would go first; one letter is also on its key
        tap_and_wait(walking, SECOND, 1)
        find(walking, FIRST, typed=typed)
        reason_and_done(walking, "Traffic", 1)
        reason_and_done(walking, "Overslept", 2)
        until(lambda: len(running.entries()) == 2)
        entries = {entry.pupil: entry for entry in running.entries()}
        by_name, by_card = entries[running.pupil_id(FIRST)], entries[running.pupil_id(SECOND)]
        assert (by_name.reason, by_card.reason) == ("traffic", "overslept")
        assert by_name.at < by_card.at
        assert abs(by_name.at - running.ahead - touched) < timedelta(seconds=5)
