"""“I’m late”, by name and by card, as lists of choices and screens."""

from pathlib import Path

import pytest

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.journey import IDLE_S, NEXT_S, NOTICE_S
from kiosk.journey.session import RESUMED_S, SET_ASIDE_S
from kiosk.views import DoneView, FindView, HomeView, Notice, ReasonView, SavingView, Sound, Trouble
from kiosk.views.touches import ChooseLate, ChoosePupil, ChooseReason, Erase, Finish, GoBack, PressLetter
from tests.kiosk.reception import agreed, bundle, pupil, reception
from tests.kiosk.walking import ExpectedView, Steps, Visit, by_name, run_visit, sees, walk

OTHER = ChooseReason(Reason.OTHER)
TOM: Steps = [*by_name(ChooseLate(), "TO", "P5")[:2], (ChoosePupil("P5"), sees(ReasonView, pupil="P5"))]
AMELIA: Steps = [(("tap", "P1"), sees(ReasonView, pupil="P1"))]
SAVED: Steps = [(OTHER, SavingView), ("settle", sees(DoneView, frame__sound=Sound.ACCEPTED))]

WRITES_AGAIN: Steps = [
    (Finish(), Trouble.DISK_FAILED),
    (("waits", 1), Trouble.DISK_FAILED),
    ("settle", None),
    (("waits", 1), HomeView),
]

SIGNED_IN = {
    "by name, with a reason": Visit(
        [
            (ChooseLate(), FindView),
            (("type", "AME"), sees(FindView, matches=("P1", "P4", "P2"))),
            (ChoosePupil("P1"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", sees(DoneView, decision__code="L", decision__minutes_late=22, progress="saved")),
            (Finish(), HomeView),
        ],
        ["arrival P1 traffic L"],
    ),
    "by name, without a reason": Visit(
        [*TOM, (ChooseReason(None), SavingView), ("settle", DoneView)], ["arrival P5 - L"]
    ),
    "by card, with a reason": Visit([*AMELIA, *SAVED, (Finish(), HomeView)], ["arrival P1 other L"]),
    "by card on time, without a question": Visit(
        [(("tap", "P2"), SavingView), ("settle", sees(DoneView, decision__outcome=Outcome.ON_TIME))],
        ["arrival P2 - -"],
        at="08:50",
    ),
    "by card with an agreed appointment, without a question": Visit(
        [(("tap", "P1"), SavingView), ("settle", sees(DoneView, reason=Reason.MEDICAL))],
        ["arrival P1 medical M"],
        at="10:00",
        school=bundle(appointments=[agreed("P1", "10:30")]),
    ),
    "by card from an appointment that ran over, without a question": Visit(
        [(("tap", "P1"), SavingView), ("settle", sees(DoneView, reason=Reason.MEDICAL))],
        ["arrival P1 medical U"],
        at="10:40",
        school=bundle(appointments=[agreed("P1", "10:30")]),
    ),
    "by card from an appointment before the register closed, without a question": Visit(
        [(("tap", "P1"), SavingView), ("settle", sees(DoneView, reason=Reason.MEDICAL))],
        ["arrival P1 medical L"],
        school=bundle(appointments=[agreed("P1", "09:05")]),
    ),
    "by card late in the morning, with an appointment in the afternoon": Visit(
        [(("tap", "P1"), ReasonView)],
        school=bundle(appointments=[agreed("P1", "14:30")]),
    ),
    "after the register has closed": Visit(
        [*AMELIA, (OTHER, SavingView), ("settle", sees(DoneView, decision__code="U"))],
        ["arrival P1 other U"],
        at="09:40",
    ),
    "the first touch counts, however long the name takes": Visit(
        [
            (ChooseLate(), FindView),
            (("waits", 15), None),
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), ReasonView),
            (("waits", 10), None),
            (OTHER, SavingView),
            ("settle", sees(DoneView, decision__code="L", at="09:14")),
        ],
        ["arrival P5 other L"],
        at="09:14:58",
    ),
    "in the morning and again in the afternoon": Visit(
        [*AMELIA, *SAVED, (("waits", 5 * 3600 + 300), HomeView), *AMELIA, *SAVED],
        ["arrival P1 other L", "arrival P1 other U"],
    ),
    "a year that the policy lacks is left to the office": Visit(
        [(("tap", "P1"), SavingView), ("settle", sees(DoneView, decision__needs_office=True))],
        ["arrival P1 - -"],
        school=bundle("psa", (pupil("P1", "Ben", "Ash", year="R"),)),
    ),
}

