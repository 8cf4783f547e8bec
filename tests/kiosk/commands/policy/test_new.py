"""`latebook policy new` with options, and files made of any answers."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from attendance.codes import MEANING, WITHDRAWN
from attendance.policy.files import load_file, parse
from attendance.policy.keys import KeyGroup
from attendance.policy.model import KEY_GROUPS, KEYS, Policy, SessionTimes
from attendance.reasons import Reason
from attendance.years import YEARS
from kiosk.commands.policy.draft import Draft
from kiosk.commands.policy.main import app
from tests.kiosk.commands.policy.new_policy import OPTIONAL, REQUIRED, new, options


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def meaning(policy: Policy) -> dict[str, Any]:
    return policy.model_dump(mode="json")


def test_the_required_options_make_a_policy_with_the_rules_defaults() -> None:
    result = new(*options(REQUIRED))

    policy = load_file(Path("oak-lane-school.toml"))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"oak-lane-school.toml written, version {policy.version}\n")
    assert (policy.name, policy.years) == ("oak-lane-school", ("R", "1", "2"))
    assert policy.am.late_after == policy.am.opens
    assert policy.am.unauthorised_after == policy.am.closes
    assert (policy.retention_years, policy.reason_required) == (6, False)
    assert policy.reasons == tuple(Reason)


def test_every_option_reaches_the_file() -> None:
    sources = ["--source", "am.opens=4.3", "--source", "pm.ends_by_year=12", "--source", "codes_used=6.3"]

    result = new("mine.toml", *options(REQUIRED, OPTIONAL), "--reason-required", "--listed-only", *sources)

    assert result.exit_code == 1  # for code H, and for L after the close
    written = meaning(load_file(Path("mine.toml")))
    assert (written["name"], written["title"]) == ("oak-lane-primary", "Oak Lane School")
    assert written["am"] == {
        "opens": "08:45",
        "late_after": "08:50",
        "closes": "09:15",
        "unauthorised_after": "09:20",
        "ends": "12:00",
        "ends_by_year": {},
        "doors_by_year": {},
    }
    assert list(written["pm"].values()) == [
        "13:00",
        "13:05",
        "13:30",
        "13:35",
        "15:15",
        {"R": "15:00", "1": "15:05"},
        {},
    ]
    assert (written["retention_years"], written["reason_required"]) == (7, True)
    assert written["listed_only"] is True
    assert written["reasons"] == ["traffic", "overslept"]
    assert written["leaves_alone"] == ["2"]
    assert written["review"] == {"school-transport": {"before_close": "present", "after_close": "Y1"}}
    assert written["consequence"] == 'A "friendly" letter'
    assert written["codes_used"] == ["/", "\\", "L", "U", "H"]
    assert written["sources"] == {
        "am.opens": "4.3",
        "pm.ends_by_year.R": "12",
        "pm.ends_by_year.1": "12",
        "codes_used": "6.3",
    }
    assert "am.opens" not in written["provisional"]
    assert "pm.ends_by_year.R" not in written["provisional"]
    assert "codes_used" not in written["provisional"]


def test_every_value_without_a_source_is_provisional() -> None:
    new("least.toml", *options(REQUIRED))
    new("most.toml", *options(REQUIRED, OPTIONAL), "--reason-required")

    times = [f"{s}.{key}" for s in ("am", "pm") for key in list(SessionTimes.model_fields)[:5]]
    defaults = ["years", "retention_years", "reasons", "reason_required"]
    assert sorted(load_file(Path("least.toml")).provisional) == sorted(times + defaults)
    more = ["consequence", "codes_used", "leaves_alone", "pm.ends_by_year.R", "pm.ends_by_year.1"]
    more += ["review.school-transport.before_close", "review.school-transport.after_close"]
    assert sorted(load_file(Path("most.toml")).provisional) == sorted(times + defaults + more)


def test_a_value_with_a_source_is_not_provisional_and_a_review_sources_both_codes() -> None:
    stated = {
        "years": "1.1",
        "reasons": "5.2",
        "reason_required": "5.3",
        "retention_years": "6",
        "review": "7",
    }
    sources = [part for key, place in stated.items() for part in ("--source", f"{key}={place}")]

    new("mine.toml", *options(REQUIRED, OPTIONAL), *sources)

    policy = load_file(Path("mine.toml"))
    assert not set(stated) & set(policy.provisional)
    assert policy.sources["review.school-transport.before_close"] == "7"
    assert policy.sources["review.school-transport.after_close"] == "7"


def test_no_afternoon_value_is_reported_with_a_paragraph_about_the_morning() -> None:
    output = new(*options(REQUIRED), "--source", "am.opens=4.3").stdout

    assert "am.closes (09:15) is not stated in the document; the school must confirm it (see 4.3)\n" in output
    assert "pm.closes (13:30) is not stated in the document; the school must confirm it\n" in output


def test_every_question_has_an_option() -> None:
    text = CliRunner().invoke(app, ["new", "--help"], terminal_width=200).stdout

    for key in KEYS:
        assert key.option in text


def test_an_error_of_the_checker_is_printed_with_status_1_and_the_file_is_written() -> None:
    result = new(*options(REQUIRED, OPTIONAL))

    assert result.exit_code == 1
    assert load_file(Path("oak-lane-primary.toml")).codes_used == ("/", "\\", "L", "U", "H")
    assert "error late-after-close the AM register closes at 09:15" in result.stdout
    assert "error withdrawn-code the document uses code H" in result.stdout
    assert "warning unstated am.opens (08:45)" in result.stdout


def test_all_missing_and_all_wrong_options_are_listed_at_once() -> None:
    result = new("--name", "Oak Lane", "--am-opens", "8.45", "--reasons", "trafic", "--source", "am.opns=4.3")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "missing: --title, --years, --am-closes, --am-ends, --pm-opens, --pm-closes, --pm-ends;"
        " give them, or no options at all to be asked",
        "--name: 'Oak Lane' is not a short name; write small letters, digits and hyphens: oak-lane",
        "--am-opens: '8.45' is not a time; write it as HH:MM, for example 08:45",
        "--reasons: 'trafic' is not a reason; write \"traffic\"",
        "--source: 'am.opns' is not a value that a document states; write \"am.opens\"",
    ]
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("option", "answer", "says"),
    [
        ("--title", "  ", "this cannot be left empty"),
        ("--years", "6-N", "'6-N' runs backwards"),
        ("--years", "7-15", "'15' is not a year; years are N, R and 1 to 14; the nearest is 14"),
        ("--years", ",", "a school has at least one year"),
        ("--retention-years", "six", "'six' is not a whole number"),
        ("--pm-ends-by-year", "R", "'R' is not a year with a time"),
        ("--pm-ends-by-year", "7=15:00", "the school has no year 7; its years are R, 1, 2"),
        ("--pm-ends-by-year", "R=15", "'15' is not a time"),
        ("--leaves-alone", "6", "the school has no year 6; its years are R, 1, 2"),
        ("--leaves-alone", "sixth form", "'sixth' is not a year"),
        ("--review", "medical", "'medical' is not a reason with two codes"),
        ("--review", "medical=L:Y", "'Y' is not a current code"),
        ("--codes-used", "L,Z9", "'Z9' is not an attendance code"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_nothing_is_written(option: str, answer: str, says: str) -> None:
    result = new(*options(REQUIRED | {option: answer}))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{option}: {says}")
    assert result.stderr.count("\n") == 1
    assert not list(Path().iterdir())


# --- Any answers ----------------------------------------------------------------------------------

clocks = st.times().map(lambda value: f"{value:%H:%M}")
words = st.text(min_size=1).filter(lambda text: any(c.isprintable() and not c.isspace() for c in text))
answers_of = {
    "title": words,
    "name": st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)?", fullmatch=True),
    "years": st.lists(st.sampled_from(YEARS), min_size=1).map(" ".join),
    "pm.ends_by_year": st.just(""),
    "retention_years": st.integers(0, 99).map(str),
    "reasons": st.lists(st.sampled_from(list(Reason))).map(",".join),
    "reason_required": st.sampled_from(["yes", "no"]),
    "review": st.sampled_from(["", "medical=L:M", "weather=present:Y2 other=/:U"]),
    "consequence": st.text(),
    "codes_used": st.lists(st.sampled_from([*MEANING, *WITHDRAWN])).map(" ".join),
    "leaves_alone": st.just(""),
    "listed_only": st.sampled_from(["yes", "no"]),
    "no_buses": st.sampled_from(["yes", "no"]),
    "no_bringing": st.sampled_from(["yes", "no"]),
    "no_siblings": st.sampled_from(["yes", "no"]),
    "accompanied_years": st.just(""),
    "bus_routes": st.sampled_from(["", "Bus 27, Bus 42", "27,27 , Blue Coaches"]),
    "youngest_years": st.just(""),
}


@given(
    st.fixed_dictionaries({key.name: answers_of.get(key.name, clocks) for key in KEYS}),
    st.dictionaries(st.sampled_from([each.name for each in KEYS if each.guide.has_source]), st.text()),
)
@settings(deadline=None)
def test_the_file_holds_every_answer(answers: dict[str, str], stated: dict[str, str]) -> None:
    draft = Draft()
    for key in KEYS:
        draft.answer(key, answers[key.name])
        if key.name in stated:
            draft.set_source(key, stated[key.name])

    policy = parse(draft.text(), "the answers")

    for key in KEYS:
        expected = key.read(answers[key.name], answers)
        written: Any = meaning(policy)
        for part in key.name.split("."):
            written = written[part]
        if expected or key.name == "retention_years":
            assert written == expected, key.name
    assert policy.sources == draft.sources
    assert not set(policy.provisional) & set(policy.sources)
    assert {each.name for each in KEYS if each.is_required and each.guide.has_source} <= (
        set(policy.provisional) | set(policy.sources)
    )


@pytest.mark.parametrize("group", KEY_GROUPS, ids=lambda group: group.title)
def test_every_question_says_how_to_answer_and_asks_for_a_source(group: KeyGroup) -> None:
    unstated = [key.name for key in group.keys if not key.guide.has_source]

    # The names of the school need no source, nor does what only the kiosk offers.
    unstated_by_nature = {
        "listed_only",
        "no_buses",
        "bus_routes",
        "youngest_years",
        "no_bringing",
        "no_siblings",
    }
    assert set(unstated) <= {"title", "name"} | unstated_by_nature
    assert all(key.meaning.endswith(".") and key.hint for key in group.keys)
