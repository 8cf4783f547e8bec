"""`latebook policy new` with questions: what it asks, and what is done about a wrong answer."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from attendance.policy.files import load_file
from attendance.policy.model import KEY_GROUPS
from tests.kiosk.commands.policy.new_policy import NEEDED, new, options


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


ABOUT = ["Oak Lane School", "", "7-9", "1.1"]
MORNING = ["08:45", "4.3", "", "", "09:15", "4.4", "", "", "12:00", ""]
AFTERNOON = ["13:00", "", "13:05", "", "13:30", "", "", "", "15:15", "", ""]
REST = ["", "", "", "", "", "", "", "", "", ""]


def test_answers_make_the_same_policy_as_options() -> None:
    asked = new("asked.toml", answers=[*ABOUT, *MORNING, *AFTERNOON, *REST])
    sources = ["--source", "years=1.1", "--source", "am.opens=4.3", "--source", "am.closes=4.4"]
    new("told.toml", *options(NEEDED | {"--years": "7-9", "--pm-late-after": "13:05"}), *sources)

    assert asked.exit_code == 0
    assert Path("asked.toml").read_text() == Path("told.toml").read_text()
    assert f"asked.toml written, version {load_file(Path('asked.toml')).version}" in asked.stdout


def test_every_question_says_what_its_term_means_and_shows_its_default() -> None:
    said = new(answers=[*ABOUT, *MORNING, *AFTERNOON, *REST]).stdout

    for group in KEY_GROUPS:
        assert group.title in said
        for key in group.keys:
            assert key.meaning in said
            assert key.hint in said
    assert "A short name [oak-lane-school]:" in said
    assert "Late after [08:45]:" in said
    assert "Unauthorised after [09:15]:" in said
    assert "Years that entries are kept [6]:" in said
    assert Path("oak-lane-school.toml").is_file()


def test_a_wrong_answer_is_answered_with_one_sentence_and_asked_again() -> None:
    answers = ["", "Oak Lane School", "Oak Lane", "oak", "7-20", "7-9", "1.1", "8.45", *MORNING]

    said = new(answers=[*answers, *AFTERNOON, *REST])

    assert said.exit_code == 0
    assert "this cannot be left empty; write it in a few words." in said.stdout
    assert "'Oak Lane' is not a short name;" in said.stdout
    assert "'20' is not a year;" in said.stdout
    assert "'8.45' is not a time; write it as HH:MM, for example 08:45." in said.stdout
    assert load_file(Path("oak.toml")).years == ("7", "8", "9")


def test_what_is_found_in_a_session_can_be_corrected_at_once() -> None:
    late = ["08:45", "4.3", "", "", "09:15", "4.4", "10:00", "4.5", "12:00", ""]
    again = ["", "", "", "", "", "", "09:15", "-", "", ""]

    said = new("mine.toml", answers=[*ABOUT, *late, "y", *again, *AFTERNOON, *REST])

    assert said.exit_code == 0
    assert "error late-after-close the AM register closes at 09:15, but L is given until 10:00" in said.stdout
    assert "The register opens [08:45]:" in said.stdout
    assert "Which paragraph states it? (- for none) [4.3]:" in said.stdout
    policy = load_file(Path("mine.toml"))
    assert f"{policy.am.unauthorised_after:%H:%M}" == "09:15"
    assert policy.sources["am.opens"] == "4.3"
    assert "am.unauthorised_after" in policy.provisional


def test_what_is_found_in_a_session_can_be_kept_since_the_document_may_say_so() -> None:
    late = ["08:45", "4.3", "", "", "09:15", "4.4", "10:00", "4.5", "12:00", ""]

    said = new("mine.toml", answers=[*ABOUT, *late, "n", *AFTERNOON, *REST])

    assert said.exit_code == 1  # as `policy check` would end
    assert f"{load_file(Path('mine.toml')).am.unauthorised_after:%H:%M}" == "10:00"


def test_the_two_sessions_are_checked_against_each_other_after_the_second() -> None:
    early = ["11:30", *AFTERNOON[1:3], "", "12:00", *AFTERNOON[5:]]

    said = new("mine.toml", answers=[*ABOUT, *MORNING, *early, "n", *REST])

    morning, _, afternoon = said.stdout.partition("The afternoon register")
    assert "The checker found" not in morning
    assert "AM ends at 12:00, after the PM register opens at 11:30" in afternoon


def test_an_answer_can_be_taken_back() -> None:
    rest = ["3", "2.1", "", "", "", "", "", "Detention", "5", "H", "6", "9", "7", "y"]
    again = ["6", "-", "", "", "", "", "", "-", "-", "-"]

    said = new("mine.toml", answers=[*ABOUT, *MORNING, *AFTERNOON, *rest, *again])

    assert said.exit_code == 0
    policy = load_file(Path("mine.toml"))
    assert (policy.retention_years, policy.consequence, policy.codes_used) == (6, None, ())
    assert policy.leaves_alone == ()
    assert set(policy.sources) == {"years", "am.opens", "am.closes"}


def test_whoever_stops_leaves_no_trace() -> None:
    said = new("mine.toml", answers=[*ABOUT, *MORNING])

    assert said.exit_code == 1
    assert not list(Path().iterdir())


# --- At a terminal --------------------------------------------------------------------------------


def test_a_person_at_a_terminal_is_asked_and_gets_the_file() -> None:
    rest = [*REST[:-1], "9", "7.2"]
    typed = "".join(f"{answer}\n" for answer in [*ABOUT, *MORNING, *AFTERNOON, *rest])
    program = "from kiosk.commands.policy.main import app; app()"
    person, terminal = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-c", program, "new", "mine.toml"], stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)

    os.write(person, typed.encode())  # the terminal keeps it until it is asked for
    shown = _all_of(person)
    os.close(person)

    assert asked.wait(timeout=30) == 0
    assert "Years who may sign themselves out: " in shown
    policy = load_file(Path("mine.toml"))
    assert (policy.leaves_alone, policy.sources["leaves_alone"]) == (("9",), "7.2")
    assert f"mine.toml written, version {policy.version}" in shown


def _all_of(terminal: int) -> str:
    shown = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how a terminal says that nobody is there any more
            return shown.decode()
        shown += part