NOT_SIGNED_IN = {
    "step by step": Visit(
        [*TOM, (GoBack(), sees(FindView, letters="")), (GoBack(), HomeView), ("settle", None)]
    ),
    "a letter that matches no name is refused": Visit(
        [
            (ChooseLate(), sees(FindView, refused_letter="")),
            (PressLetter("Q"), sees(FindView, letters="", refused_letter="Q")),
            (PressLetter("T"), sees(FindView, letters="T", refused_letter="")),
        ]
    ),
    "a pupil who is not listed": Visit([(ChooseLate(), FindView), (ChoosePupil("P5"), None)]),
    "a pupil who was found by name leaves and is forgotten": Visit(
        [*TOM, (("waits", IDLE_S), HomeView), ("settle", None)]
    ),
    "signed in before, by card": Visit(
        [
            *AMELIA,
            *SAVED,
            (("waits", 30), HomeView),
            (("tap", "P1"), sees(DoneView, already=True, at="09:07", frame__sound=Sound.ATTENTION)),
        ],
        ["arrival P1 other L"],
    ),
    "signed in before, by name": Visit(
        [
            *AMELIA,
            *SAVED,
            (Finish(), HomeView),
            *by_name(ChooseLate(), "AM", "P1")[:2],
            (ChoosePupil("P1"), sees(DoneView, already=True)),
        ],
        ["arrival P1 other L"],
    ),
    "an unknown card": Visit([("tap_unknown", Trouble.UNKNOWN_CARD), (Finish(), HomeView), ("settle", None)]),
    "an unknown card, without a touch": Visit(
        [("tap_unknown", Trouble.UNKNOWN_CARD), (("waits", IDLE_S), HomeView)]
    ),
    "two cards at once": Visit([("two_cards", Trouble.TWO_CARDS), (Finish(), HomeView)]),
    "a roster without pupils": Visit(
        [(ChooseLate(), Trouble.EMPTY_ROSTER), (Finish(), HomeView), (("tap", "P1"), Trouble.EMPTY_ROSTER)],
        school=bundle(pupils=()),
    ),
    "after school": Visit(
        [(ChooseLate(), Trouble.AFTER_SCHOOL), (Finish(), HomeView), (("tap", "P1"), Trouble.AFTER_SCHOOL)],
        at="15:20",
    ),
    "a year whose day has ended": Visit(
        [(("tap", "P1"), Trouble.AFTER_SCHOOL), ("settle", None)],
        at="15:05",
        school=bundle("kings-cross-academy", (pupil("P1", "Ben", "Ash", "N", year="N"),)),
    ),
    "a full disk": Visit(
        [
            *AMELIA,
            ("disk_is_full", None),
            (OTHER, SavingView),
            ("settle", sees(object, trouble=Trouble.ARRIVAL_WAITS, frame__sound=Sound.ATTENTION)),
            ("disk_has_room", None),
            *WRITES_AGAIN,
            (("tap", "P1"), sees(DoneView, already=True, reason=Reason.OTHER)),
        ],
        ["arrival P1 other L"],
    ),
    "a full disk and several cards": Visit(
        [
            ("disk_is_full", None),
            (("tap", "P1"), ReasonView),  # the disk has not failed yet
            ("settle", None),
            (OTHER, SavingView),
            ("settle", Trouble.ARRIVAL_WAITS),
            (("waits", 60), Trouble.DISK_FAILED),
            (("tap", "P2"), SavingView),  # no question: the pupil is to go to the office
            ("settle", Trouble.ARRIVAL_WAITS),
            (("waits", 3600), Trouble.DISK_FAILED),
            ("settle", None),
            ("disk_has_room", None),
            (("waits", 1), Trouble.DISK_FAILED),
            ("settle", None),  # the first arrival
            ("settle", None),  # the second
            (("waits", 1), HomeView),
        ],
        ["arrival P1 other L", "arrival P2 - L"],
    ),
    "a disk that answers late": Visit(
        [*AMELIA, (OTHER, SavingView), (("waits", IDLE_S), Trouble.ARRIVAL_WAITS), ("settle", DoneView)],
        ["arrival P1 other L"],
    ),
    "a screen that cannot be drawn": Visit(
        [(ChooseLate(), FindView), ("screen_failed", Trouble.SCREEN_ERROR), *AMELIA, *SAVED],
        ["arrival P1 other L"],
    ),
}

