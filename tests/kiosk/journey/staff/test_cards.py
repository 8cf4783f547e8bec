"""A pupil's cards, given and taken back at the staff screen."""

from contextlib import contextmanager

import pytest

from hardware.readers.drivers.card_names import candidates
from kiosk.journey import STAFF_S, CardResult
from kiosk.views import (
    CardStep,
    CardView,
    ConfirmQuestion,
    ConfirmView,
    FindView,
    HomeView,
    PinView,
    Purpose,
    Sound,
    StaffView,
)
from kiosk.views.touches import (
    AssignCard,
    ChoosePupil,
    ChooseStaff,
    Confirm,
    Finish,
    GoBack,
    Lock,
    ManageCards,
    RevokeCards,
)
from sync.wire import BundleCards, CardAssignment, CardRevocation, card_hash
from tests.kiosk.reception import (
    KEY,
    bundle,
    card_of,
    reception,
)
from tests.kiosk.walking import to_staff, walk

TO_P5 = [
    *to_staff(),
    (ManageCards(), FindView),
    (("type", "TO"), FindView),
    (ChoosePupil("P5"), CardView),
]
NEW = "em4100:0BADCAFE"


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def hold(desk, card: str) -> None:
    desk.journey.card([card], desk.clock.reading())


@contextmanager
def with_cards(folder, cards: dict[str, str]):
    """P5 is to be given a card, and these are all that others have."""
    told = BundleCards(key=KEY, pupils={card_hash(KEY, name): who for name, who in cards.items()})
    with reception(folder, school=bundle().model_copy(update={"cards": told})) as desk:
        walk(desk, [*TO_P5, (AssignCard(), CardView)])
        yield desk


def read(desk, said: str) -> None:
    desk.journey.card(candidates(said), desk.clock.reading())


def test_a_card_is_given_by_tapping(desk):
    walk(desk, [*TO_P5, (AssignCard(), CardView)])
    assert desk.journey.view.step is CardStep.TAP
    hold(desk, NEW)
    assert desk.journey.view.step is CardStep.SENDING
    assert desk.cards.calls == [(card_hash(KEY, NEW), CardAssignment(pupil="P5", by="S1"))]
    walk(desk, [(GoBack(), None), (Finish(), None)])
    desk.cards.answers(CardResult(cards=2))
    assert (desk.journey.view.step, desk.journey.view.cards) == (CardStep.GIVEN, 2)
    assert desk.frames[-1].sound is Sound.ACCEPTED
    walk(desk, [(Finish(), StaffView)])


def test_a_card_of_somebody_else_says_whose_and_is_taken_only_when_meant(desk):
    walk(desk, [*TO_P5, (AssignCard(), CardView), (("tap", "P2"), CardView)])
    assert (desk.journey.view.step, desk.journey.view.owner.name) == (CardStep.TAKEN, "Amelie R.")
    assert desk.cards.calls == []
    walk(desk, [(Confirm(), CardView)])
    [(card, assignment)] = desk.cards.calls
    assert card == card_hash(KEY, card_of("P2"))
    assert assignment == CardAssignment(pupil="P5", by="S1", instead_of="P2")


def test_a_card_that_is_theirs_already_changes_nothing(desk):
    walk(desk, [*TO_P5, (AssignCard(), CardView), (("tap", "P5"), CardView)])
    assert desk.journey.view.step is CardStep.GIVEN
    assert desk.cards.calls == []


def test_a_lost_card_is_taken_back_with_all_the_others_after_a_question(desk):
    walk(desk, [*TO_P5, (RevokeCards(), ConfirmView), (GoBack(), CardView), (RevokeCards(), ConfirmView)])
    assert desk.journey.view.question is ConfirmQuestion.REVOKE_CARDS
    walk(desk, [(Confirm(), CardView)])
    assert desk.cards.calls == [("P5", CardRevocation(by="S1"))]
    desk.cards.answers(CardResult(cards=0))
    assert (desk.journey.view.step, desk.journey.view.cards) == (CardStep.REVOKED, 0)


