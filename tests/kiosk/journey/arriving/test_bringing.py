"""“I’m bringing a child”, as lists of choices and screens."""

from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey import IDLE_S
from kiosk.views import (
    BringView,
    BroughtView,
    DoneView,
    FindView,
    HomeView,
    LeftView,
    NameView,
    ReasonView,
    SavingView,
    Sound,
    Trouble,
    UnlistedView,
)
from kiosk.views.touches import (
    AddPupil,
    ChangeName,
    ChooseBringing,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ConfirmName,
    Erase,
    Finish,
    GoBack,
    NameNotListed,
    PressLetter,
    RemovePupil,
    SignInChildren,
)
from sync.wire import Bundle
from tests.kiosk.reception import agreed, bundle, pupil, reception
from tests.kiosk.walking import Step, Steps, Visit, all_entries, collecting, present, run_visit, sees, walk

TRAFFIC: Step = (ChooseReason(Reason.TRAFFIC), sees(BringView, chosen=Reason.TRAFFIC))
ADULT: Steps = [
    (ChooseBringing(), sees(NameView, pupils=(), complete=False)),
    (("type", "RUTH OKAFOR"), sees(NameView, name="Ruth Okafor", complete=True)),
    (ConfirmName(), sees(FindView, purpose="bringing")),
]
ZOE: Steps = [(("type", "ZO"), FindView), (ChoosePupil("P3"), BringView)]
TOM: Steps = [(("type", "TO"), FindView), (ChoosePupil("P5"), BringView)]
SAVED: Steps = [(SignInChildren(), SavingView), ("settle", sees(BroughtView, frame__sound=Sound.ACCEPTED))]


def with_policy(**keys: object) -> Bundle:
    """The school, with other keys in its policy."""
    school = bundle()
    return bundle().model_copy(update={"policy": {**_policy(school), **keys}})


def _policy(school: Bundle) -> dict[str, object]:
    policy = school.policy
    return policy if isinstance(policy, dict) else policy.model_dump(mode="json", exclude_unset=True)


