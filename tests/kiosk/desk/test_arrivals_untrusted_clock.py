"""Arrivals while the clock is not trusted: every pupil can sign in, and the time is corrected later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.views import (
    BroughtView,
    DoneView,
    Evidence,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    ReasonView,
    ReleaseView,
)
from kiosk.views.touches import (
    ChooseEvidence,
    ChooseLate,
    ChooseReason,
    ChooseReturning,
    Finish,
    SignInChildren,
)
from sync.wire import Kind, Trust
from tests.kiosk.journey.arriving.test_bringing import ADULT, ZOE
from tests.kiosk.reception import Reception, card_of, london, reception
from tests.kiosk.walking import all_entries, collecting, sees, walk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def test_a_clock_that_is_not_trusted_gives_no_code(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:31", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        assert not desk.view_as(DoneView).clock_trusted
        [entry] = desk.entries()
        assert (entry.decision.code, entry.decision.needs_office) == (None, True)
        assert (entry.session, entry.clock.trust) == (None, Trust.UNKNOWN)


def test_a_corrected_arrival_still_names_the_adult_who_brought_the_pupil(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:31", trust="unknown") as desk:
        walk(desk, [*ADULT, *ZOE, (SignInChildren(), object), ("settle", BroughtView)])
        desk.clock.trust = "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.deliver_next()
        desk.settle()
        first, second = all_entries(desk)
        assert second.corrects == first.id
        assert [first.brought_by, second.brought_by] == ["Ruth Okafor", "Ruth Okafor"]


@pytest.mark.parametrize(
    "at",
    ["2026-11-28T10:00", "23:00", "1970-01-01T01:00", "2038-01-19T03:14"],
    ids=["Saturday", "night", "1970", "2038"],
)
def test_a_clock_with_a_wrong_date_turns_no_pupil_away(tmp_path: Path, at: str) -> None:
    """A Pi without a network may believe that it is last Friday evening; a pupil can still sign in."""
    with reception(tmp_path, at=at, trust="unknown") as desk:
        assert desk.journey.view == HomeView(
            now=desk.view_as(HomeView).now,
            card_reader=False,
            clock_trusted=False,
            anyone_out=True,
            may_bring=True,
        )
        desk.journey.handle(ChooseLate())
        assert isinstance(desk.journey.view, FindView)
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        assert isinstance(desk.journey.view, DoneView)
        assert len(desk.journal.untrusted_entries("boot").result()) == 1


def test_when_the_clock_is_set_the_entry_is_decided_again_for_its_true_instant(tmp_path: Path) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.TRAFFIC))
        desk.settle()
        [doubted] = desk.journal.untrusted_entries("boot").result()
        desk.clock.seconds += 600  # the network sets the clock ten minutes later
        desk.clock.at, desk.clock.trust = london("09:17:42"), "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        [corrected] = desk.entries()
        assert (corrected.corrects, corrected.pupil, corrected.reason) == (doubted.id, "P1", "traffic")
        assert corrected.at == london("09:07:42")
        assert (corrected.decision.code, corrected.decision.minutes_late) == ("L", 22)
        assert corrected.clock.trust is Trust.SYNCED
        first = desk.journal.find(doubted.id).result()
        assert first is not None
        assert first.entry == doubted, "both are kept"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        assert len(desk.entries()) == 1, "once"
        desk.tap("P1")
        assert desk.view_as(DoneView).already


def tap_with_untrusted_clock(desk: Reception, pupil_id: str, at: str, boot: str = "boot") -> None:
    """Tap the pupil's card while an untrusted clock shows this time."""
    desk.clock.at, desk.clock.trust = london(at), "unknown"
    reading = desk.clock.reading()._replace(boot_id=boot)
    desk.journey.card([card_of(pupil_id)], reading)
    if isinstance(desk.journey.view, ReasonView):
        desk.journey.handle(ChooseReason(Reason.OTHER))
    desk.settle()


def test_the_same_wrong_date_after_a_reboot_turns_no_pupil_away(desk: Reception) -> None:
    tap_with_untrusted_clock(desk, "P1", "1970-01-01T01:10", boot="first")
    tap_with_untrusted_clock(desk, "P1", "1970-01-01T01:11", boot="second")
    assert len(all_entries(desk)) == 2


