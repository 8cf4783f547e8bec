"""“Collecting a pupil” up to the wait for the office, as lists of choices and screens."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import IDLE_S
from kiosk.journey.session import ASKS_S
from kiosk.views import (
    BackAtView,
    CardQuestionView,
    DoneView,
    EvidenceView,
    FindView,
    Frame,
    HomeView,
    LeftView,
    NameView,
    Notice,
    Purpose,
    ReasonView,
    RelationshipView,
    ReleaseState,
    ReleaseView,
    SavingView,
    Trouble,
    YearView,
)
from kiosk.views.touches import (
    AddPupil,
    CardMeansArrival,
    CardMeansLeaving,
    ChooseCollecting,
    ChoosePupil,
    ChooseReason,
    ChooseRelationship,
    ChooseReturnTime,
    ChooseYear,
    ConfirmName,
    Erase,
    FindByYear,
    Finish,
    GoBack,
    PressLetter,
    Stay,
)
from tests.kiosk.reception import Reception, agreed, bundle, london, pupil, reception
from tests.kiosk.walking import Step, Steps, Visit, collecting, collecting_two, present, run_visit, sees, walk

FIND: Step = (ChooseCollecting(), FindView)
RELEASE: Steps = [(("releases", "P5"), ReleaseView), ("settle", LeftView)]
OUT: Steps = [*collecting(), *RELEASE, (Finish(), HomeView)]
TOM_OUT = "departure P5 medical -"
UP_TO_EVIDENCE = collecting()[:-1]
NOT_BACK_TODAY: Steps = [*collecting()[:-2], (ChooseReturnTime(None), EvidenceView), *collecting()[-1:]]

ONE_PUPIL = {
    "by name": Visit([FIND, (("type", "TO"), FindView), (ChoosePupil("P5"), sees(NameView, pupils=("P5",)))]),
    "by year and name": Visit(
        [
            FIND,
            (FindByYear(), YearView),
            (ChooseYear("7"), FindView),
            (("type", "ZO"), FindView),
            (ChoosePupil("P3"), NameView),
        ]
    ),
    "by the pupil's own card, which signs no pupil in": Visit(
        [
            FIND,
            (("tap", "P5"), sees(CardQuestionView, pupil="P5")),
            (CardMeansLeaving(), sees(NameView, pupils=("P5",))),
            (GoBack(), FindView),
            (GoBack(), HomeView),
        ]
    ),
    "by card at the list of years; the adult leaves and is forgotten": Visit(
        [
            FIND,
            (FindByYear(), YearView),
            (("tap", "P5"), CardQuestionView),
            (CardMeansLeaving(), NameView),
            (("waits", IDLE_S), HomeView),
        ]
    ),
    "a late pupil taps while the name is typed": Visit(
        [
            FIND,
            (("type", "TO"), FindView),
            (("tap", "P1"), sees(CardQuestionView, pupil="P1")),
            (CardMeansArrival(), sees(FindView, letters="TO", frame__cards_waiting=1)),
            (GoBack(), sees(ReasonView, pupil="P1", purpose=Purpose.LATE)),
            (ChooseReason(Reason.TRAFFIC), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P1 traffic L"],
    ),
    "a late pupil taps, and nobody answers": Visit(
        [
            FIND,
            (("type", "TO"), FindView),
            (("tap", "P1"), CardQuestionView),
            (("waits", IDLE_S), sees(ReasonView, pupil="P1")),
            (("waits", IDLE_S), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P1 - L"],
    ),
    "a late pupil taps while the adult's name is typed": Visit(
        [
            FIND,
            (("type", "TO"), FindView),
            (ChoosePupil("P5"), NameView),
            (("tap", "P1"), sees(NameView, pupils=("P5",), frame__cards_waiting=1)),
            (GoBack(), FindView),
            (GoBack(), sees(ReasonView, pupil="P1")),
        ]
    ),
    "an unknown card": Visit(
        [FIND, ("tap_unknown", sees(FindView, frame__notice=Notice.UNKNOWN_CARD)), (GoBack(), HomeView)]
    ),
    "signed out before, by name": Visit(
        [
            *OUT,
            FIND,
            (("type", "TO"), sees(FindView, matches=("P5",))),
            (ChoosePupil("P5"), Trouble.ALREADY_OUT),
            (Finish(), HomeView),
        ],
        [TOM_OUT],
        at="10:00",
    ),
    "signed out before, by card": Visit(
        [*OUT, FIND, (("tap", "P5"), CardQuestionView), (CardMeansLeaving(), Trouble.ALREADY_OUT)],
        [TOM_OUT],
        at="10:00",
    ),
    "a roster without pupils": Visit(
        [(ChooseCollecting(), Trouble.EMPTY_ROSTER), (Finish(), HomeView)], school=bundle(pupils=())
    ),
    "after school": Visit([(ChooseCollecting(), Trouble.AFTER_SCHOOL)], at="15:16"),
    "a pupil whose day has ended": Visit(
        [FIND, (("type", "BE"), FindView), (ChoosePupil("P1"), Trouble.AFTER_SCHOOL)],
        at="15:05",
        school=bundle(
            "kings-cross-academy",
            (pupil("P1", "Ben", "Ash", "N", year="N"), pupil("P2", "Mia", "Ash", "6", year="6")),
        ),
    ),
    "without a time of return while the clock is in doubt": Visit(
        [*collecting()[:6], (ChooseReason(Reason.MEDICAL), EvidenceView), (GoBack(), ReasonView)],
        at="1970-01-01T01:10",
        trust="unknown",
    ),
}

A_FAMILY = {
    "another by name; a chosen pupil is not found again": Visit(
        [
            *UP_TO_EVIDENCE,
            (AddPupil(), sees(FindView, chosen=("P5",))),
            (("type", "TO"), sees(FindView, matches=())),
            (Erase(), FindView),
            (Erase(), FindView),
            (("type", "ZO"), FindView),
            (ChoosePupil("P3"), sees(EvidenceView, pupils=("P5", "P3"))),
        ]
    ),
    "another by card": Visit(
        [
            *UP_TO_EVIDENCE,
            (AddPupil(), FindView),
            (("tap", "P3"), CardQuestionView),
            (CardMeansLeaving(), sees(EvidenceView, pupils=("P5", "P3"))),
        ]
    ),
    "the card of a chosen pupil": Visit([*UP_TO_EVIDENCE, (AddPupil(), FindView), (("tap", "P5"), None)]),
    "no other pupil after all": Visit([*UP_TO_EVIDENCE, (AddPupil(), FindView), (GoBack(), EvidenceView)]),
    "a pupil who is out does not lose the others": Visit(
        [
            *OUT,
            *collecting("P3", "ZO")[:-1],
            (AddPupil(), FindView),
            (("tap", "P5"), CardQuestionView),
            (CardMeansLeaving(), Trouble.ALREADY_OUT),
            (("tap", "P1"), sees(object, frame__cards_waiting=1)),
            (Finish(), sees(EvidenceView, pupils=("P3",), collector="Ruth Okafor")),
        ],
        [TOM_OUT],
    ),
    "an unknown card does not lose the others": Visit(
        [
            *UP_TO_EVIDENCE,
            (AddPupil(), FindView),
            ("tap_unknown", sees(FindView, frame__notice=Notice.UNKNOWN_CARD)),
        ]
    ),
}
A_FAMILY = {name: Visit(visit.steps, visit.recorded, at="10:00") for name, visit in A_FAMILY.items()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize("visit", ONE_PUPIL.values(), ids=ONE_PUPIL)
def test_choosing_the_pupil(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


@pytest.mark.parametrize("visit", A_FAMILY.values(), ids=A_FAMILY)
def test_choosing_several_of_a_family(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


def test_a_card_tapped_to_choose_a_pupil_is_never_a_sign_in(desk: Reception) -> None:
    for pupil_id in ("P5", "P3"):
        walk(desk, [FIND, (("tap", pupil_id), CardQuestionView), (CardMeansLeaving(), NameView)])
        walk(desk, [(("waits", IDLE_S), HomeView), ("settle", HomeView)])
    assert desk.entries() == []


def test_the_request_says_what_was_typed_and_nothing_is_recorded_before_the_answer(desk: Reception) -> None:
    walk(desk, collecting(adult="ANNE-MARIE O’KANE"))
    [request] = desk.office.requests.values()
    assert request.pupil == "P5"
    assert (request.collector, request.relationship) == ("Anne-Marie O’Kane", "mother")
    assert (request.reason, request.evidence, request.expected_back) == ("medical", "letter", london("11:30"))
    walk(desk, [(("waits", 120), HomeView), ("settle", None)])
    assert desk.entries() == []


def test_the_relationship_is_optional(desk: Reception) -> None:
    steps = collecting()
    steps[5] = (ChooseRelationship(None), ReasonView)
    walk(desk, steps)
    assert desk.office.requests[desk.office.request_for("P5")].relationship is None


def test_the_entry_names_the_collector_the_reason_and_the_releaser(desk: Reception) -> None:
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView)])
    walk(desk, [("settle", sees(LeftView, released_by="A. Reed", back_at="11:30"))])
    [entry] = desk.entries()
    assert (entry.kind, entry.pupil, entry.reason) == ("departure", "P5", "medical")
    assert (entry.decision.outcome, entry.decision.needs_office) == ("no_effect", False)
    departure = present(entry.departure)
    assert (departure.collector, departure.relationship) == ("Ruth Okafor", "mother")
    assert (departure.evidence, departure.expected_back) == ("letter", london("11:30"))
    assert (departure.released_by, departure.released_at) == ("A. Reed", london("10:01"))


def test_a_pupil_who_does_not_come_back_is_absent_in_the_afternoon(desk: Reception) -> None:
    walk(desk, [*NOT_BACK_TODAY, *RELEASE])
    [entry] = desk.entries()
    assert (entry.decision.outcome, entry.decision.suggested, entry.session) == ("absent_pm", "M", "PM")
    assert entry.decision.needs_office
    assert present(entry.departure).expected_back is None


def test_an_agreed_appointment_decides_the_afternoon(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=bundle(appointments=[agreed("P5", "11:00")])) as desk:
        walk(desk, [*NOT_BACK_TODAY, *RELEASE])
        [entry] = desk.entries()
        assert (entry.decision.code, entry.decision.needs_office) == ("M", False)
        assert present(entry.decision.basis).agreed == "medical"


def test_a_contact_a_stranger_and_a_barred_adult_see_the_same(tmp_path: Path) -> None:
    contact, stranger, barred = "RUTH OKAFOR", "NINA LARSEN", "OLEG BARTOK"  # typed with as many touches
    frames_by_adult = []
    for adult in (contact, stranger, barred):
        with reception(tmp_path / adult, at="10:00") as desk:
            walk(desk, collecting(adult=adult))
            for state in (ReleaseState.WAITING, ReleaseState.OFFLINE, ReleaseState.WAITING):
                desk.office.reports("P5", state)
            walk(desk, [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)])
            frames_by_adult.append([without_the_adult(frame) for frame in desk.frames])
    assert frames_by_adult[0] == frames_by_adult[1] == frames_by_adult[2]
    assert len(frames_by_adult[0]) > len(contact) + 10


def without_the_adult(frame: Frame) -> Frame:
    """The frame without the part of the name that was typed by then."""
    view = frame.view
    if isinstance(view, NameView):
        return replace(frame, view=replace(view, name="?"))
    if isinstance(view, RelationshipView | EvidenceView):
        return replace(frame, view=replace(view, collector="?"))
    return frame


def test_the_adult_types_the_whole_name_and_nothing_is_suggested(desk: Reception) -> None:
    walk(
        desk,
        [
            *collecting()[:3],
            (("type", "RUTH"), sees(NameView, name="Ruth", complete=False)),
            (ConfirmName(), None),
            (("type", " O"), sees(NameView, complete=True)),
            (PressLetter("’"), sees(NameView, complete=False)),  # no name ends with a mark
            (ConfirmName(), None),
            (Erase(), NameView),
            (ConfirmName(), sees(RelationshipView, collector="Ruth O")),
        ],
    )


def test_going_back_shows_the_earlier_questions_and_the_name(desk: Reception) -> None:
    back = [(GoBack(), screen) for screen in (BackAtView, ReasonView, RelationshipView)]
    walk(desk, [*UP_TO_EVIDENCE, *back, (GoBack(), sees(NameView, name="Ruth Okafor"))])
    walk(desk, [(GoBack(), FindView), (GoBack(), HomeView)])


def test_still_there_is_asked_before_idle_and_any_touch_keeps_the_answers(desk: Reception) -> None:
    asking, not_asking = (sees(EvidenceView, frame__seconds_left=left) for left in (int(ASKS_S), None))
    walk(desk, [*UP_TO_EVIDENCE, (("waits", IDLE_S - ASKS_S - 1), not_asking), (("waits", 1), asking)])
    walk(desk, [(Stay(), not_asking), (("waits", IDLE_S - ASKS_S), asking)])
    last_second = sees(EvidenceView, frame__seconds_left=1)
    walk(desk, [(("waits", ASKS_S - 1), last_second), (("waits", 1), HomeView)])
    walk(desk, [(Stay(), HomeView), (ChooseCollecting(), sees(FindView, frame__seconds_left=None))])


def test_an_adult_who_leaves_is_forgotten_and_no_request_is_sent(desk: Reception) -> None:
    walk(desk, [*UP_TO_EVIDENCE, (("waits", IDLE_S), HomeView), *collecting()[:2]])
    walk(desk, [(ChoosePupil("P5"), sees(NameView, name=""))])
    assert desk.office.requests == {}


@pytest.mark.parametrize("step", range(3, 8))
def test_a_card_tapped_during_the_questions_waits_and_keeps_its_time(desk: Reception, step: int) -> None:
    walk(desk, [*collecting()[:step], (("tap", "P2"), sees(object, frame__cards_waiting=1))])
    desk.clock.passes(5)
    walk(desk, [*collecting()[step:], *RELEASE])
    walk(desk, [(Finish(), ReasonView), (ChooseReason(Reason.OTHER), SavingView), ("settle", object)])
    departed, arrived = desk.entries()
    assert (departed.pupil, arrived.pupil) == ("P5", "P2")
    assert arrived.at == london("10:00"), "the time of the tap counts"


def test_the_card_of_a_chosen_pupil_changes_nothing(desk: Reception) -> None:
    own = (("tap", "P3"), sees(ReleaseView, frame__cards_waiting=0))
    walk(desk, [*UP_TO_EVIDENCE, (("tap", "P5"), None), ("go_home", HomeView), *collecting_two(), own])
