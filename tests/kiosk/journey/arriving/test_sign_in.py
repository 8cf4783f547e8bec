"""“I’m late”, by name and by card: every way there is, as a list of choices and screens."""

import pytest

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.journey import IDLE_S, NEXT_S, NOTICE_S
from kiosk.views import DoneView, FindView, HomeView, Notice, ReasonView, SavingView, Sound, Trouble
from kiosk.views.touches import ChooseLate, ChoosePupil, ChooseReason, Finish, GoBack, PressLetter
from tests.kiosk.reception import agreed, bundle, pupil
from tests.kiosk.walking import Way, by_name, go, sees

OTHER = ChooseReason(Reason.OTHER)
TOM = [*by_name(ChooseLate(), "TO", "P5")[:2], (ChoosePupil("P5"), sees(ReasonView, pupil="P5"))]
AMELIA = [(("tap", "P1"), sees(ReasonView, pupil="P1"))]
SAVED = [(OTHER, SavingView), ("settle", sees(DoneView, frame__sound=Sound.ACCEPTED))]

HAPPY = {
    "by name, with a reason": Way(
        [
            (ChooseLate(), FindView),
            (("type", "AME"), sees(FindView, found=("P1", "P4", "P2"))),
            (ChoosePupil("P1"), ReasonView),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", sees(DoneView, decision__code="L", decision__minutes_late=22, progress="saved")),
            (Finish(), HomeView),
        ],
        ["arrival P1 traffic L"],
    ),
    "by name, and nobody has to say why": Way(
        [*TOM, (ChooseReason(None), SavingView), ("settle", DoneView)], ["arrival P5 - L"]
    ),
    "by card, with a reason": Way([*AMELIA, *SAVED, (Finish(), HomeView)], ["arrival P1 other L"]),
    "by card on time: nothing is asked": Way(
        [(("tap", "P2"), SavingView), ("settle", sees(DoneView, decision__outcome=Outcome.ON_TIME))],
        ["arrival P2 - -"],
        at="08:50",
    ),
    "by card to an appointment that was agreed: nothing is asked": Way(
        [(("tap", "P1"), SavingView), ("settle", sees(DoneView, reason=Reason.MEDICAL))],
        ["arrival P1 medical M"],
        at="10:00",
        school=bundle(appointments=[agreed("P1", "10:30")]),
    ),
    "after the register has closed": Way(
        [*AMELIA, (OTHER, SavingView), ("settle", sees(DoneView, decision__code="U"))],
        ["arrival P1 other U"],
        at="09:40",
    ),
    "the first touch counts, however long the name takes": Way(
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
    "in the morning and again in the afternoon": Way(
        [*AMELIA, *SAVED, (("waits", 5 * 3600 + 300), HomeView), *AMELIA, *SAVED],
        ["arrival P1 other L", "arrival P1 other U"],
    ),
    "a year that the policy lacks is for the office": Way(
        [(("tap", "P1"), SavingView), ("settle", sees(DoneView, decision__needs_office=True))],
        ["arrival P1 - -"],
        school=bundle("psa", (pupil("P1", "Ben", "Ash", year="R"),)),
    ),
}

TURNED_BACK = {
    "step by step": Way(
        [*TOM, (GoBack(), sees(FindView, letters="")), (GoBack(), HomeView), ("settle", None)]
    ),
    "a letter that leads nowhere is said to, and not taken": Way(
        [
            (ChooseLate(), sees(FindView, in_vain=False)),
            (PressLetter("Q"), sees(FindView, letters="", in_vain=True)),
            (PressLetter("T"), sees(FindView, letters="T", in_vain=False)),
        ]
    ),
    "somebody who is not listed": Way([(ChooseLate(), FindView), (ChoosePupil("P5"), None)]),
    "whoever was found by name and goes away is forgotten": Way(
        [*TOM, (("waits", IDLE_S), HomeView), ("settle", None)]
    ),
    "in already": Way(
        [
            *AMELIA,
            *SAVED,
            (("waits", 30), HomeView),
            (("tap", "P1"), sees(DoneView, already=True, at="09:07", frame__sound=Sound.ATTENTION)),
        ],
        ["arrival P1 other L"],
    ),
    "in already, found by name": Way(
        [
            *AMELIA,
            *SAVED,
            (Finish(), HomeView),
            *by_name(ChooseLate(), "AM", "P1")[:2],
            (ChoosePupil("P1"), sees(DoneView, already=True)),
        ],
        ["arrival P1 other L"],
    ),
    "an unknown card": Way([("tap_unknown", Trouble.UNKNOWN_CARD), (Finish(), HomeView), ("settle", None)]),
    "an unknown card's problem goes by itself": Way(
        [("tap_unknown", Trouble.UNKNOWN_CARD), (("waits", IDLE_S), HomeView)]
    ),
    "two cards at once": Way([("two_cards", Trouble.TWO_CARDS), (Finish(), HomeView)]),
    "a roster without pupils": Way(
        [(ChooseLate(), Trouble.EMPTY_ROSTER), (Finish(), HomeView), (("tap", "P1"), Trouble.EMPTY_ROSTER)],
        school=bundle(pupils=()),
    ),
    "after school": Way(
        [(ChooseLate(), Trouble.AFTER_SCHOOL), (Finish(), HomeView), (("tap", "P1"), Trouble.AFTER_SCHOOL)],
        at="15:20",
    ),
    "a year whose day has ended": Way(
        [(("tap", "P1"), Trouble.AFTER_SCHOOL), ("settle", None)],
        at="15:05",
        school=bundle("kings-cross-academy", (pupil("P1", "Ben", "Ash", "N", year="N"),)),
    ),
    "a disk that is full": Way(
        [
            *AMELIA,
            ("disk_is_full", None),
            (OTHER, SavingView),
            ("settle", Trouble.NOT_SAVED),
            ("disk_has_room", None),
            (Finish(), HomeView),
            *AMELIA,  # not remembered as signed in
        ]
    ),
    "a disk that does not answer, and then does": Way(
        [*AMELIA, (OTHER, SavingView), (("waits", IDLE_S), Trouble.NOT_SAVED), ("settle", DoneView)],
        ["arrival P1 other L"],
    ),
    "a screen that fails": Way(
        [(ChooseLate(), FindView), ("screen_failed", Trouble.SCREEN_ERROR), *AMELIA, *SAVED],
        ["arrival P1 other L"],
    ),
}

MEETING_A_CARD = {
    "the same card again while the reason is asked": Way([*AMELIA, (("tap", "P1"), None), ("settle", None)]),
    "a card while a name is typed goes first": Way([(ChooseLate(), FindView), *AMELIA]),
    "somebody who came by card and walked on is signed in and told": Way(
        [*AMELIA, (("waits", IDLE_S), SavingView), ("settle", DoneView)], ["arrival P1 - L"]
    ),
    "somebody who came by card is signed in when the next card comes": Way(
        [*AMELIA, (("tap", "P2"), sees(ReasonView, pupil="P2")), *SAVED],
        ["arrival P1 - L", "arrival P2 other L"],
    ),
    "somebody found by name keeps their place, and the card waits": Way(
        [
            *TOM,
            (("tap", "P2"), sees(ReasonView, pupil="P5", frame__cards_waiting=1)),
            *SAVED,
            (("waits", NEXT_S), sees(ReasonView, pupil="P2", frame__cards_waiting=0)),
            *SAVED,
        ],
        ["arrival P5 other L", "arrival P2 other L"],
    ),
    "somebody found by name goes away, and the card that waits is next": Way(
        [*TOM, (("tap", "P2"), None), (("waits", IDLE_S), sees(ReasonView, pupil="P2")), *SAVED],
        ["arrival P2 other L"],
    ),
    "somebody found by name holds their own card to the reader and walks on": Way(
        [*TOM, (("tap", "P5"), None), (("waits", IDLE_S), SavingView), ("settle", DoneView)],
        ["arrival P5 - L"],
    ),
    "an unknown card takes nobody's place": Way(
        [
            *TOM,
            ("tap_unknown", sees(ReasonView, pupil="P5", frame__notice=Notice.UNKNOWN_CARD)),
            ("settle", sees(ReasonView, frame__cards_waiting=0, frame__sound=Sound.UNKNOWN_CARD)),
            (("waits", NOTICE_S), sees(ReasonView, frame__notice=None, frame__sound=None)),
            *SAVED,
        ],
        ["arrival P5 other L"],
    ),
    "an unknown card takes nobody's place who came by card": Way(
        [*AMELIA, ("tap_unknown", sees(ReasonView, pupil="P1", frame__notice=Notice.UNKNOWN_CARD)), *SAVED],
        ["arrival P1 other L"],
    ),
    "the same card twice waits once and is heard twice": Way(
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
    "a card while another is being saved waits": Way(
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

TWO_CARDS = {
    "while a name is looked for": [(ChooseLate(), FindView), (("type", "TO"), FindView)],
    "while a reason is asked": TOM,
    "while a result is read": [*AMELIA, *SAVED],
}


@pytest.mark.parametrize("way", HAPPY.values(), ids=HAPPY)
def test_signed_in(tmp_path, way):
    go(tmp_path, way)


@pytest.mark.parametrize("way", TURNED_BACK.values(), ids=TURNED_BACK)
def test_not_signed_in(tmp_path, way):
    go(tmp_path, way)


@pytest.mark.parametrize("way", MEETING_A_CARD.values(), ids=MEETING_A_CARD)
def test_a_card_comes_meanwhile_and_nobody_is_lost(tmp_path, way):
    go(tmp_path, way)


@pytest.mark.parametrize("steps", TWO_CARDS.values(), ids=TWO_CARDS)
def test_two_cards_at_once_are_named_and_take_nothing_away(tmp_path, steps):
    last = steps[-1][1]
    screen = last if isinstance(last, type) else last.screen
    named = sees(screen, frame__notice=Notice.TWO_CARDS, frame__sound=Sound.ATTENTION)
    recorded = ["arrival P1 other L"] if screen is DoneView else []
    go(tmp_path, Way([*steps, ("two_cards", named)], recorded))


def test_a_first_entry_that_comes_to_the_disk_late_is_the_only_one(tmp_path):
    kept = [*AMELIA, ("go_home", HomeView)]  # without a reason; the disk has not answered yet
    go(tmp_path, Way([*kept, *AMELIA, (OTHER, SavingView), ("settle", DoneView)], ["arrival P1 - L"]))


def test_an_entry_that_comes_to_the_disk_while_the_reason_is_asked_makes_it_already(tmp_path):
    kept = [*AMELIA, ("go_home", HomeView), *AMELIA, ("settle", None)]
    go(tmp_path, Way([*kept, (OTHER, sees(DoneView, already=True))], ["arrival P1 - L"]))


NOT_WITHOUT = bundle("burbage", (pupil("P1", "Ben", "Ash", year="4"),))
BEN = [*by_name(ChooseLate(), "BE", "P1")[:2], (ChoosePupil("P1"), sees(ReasonView, required=True))]
A_REASON_IS_REQUIRED = {
    "by name there is no going on without": Way(
        [*BEN, (ChooseReason(None), None), (GoBack(), FindView), (GoBack(), HomeView)],
        at="09:10",
        school=NOT_WITHOUT,
    ),
    "a card does without in the end": Way(
        [(("tap", "P1"), ReasonView), (("waits", IDLE_S), SavingView), ("settle", DoneView)],
        ["arrival P1 - L"],
        at="09:10",
        school=NOT_WITHOUT,
    ),
}


@pytest.mark.parametrize("way", A_REASON_IS_REQUIRED.values(), ids=A_REASON_IS_REQUIRED)
def test_a_policy_that_wants_a_reason(tmp_path, way):
    go(tmp_path, way)