def test_with_an_untrusted_clock_a_pupil_can_sign_in_again_hours_later(
    desk: Reception,
) -> None:
    tap_with_untrusted_clock(desk, "P1", "1970-01-01T01:10")
    desk.clock.passes(60)
    tap_with_untrusted_clock(desk, "P1", "1970-01-01T01:11")
    assert len(all_entries(desk)) == 1, "the same arrival"
    desk.clock.passes(5 * 3600)
    tap_with_untrusted_clock(desk, "P1", "1970-01-01T06:11")
    assert len(all_entries(desk)) == 2


def test_a_second_tap_with_an_untrusted_clock_makes_the_pupil_no_later(tmp_path: Path) -> None:
    with reception(tmp_path, at="08:40") as desk:
        desk.tap("P1")
        desk.settle()
        desk.clock.passes(3600)
        tap_with_untrusted_clock(desk, "P1", "1970-01-01T01:10")
        desk.clock.at, desk.clock.trust = london("09:41"), "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        first, doubted, corrected = all_entries(desk)
        assert first.decision.outcome == "on_time"
        assert corrected.corrects == doubted.id
        assert (corrected.decision.code, corrected.decision.suggested) == (None, "U")
        assert corrected.decision.needs_office


def test_two_taps_with_an_untrusted_clock_are_one_mark_and_a_question_for_the_office(desk: Reception) -> None:
    tap_with_untrusted_clock(desk, "P1", "1970-01-01T23:59")
    desk.clock.passes(120)
    tap_with_untrusted_clock(desk, "P1", "1970-01-02T00:01")
    desk.clock.at, desk.clock.trust = london("09:10"), "synced"
    desk.desk.correct_times(desk.clock.reading())
    desk.settle()
    desk.settle()
    codes = [entry.decision.code for entry in all_entries(desk) if entry.corrects]
    assert codes == ["L", None]


def test_a_wrong_date_does_not_forget_pupils_who_are_in(tmp_path: Path) -> None:
    with reception(tmp_path, at="08:40") as desk:
        desk.tap("P1")
        desk.settle()
        desk.journey.handle(Finish())
        tap_with_untrusted_clock(desk, "P2", "1970-01-01T01:10")
        desk.clock.at, desk.clock.trust = london("09:40"), "synced"
        desk.journey.handle(Finish())
        desk.tap("P1")
        assert desk.view_as(DoneView).already


def test_an_arrival_of_another_boot_is_left_to_the_office(tmp_path: Path) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.TRAFFIC))
        desk.settle()
        desk.clock.at, desk.clock.trust = london("09:17"), "synced"
        desk.desk.correct_times(desk.clock.reading()._replace(boot_id="another boot"))
        desk.settle()
        assert desk.entries() == []


def test_an_untrusted_clock_skips_the_return_time_and_leaves_the_decision_to_the_office(
    tmp_path: Path,
) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        steps = collecting()
        walk(desk, [*steps[:6], (ChooseReason(Reason.MEDICAL), EvidenceView)])
        walk(desk, [(ChooseEvidence(Evidence.CARD), ReleaseView), (("releases", "P5"), ReleaseView)])
        walk(desk, [("settle", LeftView)])
        assert not desk.view_as(LeftView).clock_trusted
        [entry] = desk.journal.untrusted_entries("boot").result()
        assert (entry.decision.outcome, entry.decision.needs_office) == ("review", True)
        desk.clock.passes(600)
        desk.clock.at, desk.clock.trust = london("10:20"), "synced"
        desk.desk.correct_times(desk.clock.reading())
        desk.settle()
        desk.settle()
        [corrected] = desk.entries()
        assert (corrected.kind, corrected.corrects, corrected.at) == (
            Kind.DEPARTURE,
            entry.id,
            london("10:10"),
        )
        assert corrected.departure is not None
        assert corrected.departure.released_by == "A. Reed"
        assert corrected.decision.outcome == "absent_pm"
        desk.journey.handle(Finish())
        walk(desk, [(ChooseReturning(), FindView), (("type", "TO"), sees(FindView, matches=("P5",)))])
