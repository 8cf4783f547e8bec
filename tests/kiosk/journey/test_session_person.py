"""The frame says when the screen passes to another person."""

from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.views.touches import (
    CardMeansArrival,
    ChooseCollecting,
    ChooseLate,
    ChoosePupil,
    ChooseReason,
    ChooseReturning,
    Finish,
    GoBack,
)
from tests.kiosk.reception import reception
from tests.kiosk.walking import Choice, choose, collecting

ANOTHER, THE_SAME = True, False
Passes = list[tuple[Choice, bool]]

WAYS: dict[str, Passes] = {
    "from card to card": [
        (("tap", "P1"), ANOTHER),
        (ChooseReason(Reason.TRAFFIC), THE_SAME),
        ("settle", THE_SAME),
        (("tap", "P2"), THE_SAME),
        (Finish(), ANOTHER),
        (("tap", "P3"), THE_SAME),
        (ChooseReason(Reason.TRAFFIC), THE_SAME),
        ("settle", THE_SAME),
        (Finish(), ANOTHER),
    ],
    "to a card that goes first, and back to the visit that was set aside": [
        (ChooseLate(), THE_SAME),
        (("tap", "P2"), ANOTHER),
        (ChooseReason(Reason.TRAFFIC), THE_SAME),
        ("settle", THE_SAME),
        (Finish(), ANOTHER),
    ],
    "from home to the one who touches it, and back": [
        (ChooseLate(), THE_SAME),
        (("type", "TO"), THE_SAME),
        (ChoosePupil("P5"), THE_SAME),
        (ChooseReason(Reason.TRAFFIC), THE_SAME),
        ("settle", THE_SAME),
        (Finish(), ANOTHER),
        (ChooseLate(), THE_SAME),
        (GoBack(), ANOTHER),
    ],
    "not while a card waits, but when its turn has come": [
        (ChooseLate(), THE_SAME),
        (("type", "TO"), THE_SAME),
        (ChoosePupil("P5"), THE_SAME),
        (("tap", "P2"), THE_SAME),
        (ChooseReason(Reason.TRAFFIC), THE_SAME),
        ("settle", THE_SAME),
        (Finish(), ANOTHER),
    ],
    "to a pupil whose card is taken as a return": [
        *((choice, THE_SAME) for choice, _view in collecting("P5")),
        (("releases", "P5"), THE_SAME),
        ("settle", THE_SAME),
        (Finish(), ANOTHER),
        (ChooseReturning(), THE_SAME),
        (("tap", "P5"), ANOTHER),
    ],
    "for a moment, when another person's card asks a question of the adult who types": [
        (ChooseCollecting(), THE_SAME),
        (("type", "T"), THE_SAME),
        (("tap", "P2"), ANOTHER),
        (CardMeansArrival(), THE_SAME),
    ],
    "not by time alone at home": [(("waits", 60), THE_SAME)],
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_screen_passes_to_another_person(tmp_path: Path, way: Passes) -> None:
    with reception(tmp_path, at="09:07") as desk:
        for number, (choice, passes) in enumerate(way):
            before = desk.frames[-1].person
            choose(desk, choice)
            assert (desk.frames[-1].person != before) is passes, f"step {number}: {choice}"
