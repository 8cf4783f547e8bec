"""“Collecting a pupil”, up to the wait for the office: every way, as lists of choices and screens."""

from dataclasses import replace

import pytest

from attendance.reasons import Reason
from kiosk.journey import IDLE_S
from kiosk.journey.session import ASKS_S
from kiosk.views import (
    BackAtView,
    EvidenceView,
    FindView,
    Frame,
    HomeView,
    LeftView,
    NameView,
    Notice,
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
from sync.wire import Contact
from tests.kiosk.reception import agreed, bundle, london, pupil, reception
from tests.kiosk.walking import Way, collecting, collecting_two, go, sees, walk

FIND = (ChooseCollecting(), FindView)
RELEASED = [(("releases", "P5"), ReleaseView), ("settle", LeftView)]
OUT = [*collecting(), *RELEASED, (Finish(), HomeView)]
TOM_OUT = "departure P5 medical -"
UP_TO_EVIDENCE = collecting()[:-1]
NOT_BACK = [*collecting()[:-2], (ChooseReturnTime(None), EvidenceView), *collecting()[-1:]]

WHO = {
    "by name": Way([FIND, (("type", "TO"), FindView), (ChoosePupil("P5"), sees(NameView, pupils=("P5",)))]),
    "by year and name": Way(
        [
            FIND,
            (FindByYear(), YearView),
            (ChooseYear("7"), FindView),
            (("type", "ZO"), FindView),
            (ChoosePupil("P3"), NameView),
        ]
    ),
    "by the pupil's own card, which signs nobody in": Way(
        [FIND, (("tap", "P5"), sees(NameView, pupils=("P5",))), (GoBack(), FindView), (GoBack(), HomeView)]
    ),
    "by card among the years, and whoever goes away is forgotten": Way(
        [FIND, (FindByYear(), YearView), (("tap", "P5"), NameView), (("waits", IDLE_S), HomeView)]
    ),
    "an unknown card": Way([FIND, ("tap_unknown", Trouble.UNKNOWN_CARD), (Finish(), HomeView)]),
    "out already, by name": Way(
        [
            *OUT,
            FIND,
            (("type", "TO"), sees(FindView, found=("P5",))),
            (ChoosePupil("P5"), Trouble.ALREADY_OUT),
            (Finish(), HomeView),
        ],
        [TOM_OUT],
        at="10:00",
    ),
    "out already, by card": Way([*OUT, FIND, (("tap", "P5"), Trouble.ALREADY_OUT)], [TOM_OUT], at="10:00"),
    "a roster without pupils": Way(
        [(ChooseCollecting(), Trouble.EMPTY_ROSTER), (Finish(), HomeView)], school=bundle(pupils=())
    ),
    "after school": Way([(ChooseCollecting(), Trouble.AFTER_SCHOOL)], at="15:16"),
    "a pupil whose day has ended": Way(
        [FIND, (("type", "BE"), FindView), (ChoosePupil("P1"), Trouble.AFTER_SCHOOL)],
        at="15:05",
        school=bundle(
            "kings-cross-academy",
            (pupil("P1", "Ben", "Ash", "N", year="N"), pupil("P2", "Mia", "Ash", "6", year="6")),
        ),
    ),
    "no time is asked for by a clock in doubt": Way(
        [*collecting()[:6], (ChooseReason(Reason.MEDICAL), EvidenceView), (GoBack(), ReasonView)],
        at="1970-01-01T01:10",
        trust="unknown",
    ),
}

A_FAMILY = {
    "another by name; who is chosen is not found again": Way(
        [
            *UP_TO_EVIDENCE,
            (AddPupil(), sees(FindView, chosen=("P5",))),
            (("type", "TO"), sees(FindView, found=())),
            (Erase(), FindView),
            (Erase(), FindView),
            (("type", "ZO"), FindView),
            (ChoosePupil("P3"), sees(EvidenceView, pupils=("P5", "P3"))),
        ]
    ),
    "another by card": Way(
        [*UP_TO_EVIDENCE, (AddPupil(), FindView), (("tap", "P3"), sees(EvidenceView, pupils=("P5", "P3")))]
    ),
    "the card of one who is chosen": Way([*UP_TO_EVIDENCE, (AddPupil(), FindView), (("tap", "P5"), None)]),
    "nobody else after all": Way([*UP_TO_EVIDENCE, (AddPupil(), FindView), (GoBack(), EvidenceView)]),
    "one who is out already costs the others nothing": Way(
        [
            *OUT,
            *collecting("P3", "ZO")[:-1],
            (AddPupil(), FindView),
            (("tap", "P5"), Trouble.ALREADY_OUT),
            (("tap", "P1"), sees(object, frame__cards_waiting=1)),
            (Finish(), sees(EvidenceView, pupils=("P3",), collector="Ruth Okafor")),
        ],
        [TOM_OUT],
    ),
    "an unknown card costs the others nothing": Way(
        [
            *UP_TO_EVIDENCE,
            (AddPupil(), FindView),
            ("tap_unknown", sees(FindView, frame__notice=Notice.UNKNOWN_CARD)),
        ]
    ),
}
A_FAMILY = {name: Way(way.steps, way.recorded, at="10:00") for name, way in A_FAMILY.items()}


@pytest.fixture
def desk(tmp_path):
    with reception(tmp_path, at="10:00") as at_ten:
        yield at_ten


@pytest.mark.parametrize("way", WHO.values(), ids=WHO)
def test_who_is_collected(tmp_path, way):
    go(tmp_path, way)


@pytest.mark.parametrize("way", A_FAMILY.values(), ids=A_FAMILY)
def test_more_than_one_of_a_family(tmp_path, way):
    go(tmp_path, way)


def test_a_card_at_the_question_who_is_never_a_sign_in(desk):
    walk(desk, [FIND, (("tap", "P5"), NameView), ("go_home", HomeView), FIND, (("tap", "P3"), NameView)])
    walk(desk, [(("waits", IDLE_S), HomeView), ("settle", HomeView)])
    assert desk.entries() == []


def test_what_the_office_is_asked_is_what_was_typed_and_nothing_is_recorded_before_it_answers(desk):
    walk(desk, collecting(adult="ANNE-MARIE O’KANE"))
    [request] = desk.office.asked.values()
    assert request.pupil == "P5"
    assert (request.collector, request.relationship) == ("Anne-Marie O’Kane", "mother")
    assert (request.reason, request.evidence, request.expected_back) == ("medical", "letter", london("11:30"))
    walk(desk, [(("waits", 120), None), ("settle", None)])
    assert desk.entries() == []


def test_a_relationship_need_not_be_told(desk):
    steps = collecting()
    steps[5] = (ChooseRelationship(None), ReasonView)
    walk(desk, steps)
    assert desk.office.asked[desk.office.of("P5")].relationship is None


def test_what_is_written_down_is_who_took_the_pupil_why_and_who_let_them_go(desk):
    walk(desk, [*collecting(), (("releases", "P5"), ReleaseView)])
    walk(desk, [("settle", sees(LeftView, released_by="A. Reed", back_at="11:30"))])
    [entry] = desk.entries()
    assert (entry.kind, entry.pupil, entry.reason) == ("departure", "P5", "medical")
    assert (entry.decision.outcome, entry.decision.needs_office) == ("no_effect", False)
    departure = entry.departure
    assert (departure.collector, departure.relationship) == ("Ruth Okafor", "mother")
    assert (departure.evidence, departure.expected_back) == ("letter", london("11:30"))
    assert (departure.released_by, departure.released_at) == ("A. Reed", london("10:01"))


def test_a_pupil_is_absent_in_the_afternoon_when_they_do_not_come_back(desk):
    walk(desk, [*NOT_BACK, *RELEASED])
    [entry] = desk.entries()
    assert (entry.decision.outcome, entry.decision.suggested, entry.session) == ("absent_pm", "M", "PM")
    assert entry.decision.needs_office
    assert entry.departure.expected_back is None


def test_an_agreed_appointment_decides_the_afternoon(tmp_path):
    with reception(tmp_path, at="10:00", school=bundle(appointments=[agreed("P5", "11:00")])) as desk:
        walk(desk, [*NOT_BACK, *RELEASED])
        [entry] = desk.entries()
        assert (entry.decision.code, entry.decision.needs_office) == ("M", False)
        assert entry.decision.basis.agreed == "medical"


def test_a_contact_a_stranger_and_somebody_who_may_not_collect_see_the_same(tmp_path):
    contact, stranger, barred = "RUTH OKAFOR", "NINA LARSEN", "OLEG BARTOK"  # typed with as many touches
    school = bundle(contacts=[Contact(id="C1", pupil="P5", name="Ruth Okafor", relationship="mother")])
    seen = []
    for adult in (contact, stranger, barred):
        with reception(tmp_path / adult, at="10:00", school=school) as desk:
            walk(desk, collecting(adult=adult))
            for asked in (ReleaseState.WAITING, ReleaseState.OFFLINE, ReleaseState.WAITING):
                desk.office.is_asked("P5", asked)
            walk(desk, [(("refuses", "P5"), Trouble.SPEAK_TO_OFFICE)])
            seen.append([without_the_adult(frame) for frame in desk.frames])
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) > len(contact) + 10