ANOTHER_CARD = {
    "the same card again, at the reason": Visit([*AMELIA, (("tap", "P1"), None), ("settle", None)]),
    "a card goes first while a name is typed": Visit([(ChooseLate(), FindView), *AMELIA]),
    "a pupil who came by card and gave no reason is signed in and sees it": Visit(
        [*AMELIA, (("waits", IDLE_S), SavingView), ("settle", DoneView)], ["arrival P1 - L"]
    ),
    "a second card does not take the first pupil's question": Visit(
        [
            *AMELIA,
            (("tap", "P2"), sees(ReasonView, pupil="P1", frame__cards_waiting=1)),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", sees(DoneView, pupil="P1")),
            (("waits", NEXT_S), sees(ReasonView, pupil="P2")),
            *SAVED,
        ],
        ["arrival P1 traffic L", "arrival P2 other L"],
    ),
    "a card while a name is typed waits, and the name stays": Visit(
        [
            (ChooseLate(), FindView),
            (("type", "TO"), FindView),
            (("waits", 10), FindView),
            (("tap", "P2"), sees(FindView, letters="TO", frame__cards_waiting=1)),
            (ChoosePupil("P5"), sees(ReasonView, pupil="P5", started="09:07")),
            *SAVED,
            (("waits", NEXT_S), sees(ReasonView, pupil="P2")),
        ],
        ["arrival P5 other L"],
    ),
    "a card goes first before a letter is typed, and the first touch still counts": Visit(
        [
            (ChooseLate(), FindView),
            (("waits", 5), FindView),
            (("tap", "P2"), sees(ReasonView, pupil="P2", started="09:15")),
            *SAVED,
            (Finish(), sees(FindView, started="09:14")),
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), sees(ReasonView, pupil="P5", started="09:14")),
            *SAVED,
            (Finish(), HomeView),
        ],
        ["arrival P2 other U", "arrival P5 other L"],
        at="09:14:57",
    ),
    "a visit that was set aside ends soon when its user has left": Visit(
        [
            (ChooseLate(), FindView),
            (("tap", "P2"), ReasonView),
            *SAVED,
            (Finish(), FindView),
            (("waits", RESUMED_S), HomeView),
        ],
        ["arrival P2 other L"],
    ),
    "a visit that was set aside long ago is forgotten": Visit(
        [
            (ChooseLate(), FindView),
            (("tap", "P2"), ReasonView),
            *SAVED,
            (("tap", "P3"), DoneView),
            (("waits", SET_ASIDE_S), sees(ReasonView, pupil="P3")),
            *SAVED,
            (Finish(), HomeView),
        ],
        ["arrival P2 other L", "arrival P3 other L"],
    ),
    "a card at a result waits until it has been read": Visit(
        [
            *AMELIA,
            *SAVED,
            (("tap", "P2"), sees(DoneView, pupil="P1", frame__cards_waiting=1)),
            (("waits", NEXT_S), sees(ReasonView, pupil="P2")),
        ],
        ["arrival P1 other L"],
    ),
    "a pupil whose card waits types their name": Visit(
        [
            *TOM,
            (("tap", "P2"), None),
            (GoBack(), FindView),
            (Erase(), FindView),
            (Erase(), FindView),
            (("type", "AM"), FindView),
            (ChoosePupil("P2"), sees(ReasonView, pupil="P2")),
            *SAVED,
            (("waits", NEXT_S), HomeView),  # not asked a second time
        ],
        ["arrival P2 other L"],
    ),
    "a pupil found by name goes on, and the card waits": Visit(
        [
            *TOM,
            (("tap", "P2"), sees(ReasonView, pupil="P5", frame__cards_waiting=1)),
            *SAVED,
            (("waits", NEXT_S), sees(ReasonView, pupil="P2", frame__cards_waiting=0)),
            *SAVED,
        ],
        ["arrival P5 other L", "arrival P2 other L"],
    ),
    "a pupil found by name leaves, and the waiting card is next": Visit(
        [*TOM, (("tap", "P2"), None), (("waits", IDLE_S), sees(ReasonView, pupil="P2")), *SAVED],
        ["arrival P2 other L"],
    ),
    "a pupil found by name taps their own card and walks on": Visit(
        [*TOM, (("tap", "P5"), None), (("waits", IDLE_S), SavingView), ("settle", DoneView)],
        ["arrival P5 - L"],
    ),
    "an unknown card does not interrupt a pupil found by name": Visit(
        [
            *TOM,
            ("tap_unknown", sees(ReasonView, pupil="P5", frame__notice=Notice.UNKNOWN_CARD)),
            ("settle", sees(ReasonView, frame__cards_waiting=0, frame__sound=Sound.UNKNOWN_CARD)),
            (("waits", NOTICE_S), sees(ReasonView, frame__notice=None, frame__sound=None)),
            *SAVED,
        ],
        ["arrival P5 other L"],
    ),
    "an unknown card does not interrupt a pupil who came by card": Visit(
        [*AMELIA, ("tap_unknown", sees(ReasonView, pupil="P1", frame__notice=Notice.UNKNOWN_CARD)), *SAVED],
        ["arrival P1 other L"],
    ),
    "the same card twice waits once and is heard twice": Visit(
        [
            *TOM,
            (("tap", "P2"), sees(ReasonView, frame__cards_waiting=1, frame__sound=Sound.ATTENTION)),
            (("waits", 1), None),
            (("tap", "P2"), sees(ReasonView, frame__cards_waiting=1, frame__sound=Sound.ATTENTION)),
            *SAVED,
            (("waits", NEXT_S), sees(ReasonView, pupil="P2", started="09:07")),
        ],
        ["arrival P5 other L"],
    ),
    "a card waits while another entry is being saved": Visit(
        [
            *AMELIA,
            (OTHER, SavingView),
            (("tap", "P2"), sees(SavingView, frame__cards_waiting=1)),
            ("settle", sees(DoneView, pupil="P1")),
            (("waits", NEXT_S), sees(ReasonView, pupil="P2")),
        ],
        ["arrival P1 other L"],
    ),
}

