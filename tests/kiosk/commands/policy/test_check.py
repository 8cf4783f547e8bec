"""`latebook policy check` as a user runs it: findings, JSON, exit status and unusable files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance.policy.files import available, load
from kiosk.commands.policy.main import app

CLEAN = """\
name = "oak-lane"
title = "Oak Lane School"
years = ["7", "8"]
[am]
opens = "08:45"
late_after = "08:50"
closes = "09:15"
ends = "12:00"
[pm]
opens = "13:00"
late_after = "13:05"
closes = "13:30"
ends = "15:00"
"""


def policy(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def write_file(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "oak-lane.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "status", "ids"),
    [
        (
            "burbage",
            1,
            ["present-after-open", "withdrawn-code", "revoked-law", "threshold-differs"] + ["unstated"] * 6,
        ),
        (
            "charlton-park-academy",
            1,
            ["late-after-close", "own-register-times", "review-overdue"] + ["unstated"] * 8,
        ),
        ("kings-cross-academy", 0, ["revoked-law"] + ["unstated"] * 3),
        ("psa", 0, ["review-overdue"] + ["unstated"] * 5),
        (
            "wessex-mat",
            1,
            [
                *("retention-too-short", "withdrawn-code", "sessions-differ", "revoked-law"),
                *("review-overdue", "unstated", "no-late-window"),
            ],
        ),
    ],
)
def test_each_school_has_its_findings_one_a_line_errors_first(name: str, status: int, ids: list[str]) -> None:
    its_status, out, err = policy("check", name, "--on", "2026-12-01")

    assert (its_status, err) == (status, "")
    lines = [line.split(" ", 2) for line in out.splitlines()]
    assert [id_ for _, id_, _ in lines] == ids
    severities = [severity for severity, _, _ in lines]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


@pytest.mark.parametrize("name", available())
def test_json_has_the_same_findings_with_key_and_paragraph(name: str) -> None:
    status, out, _ = policy("check", name, "--json")
    text_status, text, _ = policy("check", name)

    findings = json.loads(out)
    assert status == text_status
    assert all(
        set(each) == {"severity", "id", "message", "key", "paragraph", "regulation", "instead"}
        for each in findings
    )
    assert [f"{each['severity']} {each['id']} {each['message']}" for each in findings] == text.splitlines()
    assert [each["key"] for each in findings if each["id"] == "unstated"] == list(load(name).provisional)
    assert all(each["paragraph"] for each in findings)


def test_a_file_is_checked_like_a_policy_that_comes_with_latebook(tmp_path: Path) -> None:
    file = write_file(
        tmp_path, CLEAN.replace("[am]", 'retention_years = 3\n[sources]\nretention_years = "9"\n[am]')
    )

    assert policy("check", file) == (
        1,
        "error retention-too-short entries are kept for 3 years, but the 2024 Regulations require 6 (reg. 7);"
        " write that every entry is kept for 6 years after it was made (9)\n",
        "",
    )


def test_the_review_date_is_checked_for_the_day_that_is_given(tmp_path: Path) -> None:
    file = write_file(tmp_path, f"{CLEAN}[document]\nreview_by = 2027-07-31\n")

    assert policy("check", file, "--on", "2027-07-31") == (0, "", "nothing found\n")
    assert policy("check", file, "--on", "2027-08-01")[1].startswith(
        "warning review-overdue the document was to be reviewed by 31 July 2027"
    )
    assert policy("check", file, "--on", "soon")[0] == 2


def test_a_policy_without_findings_says_so_on_standard_error(tmp_path: Path) -> None:
    file = write_file(tmp_path, CLEAN)

    assert policy("check", file) == (0, "", "nothing found\n")
    assert policy("check", file, "--json")[1] == "[]\n"


def test_warnings_alone_give_status_0(tmp_path: Path) -> None:
    status, out, _ = policy("check", write_file(tmp_path, CLEAN.replace("09:15", "09:16")))

    assert status == 0
    assert {line.split()[0] for line in out.splitlines()} == {"warning"}


def test_a_wrong_file_is_reported_with_every_mistake(tmp_path: Path) -> None:
    file = write_file(
        tmp_path, CLEAN.replace("title", "titel").replace('"8"', '"15"').replace("13:30", "1330")
    )

    status, out, err = policy("check", file)

    assert (status, out) == (2, "")
    assert err.splitlines() == [
        f"{file}, line 1: title: found nothing, expected text in quotes",
        f'{file}, line 2: titel: found an unknown key, expected "title"',
        f'{file}, line 3: years[2]: found "15", expected a year, N, R or 1 to 14; the nearest is "14"',
        f'{file}, line 12: pm.closes: found "1330", expected a time as "HH:MM", for example "08:45"',
    ]


def test_in_json_every_mistake_is_an_object_and_standard_error_is_empty(tmp_path: Path) -> None:
    file = write_file(tmp_path, CLEAN.replace('"8"', '"15"').replace("13:30", "1330"))

    status, out, err = policy("check", file, "--json")

    assert (status, err) == (2, "")
    assert out.count("\n") == 1
    year = {"found": '"15"', "expected": 'a year, N, R or 1 to 14; the nearest is "14"'}
    closes = {"found": '"1330"', "expected": 'a time as "HH:MM", for example "08:45"'}
    assert json.loads(out) == [
        {"file": str(file), "line": line, "key": key, **fault}
        | {"message": f"{key}: found {fault['found']}, expected {fault['expected']}"}
        for line, key, fault in [(3, "years[2]", year), (12, "pm.closes", closes)]
    ]


def test_in_json_a_time_without_quotes_has_its_key_and_hides_no_other_mistake(tmp_path: Path) -> None:
    file = write_file(tmp_path, CLEAN.replace('closes = "09:15"', "closes = 09:15").replace('"8"', '"88"'))

    status, out, err = policy("check", file, "--json")

    assert (status, err) == (2, "")
    year, closes = json.loads(out)
    assert year["key"] == "years[2]"
    assert (closes["key"], closes["found"]) == ("am.closes", "09:15")
    assert closes["expected"] == 'the time in quotes: "09:15"'
    assert closes["message"] == 'am.closes: found 09:15, expected the time in quotes: "09:15"'


def test_in_json_a_syntax_error_and_a_missing_file_have_the_same_keys(tmp_path: Path) -> None:
    file = write_file(tmp_path, CLEAN.replace("[am]", "[am"))

    status, out, _ = policy("check", file, "--json")
    [no_toml] = json.loads(out)
    none_status, none_out, _ = policy("check", tmp_path / "none.toml", "--json")
    [no_file] = json.loads(none_out)

    assert (status, none_status) == (2, 2)
    assert list(no_toml) == list(no_file) == ["file", "line", "key", "found", "expected", "message"]
    assert (no_toml["line"], no_toml["key"], no_toml["found"]) == (4, None, "the end of the line")
    assert no_toml["expected"] == "] at the end of the heading"
    assert no_file["line"] is None
    assert no_file["message"].startswith(f"{tmp_path / 'none.toml'}: cannot be read: ")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("oak", "there is no policy 'oak'; the policies are burbage, charlton-park-academy, "),
        ("none.toml", "none.toml: cannot be read: "),
        (".", "there is no policy '.'"),
    ],
)
def test_an_unusable_policy_is_one_sentence_with_status_2(name: str, says: str) -> None:
    status, out, err = policy("check", name)

    assert (status, out) == (2, "")
    assert err.startswith(says)
    assert err.count("\n") == 1


def test_show_takes_a_file_too(tmp_path: Path) -> None:
    status, out, _ = policy("show", write_file(tmp_path, CLEAN))

    assert status == 0
    assert "Oak Lane School" in out
