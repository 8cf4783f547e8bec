import subprocess
import sys
from dataclasses import replace

import pytest

from kiosk.screens import samples
from kiosk.screens.samples.common import AMELIA
from kiosk.screens.samples.leaving import FAMILY, LARGE_FAMILY, left, release
from kiosk.screens.wording import common, done, leaving
from kiosk.screens.wording.sentence import plain
from kiosk.views import (
    BackAtView,
    LeftView,
    Link,
    Progress,
    PupilLabel,
    Purpose,
    ReasonView,
    ReleaseState,
    ReleaseView,
)

UNSETTLED = (ReleaseState.SENDING, ReleaseState.WAITING, ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY)


def everything_said(view: LeftView | ReleaseView) -> str:
    if isinstance(view, ReleaseView):
        return " ".join((leaving.release_heading(view), plain(leaving.release_text(view))))
    sayers = (leaving.left_heading, leaving.left_at, leaving.left_next, leaving.stay)
    return " ".join((*(plain(sayer(view)) for sayer in sayers), done.sent(view)))


def test_words_of_leaving_need_no_window() -> None:
    code = (
        "import sys, kiosk.screens.wording.leaving, kiosk.screens.wording.find\n"
        "sys.exit('kivy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_how_many_go_too_is_said_beside_the_first() -> None:
    assert plain(leaving.pupils((AMELIA,))) == "Amelia K. · 7B"
    assert plain(leaving.pupils(LARGE_FAMILY)) == "Amelia K. · 7B +3"
    assert leaving.pupils(()) == ()


def test_names_are_put_together_and_stay_values() -> None:
    assert plain(leaving.names(FAMILY)) == "Amelia and Noah"
    three = leaving.names((*FAMILY, LARGE_FAMILY[3]))
    assert plain(three) == "Amelia, Noah and Zainab"
    assert [part.text for part in three if part.is_value] == ["Amelia", "Noah", "Zainab"]


@pytest.mark.parametrize(
    ("purpose", "others", "asked"),
    [
        (Purpose.LATE, (), "Why are you late?"),
        (Purpose.COLLECTING, (), "Why is Amelia leaving?"),
        (Purpose.COLLECTING, FAMILY[1:], "Why are they leaving?"),
        (Purpose.LEAVING, (), "Why are you leaving?"),
        (Purpose.RETURNING, (), "Why were you away?"),
    ],
)
def test_a_reason_is_asked_for_what_the_visit_is(
    purpose: Purpose, others: tuple[PupilLabel, ...], asked: str
) -> None:
    view = ReasonView(AMELIA, samples.at("10:40"), (), required=True, purpose=purpose, others=others)
    assert plain(common.why(view)) == asked


def test_when_back_is_asked_of_who_leaves() -> None:
    assert plain(leaving.when_back(BackAtView((AMELIA,), ()))) == "When will Amelia be back?"
    assert plain(leaving.when_back(BackAtView(FAMILY, ()))) == "When will they be back?"
    assert plain(leaving.when_back(BackAtView((AMELIA,), (), Purpose.LEAVING))) == "When will you be back?"


@pytest.mark.parametrize("asked", UNSETTLED)
@pytest.mark.parametrize("staff", [True, False])
def test_nobody_leaves_until_somebody_has_said_yes(asked: ReleaseState, staff: bool) -> None:
    said = everything_said(release(asked, staff=staff))
    assert "Amelia" in said
    assert said.endswith("Nobody leaves until they have said yes.")


def test_offline_it_is_said_that_the_register_cannot_be_reached_and_that_staff_can_release_here() -> None:
    said = everything_said(release(ReleaseState.OFFLINE))
    assert "The register cannot be reached" in said
    assert "A member of staff can release Amelia here" in said


def test_without_a_pin_no_release_is_promised_here() -> None:
    for asked in (ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY):
        assert "here" not in everything_said(release(asked, staff=False))


def test_it_is_never_said_that_the_office_was_asked_before_it_was() -> None:
    assert "have asked" in everything_said(release(ReleaseState.WAITING))
    for asked in (ReleaseState.SENDING, ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY):
        assert "have asked" not in everything_said(release(asked))


def test_only_those_who_still_wait_are_spoken_of() -> None:
    said = plain(leaving.release_text(release(ReleaseState.RELEASED, ReleaseState.WAITING)))
    assert "release Noah." in said
    assert "Amelia" not in said


def test_what_is_said_to_who_collects_does_not_depend_on_who_it_is() -> None:
    known, stranger = (
        release(ReleaseState.WAITING, collector=name) for name in ("Ruth Kaur", "Nobody Known")
    )
    assert everything_said(known) == everything_said(stranger)
    assert leaving.request_state(ReleaseState.REFUSED) == "please speak to the office"


def test_who_is_signed_out_is_said_with_the_time() -> None:
    assert "Amelia is signed out Signed out at 10:40" in everything_said(left(AMELIA))
    assert "Amelia and Noah are signed out" in everything_said(left(*FAMILY))
    assert "You are signed out" in everything_said(left(AMELIA, alone=True))


def test_a_clock_that_is_not_trusted_claims_no_time_of_leaving() -> None:
    said = everything_said(replace(left(AMELIA), clock_trusted=False))
    assert "10:40" not in said
    assert "The office will confirm the time" in said


def test_who_stays_is_named_and_sent_to_the_office() -> None:
    assert leaving.stay(left(AMELIA)) == ()
    one, two = left(AMELIA, stay=FAMILY[1:]), left(AMELIA, stay=FAMILY)
    assert plain(leaving.stay(one)) == "Noah K. stays in school for now. Please speak to the office."
    assert plain(leaving.stay(two)).startswith("Amelia K. and Noah K. stay in school")


def test_when_everybody_stays_nobody_is_said_to_have_left() -> None:
    nobody = left(stay=FAMILY)
    assert everything_said(nobody).startswith("Nobody is signed out")
    assert "Signed out at" not in everything_said(nobody)
    assert leaving.left_facts(nobody) == ()


@pytest.mark.parametrize(
    ("progress", "link", "said"),
    [
        (Progress.SAVED, Link.CONNECTED, "Sending to the register…"),
        (Progress.SAVED, Link.OFFLINE, "Will be sent when the network is back"),
        (Progress.SENT, Link.CONNECTED, "Sent to the register"),
        (Progress.REJECTED, Link.CONNECTED, "Kept here — the office will look at it"),
    ],
)
def test_how_far_a_departure_has_come_is_said_truthfully(progress: Progress, link: Link, said: str) -> None:
    assert done.sent(left(AMELIA, progress=progress, link=link)) == said


def test_not_coming_back_is_said_and_asks_for_nothing() -> None:
    view = left(AMELIA, back_at=None)
    assert leaving.left_facts(view)[-1] == ("Back at about", "Not back today")
    assert leaving.left_next(view) == ()


def test_somebody_who_comes_back_is_welcomed() -> None:
    back = samples.frames()["done-returning"].view
    assert plain(done.greeting(back)) == "Welcome back, Amelia"  # type: ignore[arg-type]  # a DoneView