SIGNED_IN = {
    "one child": Visit(
        [
            *ADULT,
            *ZOE,
            TRAFFIC,
            (SignInChildren(), SavingView),
            ("settle", sees(BroughtView, adult="Ruth Okafor", not_saved=(), frame__sound=Sound.ACCEPTED)),
            (Finish(), HomeView),
        ],
        ["arrival P3 traffic L by Ruth Okafor"],
    ),
    "two children, with one name and one reason, at the instant of the first touch": Visit(
        [
            *ADULT,
            (("waits", 15), None),
            *ZOE,
            (AddPupil(), sees(FindView, chosen=("P3",))),
            *TOM,
            (("waits", 15), sees(BringView, pupils=("P3", "P5"), started="09:14")),
            TRAFFIC,
            *SAVED,
        ],
        ["arrival P3 traffic L by Ruth Okafor", "arrival P5 traffic L by Ruth Okafor"],
        at="09:14:30",
    ),
    "without a reason, where none is required": Visit(
        [*ADULT, *ZOE, *SAVED], ["arrival P3 - L by Ruth Okafor"]
    ),
    "on time, without a question": Visit(
        [*ADULT, *ZOE[:1], (ChoosePupil("P3"), sees(BringView, reasons=(), complete=True)), *SAVED],
        ["arrival P3 - - by Ruth Okafor"],
        at="08:40",
    ),
    "one with an agreed appointment, which is the reason": Visit(
        [*ADULT, *ZOE, (AddPupil(), FindView), *TOM, TRAFFIC, *SAVED],
        ["arrival P3 medical M by Ruth Okafor", "arrival P5 traffic U by Ruth Okafor"],
        at="10:00",
        school=bundle(appointments=[agreed("P3", "10:30")]),
    ),
    "a child who taps a card meanwhile counts once, by the first touch": Visit(
        [*ADULT, *ZOE, (("tap", "P3"), None), TRAFFIC, *SAVED, (Finish(), HomeView)],
        ["arrival P3 traffic L by Ruth Okafor"],
    ),
    "another pupil’s card is not taken for one of the children": Visit(
        [
            *ADULT,
            *ZOE,
            (("tap", "P5"), sees(BringView, pupils=("P3",))),
            *SAVED,
            (Finish(), sees(ReasonView, pupil="P5")),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P3 - L by Ruth Okafor", "arrival P5 other L"],
    ),
    "a card before the name is typed goes first, and the adult goes on": Visit(
        [
            ADULT[0],
            (("tap", "P5"), ReasonView),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", DoneView),
            (Finish(), sees(NameView, name="", purpose="bringing")),
            *ADULT[1:],
            *ZOE,
            *SAVED,
        ],
        ["arrival P5 other L", "arrival P3 - L by Ruth Okafor"],
    ),
    "a child who was signed out is back": Visit(
        [
            *collecting("P3", "ZO"),
            (("releases", "P3"), object),
            ("settle", LeftView),
            (("waits", 120), HomeView),
            *ADULT,
            *ZOE,
            *SAVED,
        ],
        ["departure P3 medical -", "return P3 medical - by Ruth Okafor"],
        at="10:00",
    ),
    "one who is in already keeps the first arrival": Visit(
        [
            (("tap", "P5"), ReasonView),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", DoneView),
            (Finish(), HomeView),
            *ADULT,
            *ZOE,
            (AddPupil(), FindView),
            *TOM,
            TRAFFIC,
            *SAVED,
        ],
        ["arrival P5 other L", "arrival P3 traffic L by Ruth Okafor"],
    ),
    "corrected on the way: the name, and a child who did not come": Visit(
        [
            *ADULT,
            *TOM,
            (ChangeName(), sees(NameView, name="Ruth Okafor", pupils=("P5",))),
            (Erase(), sees(NameView, name="Ruth Okafo")),
            (PressLetter("N"), NameView),
            (ConfirmName(), sees(BringView, adult="Ruth Okafon", pupils=("P5",))),
            (RemovePupil("P5"), sees(FindView, chosen=())),
            *ZOE,
            (GoBack(), sees(FindView, chosen=())),
            (GoBack(), sees(NameView, name="Ruth Okafon")),
            (ConfirmName(), FindView),
            *ZOE,
            *SAVED,
        ],
        ["arrival P3 - L by Ruth Okafon"],
    ),
}

NOT_SIGNED_IN = {
    "an adult who leaves is forgotten": Visit(
        [*ADULT, *ZOE, (("waits", IDLE_S), HomeView), ("settle", None)]
    ),
    "back, step by step": Visit(
        [
            *ADULT,
            *ZOE,
            (AddPupil(), FindView),
            (GoBack(), sees(BringView, pupils=("P3",))),
            (GoBack(), FindView),
            (GoBack(), NameView),
            (GoBack(), HomeView),
        ]
    ),
    "a required reason": Visit(
        [*ADULT, *ZOE[:1], (ChoosePupil("P3"), sees(BringView, complete=False)), (SignInChildren(), None)],
        school=with_policy(reason_required=True),
    ),
    "a reason that is not offered": Visit(
        [*ADULT, *ZOE, (ChooseReason(Reason.INTERVIEW), None)],
        school=with_policy(reasons=["traffic"]),
    ),
    "a name that is not whole": Visit(
        [ADULT[0], (("type", "RUTH"), NameView), (ConfirmName(), sees(NameView, name="Ruth"))]
    ),
    "where the policy does not offer it": Visit(
        [(("waits", 1), sees(HomeView, may_bring=False)), (ChooseBringing(), HomeView)],
        school=with_policy(no_bringing=True),
    ),
    "after school": Visit(
        [(("waits", 1), sees(HomeView, may_bring=False)), (ChooseBringing(), Trouble.AFTER_SCHOOL)],
        at="15:16",
    ),
    "a child whose day has ended; the adult goes on": Visit(
        [
            *ADULT,
            (("type", "BE"), FindView),
            (ChoosePupil("P1"), Trouble.AFTER_SCHOOL),
            (Finish(), sees(FindView, chosen=())),
        ],
        at="15:05",
        school=bundle(
            "kings-cross-academy",
            (pupil("P1", "Ben", "Ash", "N", year="N"), pupil("P2", "Mia", "Ash", "6", year="6")),
        ),
    ),
}

REQUIRED = {
    "by name alone, the adult is to be fetched": Visit(
        [
            (ChooseLate(), FindView),
            (("type", "ZO"), FindView),
            (ChoosePupil("P3"), Trouble.FETCH_ADULT),
            (Finish(), HomeView),
            ("settle", None),
        ],
        school=with_policy(accompanied_years=["7"]),
    ),
    "by card it is still recorded": Visit(
        [
            (("tap", "P3"), ReasonView),
            (ChooseReason(Reason.OTHER), SavingView),
            ("settle", DoneView),
        ],
        ["arrival P3 other L"],
        school=with_policy(accompanied_years=["7"]),
    ),
    "another year signs in as usual": Visit(
        [(ChooseLate(), FindView), (("type", "TO"), FindView), (ChoosePupil("P5"), ReasonView)],
        school=with_policy(accompanied_years=["7"]),
    ),
    "and the adult signs the child in, even if the policy does not offer it to all": Visit(
        [*ADULT, *ZOE, *SAVED],
        ["arrival P3 - L by Ruth Okafor"],
        school=with_policy(no_bringing=True, accompanied_years=["7"]),
    ),
}


@pytest.mark.parametrize(
    "visit",
    [
        pytest.param(visit, id=f"{part}: {name}")
        for part, visits in {
            "signed in": SIGNED_IN,
            "not signed in": NOT_SIGNED_IN,
            "an adult is required": REQUIRED,
        }.items()
        for name, visit in visits.items()
    ],
)
def test_bringing(tmp_path: Path, visit: Visit) -> None:
    run_visit(tmp_path, visit)


def test_four_children_at_most(tmp_path: Path) -> None:
    first = ("Ava", "Ben", "Cleo", "Dan", "Eva")
    family = tuple(pupil(f"P{number}", name, "Ash") for number, name in enumerate(first, 1))
    with reception(tmp_path, school=bundle(pupils=family)) as desk:
        walk(desk, ADULT)
        for child in family[:4]:
            walk(desk, [(("type", child.first[:2].upper()), FindView), (ChoosePupil(child.id), BringView)])
            desk.journey.handle(AddPupil())
        walk(desk, [(AddPupil(), sees(BringView, may_add=False, pupils=("P1", "P2", "P3", "P4")))])


def test_every_child_has_the_instant_of_the_first_touch(tmp_path: Path) -> None:
    with reception(tmp_path, at="09:14:30") as desk:
        touched = desk.clock.at
        walk(desk, [*ADULT, (("waits", 15), None), *ZOE, (AddPupil(), FindView), *TOM, (("waits", 15), None)])
        walk(desk, [TRAFFIC, *SAVED])
        assert {entry.at for entry in all_entries(desk)} == {touched}


SAM: Steps = [
    (NameNotListed(), UnlistedView),
    (("type", "SAM NEW"), UnlistedView),
    (ConfirmName(), UnlistedView),
]
KEPT = {
    "an adult who walks away": ([*ADULT, *SAM, (ConfirmName(), BringView), (("waits", IDLE_S), HomeView)], 1),
    "a kiosk that is stopped": ([*ADULT, *SAM, (ConfirmName(), BringView), ("stop", object)], 1),
    "a kiosk that is stopped while the form is typed": ([*ADULT, *SAM, ("stop", object)], 1),
    "a screen that fails": ([*ADULT, *SAM, (ConfirmName(), BringView), ("screen_failed", object)], 1),
    "two children, the second of them not confirmed": (
        [
            *ADULT,
            *SAM,
            (ConfirmName(), BringView),
            (AddPupil(), FindView),
            *SAM[:2],
            (("waits", IDLE_S), HomeView),
        ],
        1,
    ),
    "a child from the list may be a mistake": ([*ADULT, *TOM, (("waits", IDLE_S), HomeView)], 0),
}


@pytest.mark.parametrize(("steps", "count"), KEPT.values(), ids=KEPT)
def test_a_confirmed_child_who_is_not_on_the_list_is_kept_with_the_adults_name(
    tmp_path: Path, steps: Steps, count: int
) -> None:
    with reception(tmp_path) as desk:
        walk(desk, steps)
        desk.settle()
        desk.journey.stop()
        desk.settle()
        kept = [(present(each.unlisted).name, each.brought_by) for each in all_entries(desk)]
        assert kept == [("Sam New", "Ruth Okafor")] * count
