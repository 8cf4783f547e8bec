"""A pupil's cards, given and revoked at the staff screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from attendance.reasons import Reason
from hardware.readers.drivers.card_names import candidates
from kiosk.journey import STAFF_S, CardResult
from kiosk.views import (
    CardStep,
    CardView,
    ConfirmQuestion,
    ConfirmView,
    DoneView,
    FindView,
    HomeView,
    PinView,
    Purpose,
    ReasonView,
    SavingView,
    Sound,
    StaffView,
)
from kiosk.views.touches import (
    AssignCard,
    ChoosePupil,
    ChooseReason,
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
    Reception,
    bundle,
    card_of,
    london,
    reception,
)
from tests.kiosk.walking import present, sees, to_staff, walk

TO_P5 = [
    *to_staff(),
    (ManageCards(), FindView),
    (("type", "TO"), FindView),
    (ChoosePupil("P5"), CardView),
]
NEW = "em4100:0BADCAFE"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def tap_new_card(desk: Reception, card: str) -> None:
    desk.journey.card([card], desk.clock.reading())


@contextmanager
def with_cards(folder: Path, cards: dict[str, str]) -> Iterator[Reception]:
    """A reception where P5 is about to be given a card, and other pupils have these cards."""
    card_table = BundleCards(key=KEY, pupils={card_hash(KEY, name): who for name, who in cards.items()})
    with reception(folder, school=bundle().model_copy(update={"cards": card_table})) as desk:
        walk(desk, [*TO_P5, (AssignCard(), CardView)])
        yield desk


def scan(desk: Reception, code: str) -> None:
    desk.journey.card(candidates(code), desk.clock.reading())


def test_a_card_is_given_by_tapping(desk: Reception) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView)])
    assert desk.view_as(CardView).step is CardStep.TAP
    tap_new_card(desk, NEW)
    assert desk.view_as(CardView).step is CardStep.SENDING
    assert desk.cards.calls == [(card_hash(KEY, NEW), CardAssignment(pupil="P5", by="S1"))]
    walk(desk, [(GoBack(), None), (Finish(), None)])
    desk.cards.answers(CardResult(cards=2))
    assert (desk.view_as(CardView).step, desk.view_as(CardView).cards) == (CardStep.GIVEN, 2)
    assert desk.frames[-1].sound is Sound.ACCEPTED
    walk(desk, [(Finish(), StaffView)])


def test_the_card_of_another_pupil_shows_its_owner_and_is_taken_only_after_a_question(
    desk: Reception,
) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView), (("tap", "P2"), CardView)])
    assert (desk.view_as(CardView).step, present(desk.view_as(CardView).owner).name) == (
        CardStep.TAKEN,
        "Amelie R.",
    )
    assert desk.cards.calls == []
    walk(desk, [(Confirm(), CardView)])
    [(card, assignment)] = desk.cards.calls
    assert card == card_hash(KEY, card_of("P2"))
    assert assignment == CardAssignment(pupil="P5", by="S1", instead_of="P2")


def test_a_late_pupil_who_taps_while_staff_wait_for_a_new_card_arrives(desk: Reception) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView), (("tap", "P2"), CardView)])
    desk.clock.passes(10)
    walk(desk, [(GoBack(), sees(CardView, frame__cards_waiting=1)), (Lock(), ReasonView)])
    walk(desk, [(ChooseReason(Reason.TRAFFIC), SavingView), ("settle", DoneView)])
    [entry] = desk.entries()
    assert (entry.pupil, entry.at, entry.reason) == ("P2", london("09:07"), "traffic")


def test_a_card_that_was_taken_from_its_owner_is_no_arrival(desk: Reception) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView), (("tap", "P2"), CardView), (Confirm(), CardView)])
    desk.cards.answers(CardResult(cards=1))
    walk(desk, [(Lock(), HomeView), ("settle", None)])
    assert (desk.entries(), desk.journal.taps().result(5)) == ([], [])


def test_a_card_that_the_pupil_has_already_changes_nothing(desk: Reception) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView), (("tap", "P5"), CardView)])
    assert desk.view_as(CardView).step is CardStep.GIVEN
    assert desk.cards.calls == []


def test_lost_cards_are_revoked_after_a_question(desk: Reception) -> None:
    walk(desk, [*TO_P5, (RevokeCards(), ConfirmView), (GoBack(), CardView), (RevokeCards(), ConfirmView)])
    assert desk.view_as(ConfirmView).question is ConfirmQuestion.REVOKE_CARDS
    walk(desk, [(Confirm(), CardView)])
    assert desk.cards.calls == [("P5", CardRevocation(by="S1"))]
    desk.cards.answers(CardResult(cards=0))
    assert (desk.view_as(CardView).step, desk.view_as(CardView).cards) == (CardStep.REVOKED, 0)


def test_a_refusal_of_the_register_is_shown_in_its_words(desk: Reception) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView)])
    tap_new_card(desk, NEW)
    desk.cards.answers(CardResult(error="The register cannot be reached, so nothing was changed."))
    assert desk.view_as(CardView).step is CardStep.FAILED
    assert present(desk.view_as(CardView).error).startswith("The register cannot be reached")
    walk(desk, [(GoBack(), CardView), (AssignCard(), CardView)])


def test_going_back_from_cards_leads_step_by_step_to_the_staff_screen(desk: Reception) -> None:
    walk(desk, TO_P5)
    walk(desk, [(GoBack(), FindView)])
    assert desk.view_as(FindView).purpose is Purpose.CARD
    walk(desk, [(GoBack(), StaffView)])


def test_a_card_tapped_outside_its_step_waits(desk: Reception) -> None:
    walk(desk, [*TO_P5, (("tap", "P1"), CardView)])
    assert desk.frames[-1].cards_waiting == 1


def test_cards_lock_after_a_minute_and_a_late_answer_shows_nothing(desk: Reception) -> None:
    walk(desk, [*TO_P5, (AssignCard(), CardView)])
    tap_new_card(desk, NEW)
    walk(desk, [(("waits", STAFF_S), HomeView)])
    desk.cards.answers(CardResult(cards=1))
    assert isinstance(desk.journey.view, HomeView)
    walk(desk, [(ChooseStaff(), PinView)])


def test_cards_can_be_locked_by_hand(desk: Reception) -> None:
    walk(desk, [*TO_P5, (Lock(), HomeView), (ChooseStaff(), PinView)])


CARD_OF_P1, SIMILAR_CARD = "em4100:00D507D0", "em4100:01D507D0"
"""Two cards for which a reader that reports three bytes reports the same: 213,02000."""


@pytest.mark.parametrize(
    ("cards", "code"),
    [
        ({CARD_OF_P1: "P1", SIMILAR_CARD: "P2"}, "barcode:213,02000"),
        (
            {CARD_OF_P1: "P1"},
            "barcode:213,02000",
        ),  # it may be an unassigned card, and P1 would lose their own
        ({"barcode:213,02000": "P1"}, SIMILAR_CARD),
    ],
)
def test_a_card_that_may_be_another_pupils_is_neither_given_nor_taken(
    tmp_path: Path, cards: dict[str, str], code: str
) -> None:
    with with_cards(tmp_path, cards) as desk:
        scan(desk, code)
        assert desk.view_as(CardView).step is CardStep.UNSURE
        assert desk.frames[-1].sound is Sound.ATTENTION
        walk(desk, [(Confirm(), CardView)])
        assert desk.view_as(CardView).step is CardStep.UNSURE
        assert desk.cards.calls == []
        walk(desk, [(Finish(), StaffView)])


def test_a_card_read_in_full_can_be_taken_from_its_owner(tmp_path: Path) -> None:
    with with_cards(tmp_path, {CARD_OF_P1: "P1", "barcode:213,02000": "P2"}) as desk:
        scan(desk, "barcode:0013961168")
        assert (desk.view_as(CardView).step, present(desk.view_as(CardView).owner).id) == (
            CardStep.TAKEN,
            "P1",
        )
        walk(desk, [(Confirm(), CardView)])
        assert desk.cards.calls == [
            (card_hash(KEY, CARD_OF_P1), CardAssignment(pupil="P5", by="S1", instead_of="P1"))
        ]


@pytest.mark.parametrize(
    ("cards", "code"),
    [
        ({"upn:B801200005001": "P1"}, "barcode:B801200005001"),
        ({"admission/4:4321": "P1"}, "barcode:004321"),
        ({"admission:4321": "P1", "barcode:4321": "P1"}, "barcode:4321"),
    ],
)
def test_the_number_of_another_pupil_is_no_card(tmp_path: Path, cards: dict[str, str], code: str) -> None:
    with with_cards(tmp_path, cards) as desk:
        scan(desk, code)
        assert (desk.view_as(CardView).step, present(desk.view_as(CardView).owner).id) == (
            CardStep.NUMBER,
            "P1",
        )
        walk(desk, [(Confirm(), CardView)])
        assert desk.cards.calls == []


@pytest.mark.parametrize("half", ["barcode:8804A2B3", "barcode:B3A20488", "iso14443a:8804A2B3"])
def test_half_a_number_cannot_be_given_as_a_card(tmp_path: Path, half: str) -> None:
    with with_cards(tmp_path, {}) as desk:
        scan(desk, half)
        assert desk.view_as(CardView).step is CardStep.HALF
        assert desk.cards.calls == []


def test_a_telephone_cannot_be_given_as_a_card(tmp_path: Path) -> None:
    with with_cards(tmp_path, {}) as desk:
        scan(desk, "iso14443a:08A2B3C4")
        assert desk.view_as(CardView).step is CardStep.CHANGES
        assert desk.cards.calls == []
        walk(desk, [(Finish(), StaffView)])
