"""`latebook policy calendar` as a user runs it: output, standard error and exit status."""

import json
import socket
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from attendance.calendar import Calendar
from kiosk.commands.policy.calendar import calendar
from sync import wire

app = typer.Typer()
app.command()(calendar)

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Oak Lane//Calendar//EN
BEGIN:VEVENT
UID:1
SUMMARY:INSET day "A"
DTSTART;VALUE=DATE:20260901
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Christmas holiday
DTSTART;VALUE=DATE:20261221
DTEND;VALUE=DATE:20270102
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Autumn term begins
DTSTART;VALUE=DATE:20260902
END:VEVENT
BEGIN:VEVENT
UID:4
SUMMARY:Autumn term ends
DTSTART;VALUE=DATE:20261218
END:VEVENT
BEGIN:VEVENT
UID:5
SUMMARY:Sports day
DTSTART;VALUE=DATE:20270618
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "oak-lane.ics"
    path.write_text(FILE, "utf-8")
    return path


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_toml_is_a_calendar_table_for_a_policy_file(file: Path) -> None:
    status, out, err = run(file, "--terms", "--bank-holidays")
    assert status == 0
    made = Calendar.model_validate(tomllib.loads(out)["calendar"])
    assert [term.name for term in made.terms] == ["Autumn term"]
    assert [(str(closure.first), closure.reason) for closure in made.closures[:3]] == [
        ("2026-09-01", 'INSET day "A"'),
        ("2026-12-21", "Christmas holiday"),  # Christmas Day is in it, and not repeated
        ("2027-03-26", "Good Friday bank holiday"),
    ]
    assert "Sports day" in err
    assert "Sports day" not in out


def test_the_json_is_the_calendar_of_a_schools_record(file: Path) -> None:
    status, out, _ = run(file, "--json")
    assert status == 0
    sent = wire.BundleCalendar.model_validate_json(out)
    assert [closure.reason for closure in sent.closures] == ['INSET day "A"', "Christmas holiday"]
    assert json.loads(out)["terms"] == []


def test_toml_and_json_hold_the_same_calendar(file: Path) -> None:
    options: list[str | Path] = [file, "--terms", "--bank-holidays", "--all"]
    from_toml = tomllib.loads(run(*options)[1])["calendar"]
    assert Calendar.model_validate(from_toml) == Calendar.model_validate_json(run(*options, "--json")[1])


def test_a_closure_for_some_years_is_written_with_its_years_and_reported(file: Path) -> None:
    file.write_text(FILE.replace("Sports day", "INSET day - Years 10 and 11 only"), "utf-8")

    status, out, err = run(file)

    assert status == 0
    assert 'years = ["10", "11"]' in out
    made = Calendar.model_validate(tomllib.loads(out)["calendar"])
    assert [closure.years for closure in made.closures] == [None, None, ("10", "11")]
    assert made.closed_because(date(2027, 6, 18), "10") == "INSET day - Years 10 and 11 only"
    assert made.closed_because(date(2027, 6, 18), "9") is None
    assert "check: INSET day - Years 10 and 11 only (2027-06-18): 10, 11\n" in err
    assert Calendar.model_validate_json(run(file, "--json")[1]) == made


def test_bank_holidays_without_a_file_need_the_years() -> None:
    status, out, _ = run("--bank-holidays", "--years", "2026-2027")
    assert (status, out.count("[[calendar.closures]]")) == (0, 8)
    assert run("--bank-holidays") == (
        2,
        "",
        "--bank-holidays without a file needs the years: --years 2026-2027\n",
    )


def test_no_network_is_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run(file, "--bank-holidays")[0] == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "give FILE.ics, or --bank-holidays with --years"),
        (["FILE", "--years", "2026"], "'2026' is not a school year; write it as 2026-2027"),
        (["FILE", "--zone", "Atlantis"], "'Atlantis' is not a time zone; write for example Europe/London"),
        (["missing.ics"], "missing.ics: cannot be read: No such file or directory"),
    ],
)
def test_a_refused_command_prints_one_sentence_with_status_2(
    file: Path, options: list[str], says: str
) -> None:
    status, out, err = run(*[file if option == "FILE" else option for option in options])
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nonsense", "oak-lane.ics: it is not an iCalendar file"),
        (
            FILE.replace("SUMMARY:Autumn term ends\nDTSTART;VALUE=DATE:20261218", "SUMMARY:Autumn term ends"),
            "oak-lane.ics: the event 'Autumn term ends' has no DTSTART",
        ),
        (
            FILE.replace("Sports day", "Spring term").replace(
                "DATE:20270618", "DATE:20261201\nDTEND;VALUE=DATE:20270326"
            ),
            "oak-lane.ics: the term 'Spring term' starts on 2026-12-01, but 'Autumn term' does not end until",
        ),
    ],
)
def test_an_unusable_file_is_named(file: Path, text: str, says: str) -> None:
    file.write_text(text, "utf-8")
    status, out, err = run(file, "--terms")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert says in err


def test_a_missing_library_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sync.calendars.events", "sync.calendars.ics"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "icalendar", None)
    status, out, err = run(file)
    assert (status, out) == (2, "")
    assert "where the register is installed" in err