def without_the_adult(frame: Frame) -> Frame:
    """All that is to be seen, but for as much of the name as was typed by then."""
    view = frame.view
    if isinstance(view, NameView):
        return replace(frame, view=replace(view, name="?"))
    if isinstance(view, RelationshipView | EvidenceView | ReleaseView):
        return replace(frame, view=replace(view, collector="?"))
    return frame


def test_the_name_is_typed_whole_and_nothing_is_suggested(desk):
    walk(
        desk,
        [
            *collecting()[:3],
            (("type", "RUTH"), sees(NameView, name="Ruth", whole=False)),
            (ConfirmName(), None),
            (("type", " O"), sees(NameView, whole=True)),
            (PressLetter("’"), sees(NameView, whole=False)),  # no name ends so
            (ConfirmName(), None),
            (Erase(), NameView),
            (ConfirmName(), sees(RelationshipView, collector="Ruth O")),
        ],
    )


def test_what_was_asked_before_can_be_seen_again_by_going_back(desk):
    back = [(GoBack(), screen) for screen in (BackAtView, ReasonView, RelationshipView)]
    walk(desk, [*UP_TO_EVIDENCE, *back, (GoBack(), sees(NameView, name="Ruth Okafor"))])
    walk(desk, [(GoBack(), FindView), (GoBack(), HomeView)])


