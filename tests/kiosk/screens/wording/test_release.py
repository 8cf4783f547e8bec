"""The texts of a request that waits, and of a release with a PIN."""

from dataclasses import replace

import pytest

from kiosk.screens.samples.common import AMELIA
from kiosk.screens.samples.leaving import FAMILY, NOAH, RELEASE_YES, SEVERAL, release, request_line
from kiosk.screens.wording import release as release_wording
from kiosk.screens.wording.sentence import plain
from kiosk.views import PupilLabel, ReleaseState, ReleaseView, RequestProgress

UNDECIDED = (ReleaseState.SENDING, ReleaseState.WAITING, ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY)


def all_texts(view: ReleaseView) -> str:
    return " ".join((release_wording.release_heading(view), plain(release_wording.release_text(view))))


@pytest.mark.parametrize("state", UNDECIDED)
@pytest.mark.parametrize("staff", [True, False])
@pytest.mark.parametrize("just_asked", [True, False])
def test_every_open_request_says_that_nobody_leaves_without_a_yes(
    state: ReleaseState, staff: bool, just_asked: bool
) -> None:
    text = all_texts(release(state, staff=staff, just_asked=just_asked))
    assert "Amelia" in text
    assert text.endswith("Nobody leaves until they say yes.")


def test_the_adult_is_asked_to_take_a_seat_only_if_the_office_can_see_the_request() -> None:
    for state in UNDECIDED:
        seated = state in (ReleaseState.SENDING, ReleaseState.WAITING)
        assert ("take a seat" in all_texts(release(state, just_asked=True))) is seated


def test_offline_the_screen_says_so_and_that_staff_can_release_here() -> None:
    text = all_texts(release(ReleaseState.OFFLINE))
    assert "The register cannot be reached" in text
    assert "A member of staff can release Amelia here" in text


def test_without_pins_no_release_is_offered_here() -> None:
    for state in (ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY):
        assert "here" not in all_texts(release(state, staff=False))


def test_no_text_says_that_the_office_was_asked_before_the_request_is_sent() -> None:
    assert "have asked" in all_texts(release(ReleaseState.WAITING))
    for state in (ReleaseState.SENDING, ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY):
        assert "have asked" not in all_texts(release(state))


def test_only_pupils_with_an_open_request_are_named() -> None:
    text = plain(release_wording.release_text(release(ReleaseState.RELEASED, ReleaseState.WAITING)))
    assert "release Noah." in text
    assert "Amelia" not in text


def test_staff_learn_only_that_the_office_must_release() -> None:
    one = all_texts(release(ReleaseState.WAITING, pupils=(AMELIA,), office_only=True))
    assert one == (
        "The office must release this pupil. The office has the request. Please ask the adult to take a seat."
    )
    two = release(ReleaseState.WAITING, ReleaseState.WAITING, office_only=True)
    assert release_wording.release_heading(two) == "The office must release these pupils."
    assert release_wording.request_state(ReleaseState.REFUSED) == "please speak to the office"


def test_the_screen_says_when_the_adult_asked_and_where_the_request_stays() -> None:
    view = release(ReleaseState.WAITING, just_asked=True)
    assert plain(release_wording.asked(view)) == "asked at 10:41"
    assert plain(release_wording.asked(replace(view, asked_at=None))) == ""
    assert "on the first screen" in release_wording.release_hint(view)


@pytest.mark.parametrize(
    ("pupils", "progress", "text"),
    [
        ((AMELIA,), RequestProgress.WAITING, "Amelia K. is waiting"),
        (FAMILY, RequestProgress.WAITING, "Amelia\xa0K. and Noah\xa0K. are waiting"),
        ((AMELIA,), RequestProgress.ASK_STAFF, "Amelia K.: please ask a member of staff"),
        ((AMELIA,), RequestProgress.SIGNED_OUT, "Amelia is signed out"),
        (FAMILY, RequestProgress.SIGNED_OUT, "Amelia and Noah are signed out"),
        ((NOAH,), RequestProgress.SEE_OFFICE, "Noah K.: please see the office"),
    ],
)
def test_the_chip_says_whose_request_it_is(
    pupils: tuple[PupilLabel, ...], progress: RequestProgress, text: str
) -> None:
    line = replace(request_line(progress=progress), pupils=pupils)
    assert plain(release_wording.chip([line])) == text


def test_with_several_requests_the_chip_says_how_many() -> None:
    assert plain(release_wording.chip(SEVERAL[:2])) == "2 waiting"
    assert plain(release_wording.chip(SEVERAL)) == "2 waiting · 2 answered"
    assert plain(release_wording.chip(SEVERAL[2:])) == "2 answered"
    assert release_wording.chip([]) == ()


def test_the_last_question_names_pupil_adult_relationship_and_reason() -> None:
    assert plain(release_wording.yes_question(RELEASE_YES)) == "Release Amelia K. to Ruth Kaur?"
    facts = dict(release_wording.yes_facts(RELEASE_YES))
    assert facts == {
        "Relationship": "Grandparent",
        "Reason": "Medical appointment",
        "Back at about": "12:00",
    }
    assert (
        dict(release_wording.yes_facts(replace(RELEASE_YES, relationship=None)))["Relationship"]
        == "Not given"
    )
    assert plain(release_wording.yes_button(RELEASE_YES)) == "Yes, release Amelia"
    assert plain(release_wording.yes_button(replace(RELEASE_YES, pupils=FAMILY))) == "Yes, release them"
    assert plain(release_wording.kept_name(RELEASE_YES)) == "Your name is kept with this release: R. Osei"
