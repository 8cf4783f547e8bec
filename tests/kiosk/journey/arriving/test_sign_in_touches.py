"""How many touches a late pupil needs by name, over the whole demo roster."""

from collections import Counter
from pathlib import Path
from statistics import median

from attendance.reasons import Reason
from demo.school import oak_lane
from kiosk.journey.view_rules import DONE_S
from kiosk.school.display_names import given_name
from kiosk.school.letters import plain_letters
from kiosk.views import DoneView, FindView, HomeView, ReasonView
from kiosk.views.touches import ChooseLate, ChoosePupil, ChooseReason, PressLetter, Touch
from sync.wire import Pupil
from tests.kiosk.reception import Reception, bundle, reception
from tests.kiosk.walking import walk

TYPICAL = 5
"""I’m late, two letters, the name, the reason."""
MOST = 12
SIX_TOUCHES_OR_FEWER = 0.94


def touches_of(desk: Reception, pupil: Pupil) -> int:
    """Sign the pupil in by first name and surname, as far as they have to be typed; returns the touches."""
    count = 0

    def touch(event: Touch) -> None:
        nonlocal count
        count += 1
        desk.journey.handle(event)

    touch(ChooseLate())
    for letter in plain_letters(given_name(pupil)) + plain_letters(pupil.last):
        touch(PressLetter(letter))
        view = desk.view_as(FindView)
        if not view.approximate and any(match.id == pupil.id for match in view.matches):
            break
    touch(ChoosePupil(pupil.id))
    if isinstance(
        desk.journey.view, ReasonView
    ):  # not for a pupil who comes at a time agreed with the school
        touch(ChooseReason(Reason.OVERSLEPT))
    desk.settle()
    assert desk.view_as(DoneView).pupil.id == pupil.id
    return count


def test_the_typical_pupil_signs_in_by_name_with_five_touches(tmp_path: Path) -> None:
    pupils = tuple(oak_lane().pupils)
    with reception(tmp_path, at="09:07", school=bundle(pupils=pupils)) as desk:
        counts = []
        for pupil in pupils:
            counts.append(touches_of(desk, pupil))
            walk(desk, [("go_home", HomeView)])
    spread = Counter(counts)
    assert median(counts) == TYPICAL, spread
    assert max(counts) <= MOST, spread
    assert sum(spread[few] for few in (5, 6)) / len(counts) >= SIX_TOUCHES_OR_FEWER, spread


def test_the_done_screen_closes_by_itself(tmp_path: Path) -> None:
    pupil = oak_lane().pupils[0]
    with reception(tmp_path, at="09:07", school=bundle(pupils=(pupil,))) as desk:
        touches_of(desk, pupil)
        walk(desk, [(("waits", DONE_S), HomeView)])