TWO_CARDS: dict[str, Steps] = {
    "while a name is typed": [(ChooseLate(), FindView), (("type", "TO"), FindView)],
    "at the reason": TOM,
    "at a result": [*AMELIA, *SAVED],
}


@pytest.mark.parametrize("visit", SIGNED_IN.values(), ids=SIGNED_IN)
def test_a_late_pupil_signs_in(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


@pytest.mark.parametrize("visit", NOT_SIGNED_IN.values(), ids=NOT_SIGNED_IN)
def test_a_late_pupil_does_not_sign_in(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


@pytest.mark.parametrize("visit", ANOTHER_CARD.values(), ids=ANOTHER_CARD)
def test_no_pupil_is_lost_when_another_card_is_tapped(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


@pytest.mark.parametrize("steps", TWO_CARDS.values(), ids=TWO_CARDS)
def test_two_cards_at_once_show_a_notice_and_interrupt_nothing(tmp_path: Path, steps: Steps) -> None:
    last = steps[-1][1]
    assert isinstance(last, type | ExpectedView)
    screen = last if isinstance(last, type) else last.screen
    noticed = sees(screen, frame__notice=Notice.TWO_CARDS, frame__sound=Sound.ATTENTION)
    recorded = ["arrival P1 other L"] if screen is DoneView else []
    run_visit(tmp_path, Visit([*steps, ("two_cards", noticed)], recorded))


def test_a_first_entry_that_is_saved_late_is_the_only_one(tmp_path: Path) -> None:
    first_visit = [*AMELIA, ("go_home", HomeView)]  # without a reason; the disk has not answered yet
    run_visit(
        tmp_path,
        Visit([*first_visit, *AMELIA, (OTHER, SavingView), ("settle", DoneView)], ["arrival P1 - L"]),
    )


def test_an_entry_saved_during_the_question_counts_as_an_earlier_sign_in(tmp_path: Path) -> None:
    first_visit = [*AMELIA, ("go_home", HomeView), *AMELIA, ("settle", None)]
    run_visit(tmp_path, Visit([*first_visit, (OTHER, sees(DoneView, already=True))], ["arrival P1 - L"]))


REQUIRES_REASON = bundle("burbage", (pupil("P1", "Ben", "Ash", year="4"),))
BEN: Steps = [*by_name(ChooseLate(), "BE", "P1")[:2], (ChoosePupil("P1"), sees(ReasonView, required=True))]
REASON_REQUIRED = {
    "by name, the pupil cannot go on without one": Visit(
        [*BEN, (ChooseReason(None), None), (GoBack(), FindView), (GoBack(), HomeView)],
        at="09:10",
        school=REQUIRES_REASON,
    ),
    "by card, the pupil is signed in without one at idle": Visit(
        [(("tap", "P1"), ReasonView), (("waits", IDLE_S), SavingView), ("settle", DoneView)],
        ["arrival P1 - L"],
        at="09:10",
        school=REQUIRES_REASON,
    ),
}


@pytest.mark.parametrize("visit", REASON_REQUIRED.values(), ids=REASON_REQUIRED)
def test_a_policy_that_requires_a_reason(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


def test_the_first_touch_while_the_kiosk_starts_counts_from_its_own_instant(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:15:01") as desk:
        desk.journey.handle(ChooseLate(), age_s=2.0)
        walk(
            desk, [*TOM[1:], (OTHER, SavingView), ("settle", sees(DoneView, decision__code="L", at="09:14"))]
        )
