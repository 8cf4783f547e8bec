import subprocess
import sys
from dataclasses import replace

import pytest

from kiosk.screens import samples
from kiosk.screens.kit.line_breaking import words_of
from kiosk.screens.samples.common import AMELIA
from kiosk.screens.samples.leaving import FAMILY, LARGE_FAMILY, left
from kiosk.screens.wording import common, done, leaving, translate
from kiosk.screens.wording.sentence import plain
from kiosk.views import (
    BackAtView,
    LeftView,
    Link,
    Progress,
    PupilLabel,
    Purpose,
    ReasonView,
)


def all_texts(view: LeftView) -> str:
    functions = (leaving.left_heading, leaving.left_at, leaving.left_next, leaving.stay)
    return " ".join((*(plain(text(view)) for text in functions), done.progress_note(view)))


def test_wording_of_leaving_imports_no_kivy() -> None:
    code = (
        "import sys, kiosk.screens.wording.leaving, kiosk.screens.wording.find\n"
        "sys.exit('kivy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_first_pupil_is_shown_with_the_number_of_others() -> None:
    assert plain(leaving.pupils((AMELIA,))) == "Amelia K. · 7B"
    assert plain(leaving.pupils(LARGE_FAMILY)) == "Amelia K. · 7B +3"
    assert leaving.pupils(()) == ()


def test_joined_names_stay_values() -> None:
    assert plain(leaving.names(FAMILY)) == "Amelia and Noah"
    three = leaving.names((*FAMILY, LARGE_FAMILY[3]))
    assert plain(three) == "Amelia, Noah and Zainab"
    assert [part.text for part in three if part.is_value] == ["Amelia", "Noah", "Zainab"]


@pytest.mark.parametrize(("language", "mark"), [("en", ","), ("ur", "،")])
def test_in_a_list_of_names_every_initial_stays_with_its_own_name(language: str, mark: str) -> None:
    translate.use(language)
    try:
        listed = leaving.all_names(LARGE_FAMILY)
    finally:
        translate.use("en")
    assert mark in plain(listed)
    words = words_of(listed, bold=True, bold_values=True)
    values = ["".join(text for text, style in word.pieces if style.is_value) for word in words]
    # No line ends between a first name and its initial; a hyphen may end a line.
    assert [value for value in values if value] == [
        "Amelia\N{NO-BREAK SPACE}K.",
        "Noah\N{NO-BREAK SPACE}K.",
        "Oluwaseun-",
        "Bartholomew\N{NO-BREAK SPACE}F.",
        "Zainab\N{NO-BREAK SPACE}K.",
    ]


@pytest.mark.parametrize(
    ("purpose", "others", "question"),
    [
        (Purpose.LATE, (), "Amelia, why are you late?"),
        (Purpose.COLLECTING, (), "Why is Amelia leaving?"),
        (Purpose.COLLECTING, FAMILY[1:], "Why are they leaving?"),
        (Purpose.LEAVING, (), "Amelia, why are you leaving?"),
        (Purpose.RETURNING, (), "Amelia, why were you away?"),
    ],
)
def test_the_reasons_question_depends_on_the_purpose(
    purpose: Purpose, others: tuple[PupilLabel, ...], question: str
) -> None:
    view = ReasonView(AMELIA, samples.at("10:40"), (), required=True, purpose=purpose, others=others)
    assert plain(common.reason_question(view)) == question


def test_the_return_question_names_the_pupils_who_leave() -> None:
    assert plain(leaving.when_back(BackAtView((AMELIA,), ()))) == "When will Amelia be back?"
    assert plain(leaving.when_back(BackAtView(FAMILY, ()))) == "When will they be back?"
    assert plain(leaving.when_back(BackAtView((AMELIA,), (), Purpose.LEAVING))) == "When will you be back?"


def test_the_signed_out_pupils_are_named_with_the_time() -> None:
    assert "Amelia is signed out Signed out at 10:40" in all_texts(left(AMELIA))
    assert "Amelia and Noah are signed out" in all_texts(left(*FAMILY))
    assert "You are signed out" in all_texts(left(AMELIA, alone=True))


def test_an_untrusted_clock_shows_no_time_of_leaving() -> None:
    text = all_texts(replace(left(AMELIA), clock_trusted=False))
    assert "10:40" not in text
    assert "The office will confirm the time" in text


def test_pupils_who_stay_are_named_and_referred_to_the_office() -> None:
    assert leaving.stay(left(AMELIA)) == ()
    one, two = left(AMELIA, stay=FAMILY[1:]), left(AMELIA, stay=FAMILY)
    assert plain(leaving.stay(one)) == "Noah K. stays in school for now. Please speak to the office."
    assert (
        plain(leaving.stay(two)).replace("\N{NO-BREAK SPACE}", " ").startswith("Amelia K. and Noah K. stay")
    )


def test_when_all_stay_no_pupil_is_shown_as_signed_out() -> None:
    nobody_left = left(stay=FAMILY)
    assert all_texts(nobody_left).startswith("Nobody is signed out")
    assert "Signed out at" not in all_texts(nobody_left)
    assert leaving.left_facts(nobody_left) == ()


@pytest.mark.parametrize(
    ("progress", "link", "text"),
    [
        (Progress.SAVED, Link.CONNECTED, "Sending to the register…"),
        (Progress.SAVED, Link.OFFLINE, "Will be sent when the network is back"),
        (Progress.SENT, Link.CONNECTED, "Sent to the register"),
        (Progress.REJECTED, Link.CONNECTED, "Kept here — the office will look at it"),
    ],
)
def test_the_progress_of_a_departure_is_never_overstated(progress: Progress, link: Link, text: str) -> None:
    assert done.progress_note(left(AMELIA, progress=progress, link=link)) == text


def test_not_coming_back_gives_no_advice_for_a_return() -> None:
    view = left(AMELIA, back_at=None)
    assert leaving.left_facts(view)[-1] == ("Back at about", "Not back today")
    assert leaving.left_next(view) == ()


def test_a_returning_pupil_is_welcomed() -> None:
    back = samples.frames()["done-returning"].view
    assert plain(done.heading(back)) == "Welcome back, Amelia"  # type: ignore[arg-type]  # a DoneView