def test_what_the_register_does_not_do_is_said_in_its_words(desk):
    walk(desk, [*TO_P5, (AssignCard(), CardView)])
    hold(desk, NEW)
    desk.cards.answers(CardResult(error="The register cannot be reached, so nothing was changed."))
    assert desk.journey.view.step is CardStep.FAILED
    assert desk.journey.view.error.startswith("The register cannot be reached")
    walk(desk, [(GoBack(), CardView), (AssignCard(), CardView)])


def test_cards_are_found_under_their_own_purpose_and_left_step_by_step(desk):
    walk(desk, TO_P5)
    walk(desk, [(GoBack(), FindView)])
    assert desk.journey.view.purpose is Purpose.CARD
    walk(desk, [(GoBack(), StaffView)])


def test_a_card_outside_its_step_waits(desk):
    walk(desk, [*TO_P5, (("tap", "P1"), CardView)])
    assert desk.frames[-1].cards_waiting == 1


def test_cards_lock_after_a_minute_and_a_late_answer_opens_nothing(desk):
    walk(desk, [*TO_P5, (AssignCard(), CardView)])
    hold(desk, NEW)
    walk(desk, [(("waits", STAFF_S), HomeView)])
    desk.cards.answers(CardResult(cards=1))
    assert isinstance(desk.journey.view, HomeView)
    walk(desk, [(ChooseStaff(), PinView)])


def test_cards_can_be_locked_by_hand(desk):
    walk(desk, [*TO_P5, (Lock(), HomeView), (ChooseStaff(), PinView)])


P1S, ALIKE = "em4100:00D507D0", "em4100:01D507D0"
"""Two cards of which a reader that tells three bytes says the same: 213,02000."""


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        ({P1S: "P1", ALIKE: "P2"}, "barcode:213,02000"),
        ({P1S: "P1"}, "barcode:213,02000"),  # it may be a card that nobody has, and P1's would be taken
        ({"barcode:213,02000": "P1"}, ALIKE),
    ],
)
def test_a_card_that_may_be_another_is_neither_given_nor_taken(tmp_path, cards, said):
    with with_cards(tmp_path, cards) as desk:
        read(desk, said)
        assert desk.journey.view.step is CardStep.UNSURE
        assert desk.frames[-1].sound is Sound.ATTENTION
        walk(desk, [(Confirm(), CardView)])
        assert desk.journey.view.step is CardStep.UNSURE
        assert desk.cards.calls == []
        walk(desk, [(Finish(), StaffView)])


def test_a_card_that_is_typed_in_full_is_taken_when_meant(tmp_path):
    with with_cards(tmp_path, {P1S: "P1", "barcode:213,02000": "P2"}) as desk:
        read(desk, "barcode:0013961168")
        assert (desk.journey.view.step, desk.journey.view.owner.id) == (CardStep.TAKEN, "P1")
        walk(desk, [(Confirm(), CardView)])
        assert desk.cards.calls == [
            (card_hash(KEY, P1S), CardAssignment(pupil="P5", by="S1", instead_of="P1"))
        ]


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        ({"upn:B801200005001": "P1"}, "barcode:B801200005001"),
        ({"admission:4321": "P1"}, "barcode:004321"),
        ({"admission:4321": "P1", "barcode:4321": "P1"}, "barcode:4321"),
    ],
)
def test_a_number_of_somebody_else_is_no_card(tmp_path, cards, said):
    with with_cards(tmp_path, cards) as desk:
        read(desk, said)
        assert (desk.journey.view.step, desk.journey.view.owner.id) == (CardStep.NUMBER, "P1")
        walk(desk, [(Confirm(), CardView)])
        assert desk.cards.calls == []


def test_a_telephone_is_not_given(tmp_path):
    with with_cards(tmp_path, {}) as desk:
        read(desk, "iso14443a:08A2B3C4")
        assert desk.journey.view.step is CardStep.CHANGES
        assert desk.cards.calls == []
        walk(desk, [(Finish(), StaffView)])
