"""Who is on site, by the register where it answers, and by this kiosk alone where it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from attendance.reasons import Reason
from kiosk.journey.staff.staff import ON_SITE_EVERY_S
from kiosk.views import (
    DoneView,
    HomeView,
    LeftView,
    PresenceLine,
    PresenceSource,
    PresenceView,
    ReasonView,
    ReleaseView,
    SavingView,
    StaffView,
)
from kiosk.views.touches import ChooseReason, Finish, GoBack, PrintPresence, ShowPresence, TurnPage
from tests.kiosk.reception import Reception, reception
from tests.kiosk.walking import Steps, collecting, sees, to_staff, walk

AMELIA_IS_LATE: Steps = [
    (("tap", "P1"), ReasonView),
    (("waits", 1), ReasonView),
    (ChooseReason(Reason.TRAFFIC), SavingView),
    ("settle", DoneView),
    (Finish(), HomeView),
]
TOM_IS_COLLECTED: Steps = [
    *collecting("P5", "TO"),
    (("releases", "P5"), ReleaseView),
    ("settle", LeftView),
    (Finish(), HomeView),
]
LIST: Steps = [*to_staff(), (ShowPresence(), PresenceView)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Reception]:
    with reception(tmp_path) as at_nine_seven:
        yield at_nine_seven


def listed(desk: Reception) -> dict[str, list[str]]:
    view = desk.view_as(PresenceView)
    return {"in": [_line(each) for each in view.inside], "out": [_line(each) for each in view.outside]}


def _line(line: PresenceLine) -> str:
    return f"{line.pupil.id} {line.at:%H:%M}" + (" check" if line.check else "")


def source(desk: Reception) -> PresenceSource:
    return desk.view_as(PresenceView).source


def test_the_registers_list_takes_the_place_of_this_kiosks_alone(desk: Reception) -> None:
    walk(desk, [*AMELIA_IS_LATE, *LIST])
    assert source(desk) is PresenceSource.ASKING
    assert listed(desk) == {"in": ["P1 09:07"], "out": []}
    desk.site.answers(("P1", "in", "09:07"), ("P2", "out", "10:00"), ("P3", "check", "09:40"))
    assert source(desk) is PresenceSource.REGISTER
    assert listed(desk) == {"in": ["P1 09:07", "P3 09:40 check"], "out": ["P2 10:00"]}


def test_without_the_register_the_list_says_that_it_is_this_kiosks_alone(desk: Reception) -> None:
    walk(desk, [*AMELIA_IS_LATE, *LIST])
    desk.site.is_unreachable()
    assert source(desk) is PresenceSource.KIOSK
    assert listed(desk) == {"in": ["P1 09:07"], "out": []}


def test_what_this_kiosk_has_not_sent_yet_is_newer_than_the_registers_word(desk: Reception) -> None:
    walk(desk, [*AMELIA_IS_LATE, *TOM_IS_COLLECTED, *LIST])
    desk.site.answers(("P5", "in", "08:50"), ("P1", "out", "08:40"))
    assert listed(desk) == {"in": ["P1 09:07"], "out": ["P5 09:07"]}


def test_a_later_word_of_the_register_holds(desk: Reception) -> None:
    walk(desk, [*AMELIA_IS_LATE, *LIST])
    desk.site.answers(("P1", "out", "09:30"))
    assert listed(desk) == {"in": [], "out": ["P1 09:30"]}


def test_a_pupil_who_is_not_on_this_kiosks_roster_is_listed_by_id(desk: Reception) -> None:
    walk(desk, LIST)
    desk.site.answers(("P999", "in", "09:01"))
    assert listed(desk) == {"in": ["P999 09:01"], "out": []}


def test_the_list_is_asked_for_again_while_it_is_shown(desk: Reception) -> None:
    walk(desk, LIST)
    desk.waits(ON_SITE_EVERY_S)
    assert len(desk.site.callbacks) == 1, "the register has not answered yet"
    desk.site.answers(("P1", "in", "09:07"))
    desk.waits(ON_SITE_EVERY_S - 1)
    assert desk.site.callbacks == []
    desk.waits(1)
    desk.site.is_unreachable()
    assert (source(desk), listed(desk)) == (PresenceSource.KIOSK, {"in": [], "out": []})
    desk.waits(ON_SITE_EVERY_S)
    desk.site.answers(("P2", "in", "09:09"))
    assert (source(desk), listed(desk)["in"]) == (PresenceSource.REGISTER, ["P2 09:09"])


def test_an_answer_that_comes_late_opens_nothing(desk: Reception) -> None:
    walk(desk, [*LIST, (GoBack(), StaffView)])
    desk.site.answers(("P1", "in", "09:07"))
    walk(desk, [(TurnPage(), StaffView), (GoBack(), HomeView)])


def test_the_list_on_the_screen_is_printed(desk: Reception) -> None:
    walk(desk, LIST)
    desk.site.answers(("P1", "in", "09:07"))
    shown = desk.view_as(PresenceView)
    walk(desk, [(PrintPresence(), sees(PresenceView, printing=True))])
    assert desk.site.printed == [shown]
    walk(desk, [(("waits", 3), sees(PresenceView, printing=False))])