def test_whoever_looks_for_a_letter_is_asked_first_and_any_touch_keeps_what_they_said(desk):
    asked, unasked = (sees(EvidenceView, frame__ends_soon=asks) for asks in (True, False))
    walk(desk, [*UP_TO_EVIDENCE, (("waits", IDLE_S - ASKS_S - 1), unasked), (("waits", 1), asked)])
    walk(desk, [(Stay(), unasked), (("waits", IDLE_S - 1), asked), (("waits", 1), HomeView)])
    walk(desk, [(Stay(), HomeView), (ChooseCollecting(), sees(FindView, frame__ends_soon=False))])


def test_whoever_leaves_is_forgotten_and_nobody_is_asked(desk):
    walk(desk, [*UP_TO_EVIDENCE, (("waits", IDLE_S), HomeView), *collecting()[:2]])
    walk(desk, [(ChoosePupil("P5"), sees(NameView, name=""))])
    assert desk.office.asked == {}


@pytest.mark.parametrize("step", range(3, 8))
def test_a_card_that_is_tapped_in_the_midst_waits_and_loses_nothing(desk, step):
    walk(desk, [*collecting()[:step], (("tap", "P2"), sees(object, frame__cards_waiting=1))])
    desk.clock.passes(5)
    walk(desk, [*collecting()[step:], *RELEASED])
    walk(desk, [(Finish(), ReasonView), (ChooseReason(Reason.OTHER), SavingView), ("settle", object)])
    departed, arrived = desk.entries()
    assert (departed.pupil, arrived.pupil) == ("P5", "P2")
    assert arrived.at == london("10:00"), "the time of the tap counts"


def test_the_card_of_a_pupil_who_is_collected_changes_nothing(desk):
    own = (("tap", "P3"), sees(ReleaseView, frame__cards_waiting=0))
    walk(desk, [*UP_TO_EVIDENCE, (("tap", "P5"), None), ("go_home", HomeView), *collecting_two(), own])
