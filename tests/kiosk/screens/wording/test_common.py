import subprocess
import sys
from datetime import time

import pytest

from kiosk.screens import samples
from kiosk.screens.wording import common
from kiosk.screens.wording.sentence import plain
from kiosk.views import HomeView, Link, LinkStatus, ProblemView, Trouble


def test_wording_imports_no_kivy() -> None:
    code = (
        "import sys, kiosk.screens.wording.common, kiosk.screens.wording.done\n"
        "sys.exit('kivy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("clock", "headline", "countdown"),
    [
        ("08:31", "The morning register opens at 08:45", ""),
        ("08:45", "The morning register closes at 09:15", "in 30 minutes"),
        ("09:07", "The morning register closes at 09:15", "in 8 minutes"),
        ("09:07:30", "The morning register closes at 09:15", "in 8 minutes"),
        ("09:12:59", "The morning register closes at 09:15", "in 3 minutes"),
        ("09:13", "The morning register closes at 09:15", "in 2 minutes"),
        ("09:13:01", "The morning register closes at 09:15", "in 1 minute 59 seconds"),
        ("09:13:59", "The morning register closes at 09:15", "in 1 minute 1 second"),
        ("09:14", "The morning register closes at 09:15", "in 1 minute"),
        ("09:14:59", "The morning register closes at 09:15", "in 1 second"),
        ("09:15", "The morning register closed at 09:15", ""),
        ("11:00", "The morning register closed at 09:15", ""),
    ],
)
def test_the_countdown_shows_seconds_in_the_last_two_minutes(
    clock: str, headline: str, countdown: str
) -> None:
    view = samples.home(clock)
    assert (plain(common.headline(view)), plain(common.countdown(view))) == (headline, countdown)


def test_the_afternoon_shows_its_own_register() -> None:
    view = samples.home("14:03", times=samples.AFTERNOON)
    assert plain(common.headline(view)) == "The afternoon register closes at 14:10"


@pytest.mark.parametrize(
    ("because", "headline", "why"),
    [
        ("weekend", "School is closed today", "It is the weekend"),
        ("Staff training day", "School is closed today", "Staff training day"),
        (None, "The school day has ended", ""),
    ],
)
def test_a_day_without_a_register_says_why(because: str | None, headline: str, why: str) -> None:
    view = HomeView(samples.at("10:20"), closed_because=because)
    assert (plain(common.headline(view)), plain(common.countdown(view))) == (headline, why)


def test_times_are_separate_parts_of_a_sentence() -> None:
    headline = common.headline(samples.home("09:07"))
    assert [part.text for part in headline if part.is_value] == ["09:15"]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (LinkStatus(Link.CONNECTED), "Connected"),
        (LinkStatus(Link.CONNECTED, 2), "Connected"),
        (LinkStatus(Link.OFFLINE), "Offline"),
        (LinkStatus(Link.OFFLINE, 3), "Offline — 3 saved here"),
        (LinkStatus(Link.STARTING), "Starting…"),
        (LinkStatus(Link.STARTING, 1), "Starting — 1 saved here"),
        (LinkStatus(Link.REFUSED), "See the office"),
        (LinkStatus(Link.REFUSED, 3), "See the office — 3 saved here"),
    ],
)
def test_the_status_shows_the_connection_and_the_waiting_entries(status: LinkStatus, text: str) -> None:
    assert plain(common.status(status)) == text


def test_a_date_is_written_out() -> None:
    assert common.day(samples.at("09:07")) == "Tuesday 24 November"
    assert common.clock(time(9, 7, 59)) == "09:07"


@pytest.mark.parametrize("trouble", Trouble)
def test_every_problem_has_a_sentence_and_advice(trouble: Trouble) -> None:
    view = ProblemView(trouble)
    assert common.problem(view)
    assert "office" in common.what_to_do(view)
    assert common.detail(view) == ""


def test_an_unsaved_entry_is_shown_as_not_recorded() -> None:
    view = ProblemView(Trouble.NOT_SAVED)
    text = f"{common.problem(view)} {common.what_to_do(view)}"
    assert "not recorded" in text
    assert "office" in text


def test_a_closed_day_shows_the_schools_own_reason() -> None:
    assert common.detail(ProblemView(Trouble.CLOSED_DAY, "Staff training day")) == "Staff training day"
    assert common.detail(ProblemView(Trouble.CLOSED_DAY, "weekend")) == "It is the weekend"
