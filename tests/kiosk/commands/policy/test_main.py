"""`latebook policy …` as a user runs it: output, standard error and exit status."""

import csv
import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance.policy.files import available, load
from kiosk.commands.policy.main import app
from tests.attendance.rule_cases import OWN, SHARED

ANSWER_COLUMNS = ["outcome", "session", "code", "suggested", "minutes_late", "needs_office"]
ARRIVAL_COLUMNS = "policy,at,year,reason,agreed,plan"
DEPARTURE_COLUMNS = "policy,at,year,back,reason,agreed,plan"
GOOD = "psa,2027-02-09T08:05:00,9,,,"
SEVEN_PAST_NINE = ["wessex-mat", "--at", "2026-11-24T09:07:00", "--year", "7"]


def policy(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def case_file(folder: Path, name: str) -> object:
    absent = not (folder / name).is_file()
    reason = f"the shared {name} is not beside the project"
    return pytest.param(
        folder / name,
        id="own" if folder == OWN else "shared",
        marks=pytest.mark.skipif(absent and folder == SHARED, reason=reason),
    )


def write_file(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


# --- decide and leave, a file of visits -----------------------------------------------------------


@pytest.mark.parametrize("file", [case_file(OWN, "arrivals.csv"), case_file(SHARED, "arrivals.csv")])
def test_decide_writes_a_file_of_arrivals_with_their_answers(file: Path) -> None:
    assert policy("decide", "--cases", file) == (0, file.read_text("utf-8"), "")


@pytest.mark.parametrize("file", [case_file(OWN, "departures.csv"), case_file(SHARED, "departures.csv")])
def test_leave_writes_a_file_of_departures_with_their_answers(file: Path) -> None:
    assert policy("leave", "--cases", file) == (0, file.read_text("utf-8"), "")


@pytest.mark.parametrize(("command", "name"), [("decide", "arrivals.csv"), ("leave", "departures.csv")])
def test_a_file_without_answer_columns_gets_the_same_answers(tmp_path: Path, command: str, name: str) -> None:
    expected = (OWN / name).read_text("utf-8")
    questions = io.StringIO()
    rows = list(csv.DictReader(io.StringIO(expected)))
    columns = [column for column in rows[0] if column not in ANSWER_COLUMNS]
    writer = csv.DictWriter(questions, columns, extrasaction="ignore")  # CR LF, as a spreadsheet writes it
    writer.writeheader()
    writer.writerows(rows)
    file = tmp_path / name
    file.write_bytes(b"\xef\xbb\xbf" + questions.getvalue().encode())  # and its byte order mark

    assert policy(command, "--cases", file) == (0, expected, "")


def test_wrong_answers_in_a_file_are_replaced(tmp_path: Path) -> None:
    file = write_file(
        tmp_path, f"{ARRIVAL_COLUMNS},{','.join(ANSWER_COLUMNS)}", f"{GOOD},closed,PM,U,M,99,true"
    )

    _, out, _ = policy("decide", "--cases", file)

    assert out.splitlines()[1] == f"{GOOD},late,AM,L,,5,false"


def test_cases_can_be_written_as_json(tmp_path: Path) -> None:
    status, out, _ = policy("decide", "--json", "--cases", write_file(tmp_path, ARRIVAL_COLUMNS, GOOD))

    [row] = json.loads(out)
    assert status == 0
    assert (row["policy"], row["at"], row["plan"]) == ("psa", "2027-02-09T08:05:00", "")
    assert (row["code"], row["suggested"], row["minutes_late"], row["needs_office"]) == ("L", None, 5, False)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("oak,2027-02-09T08:05:00,9,,,", "there is no policy 'oak'; the policies are burbage, "),
        ("psa,2027-02-09T08:05:00,6,,,", "psa has no year '6'; its years are 7, 8, "),
        ("psa,2027-02-09T08:05:00,,,,", "psa has no year ''"),
        ("psa,2027-02-09T08:05:00,9,late,,", "reason: 'late' is not a reason; the reasons are overslept, "),
        ("psa,2027-02-09T08:05:00,9,,dentist:10:00,", "agreed: 'dentist' is not an agreed appointment"),
        ("psa,2027-02-09T08:05:00,9,,medical,", "agreed: 'medical' has no end"),
        ("psa,2027-02-09T08:05:00,9,,medical:25:00,", "agreed: '25:00' is not a time; write it as HH:MM"),
        ("psa,2027-02-09T08:05:00,9,,,half past", "plan: 'half past' is not a plan's code"),
        ("psa,2027-02-09T08:05:00,9,,,C2:10:30", "plan: 'C2:10:30' is not a plan; write CODE:FROM-UNTIL"),
        ("psa,2027-02-09T08:05:00,9,,,C2:14:00-10:30", "plan: 'C2:14:00-10:30' ends before it begins"),
        ("psa,2027-02-09T08:05:00,9,,,C2:10:30-25:00", "plan: '25:00' is not a time"),
        ("psa,2027-02-29T08:05:00,9,,,", "at: '2027-02-29T08:05:00' is not a date and time"),
        ("psa,2027-02-09,9,,,", "at: '2027-02-09' is not a date and time"),
        ("psa,,9,,,", "at: '' is not a date and time; write the school's local time"),
        ("psa,2027-02-09T08:05:00Z,9,,,", "at: '2027-02-09T08:05:00Z' has a time zone"),
        ("psa,2027-02-09T08:05:00+01:00,9,,,", "at: '2027-02-09T08:05:00+01:00' has a time zone"),
        ("psa,2027-02-09T08:05:00,9,,", "the number of fields differs from line 1"),
        ("psa,2027-02-09T08:05:00,9,,,,", "the number of fields differs from line 1"),
        ('psa,2027-02-09T08:05:00,9,,,"', "cannot be read as a UTF-8 CSV file"),
    ],
)
def test_a_bad_arrival_is_reported_with_its_line_and_nothing_is_written(
    tmp_path: Path, row: str, error: str
) -> None:
    file = write_file(tmp_path, ARRIVAL_COLUMNS, GOOD, row, GOOD)

    status, out, err = policy("decide", "--cases", file)

    assert (status, out) == (2, "")
    assert error in err
    assert err.startswith(f"{file}: " if "CSV" in error else f"{file}, line 3: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("psa,2027-02-09T11:00:00,9,noon,,,", "back: 'noon' is not a time"),
        ("psa,2027-02-09T11:00:00,9,,holiday,,", "reason: 'holiday' is not a reason"),
        ("psa,2027-02-09T11:00:00,9,,,medical:12:00,", "agreed: 'medical:12:00' has a time"),
        ("psa,2027-02-09T11:00:00,9,,,dentist,", "agreed: 'dentist' is not an agreed appointment"),
        ("psa,2027-02-09T11:00:00,R,,,,", "psa has no year 'R'"),
    ],
)
def test_a_bad_departure_is_reported_with_its_line_and_nothing_is_written(
    tmp_path: Path, row: str, error: str
) -> None:
    file = write_file(tmp_path, DEPARTURE_COLUMNS, "psa,2027-02-09T11:00:00,9,,,,", row)

    status, out, err = policy("leave", "--cases", file)

    assert (status, out) == (2, "")
    assert err.startswith(f"{file}, line 3: {error}")


def test_lines_are_counted_as_in_an_editor(tmp_path: Path) -> None:
    remark = 'psa,2027-02-09T08:05:00,9,,,,"two\nlines"'
    file = write_file(tmp_path, f"{ARRIVAL_COLUMNS},remark", remark, "", "psa,never,9,,,,")

    assert policy("decide", "--cases", file)[2].startswith(f"{file}, line 5: at: 'never'")


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ("policy,at,year,reason,agreed", "line 1: no column plan; the columns are policy,at,year,"),
        (f"{ARRIVAL_COLUMNS},at", "line 1: a column is named twice"),
        ("", "line 1: no column policy, at, year, reason, agreed, plan"),
    ],
)
def test_a_file_with_the_wrong_columns_is_refused(tmp_path: Path, header: str, error: str) -> None:
    status, out, err = policy("decide", "--cases", write_file(tmp_path, header))

    assert (status, out) == (2, "")
    assert error in err


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(f"{ARRIVAL_COLUMNS},remark\n{GOOD},\xe9t\xe9\n".encode("latin-1"))

    for file in (tmp_path / "none.csv", tmp_path, latin):
        status, out, err = policy("decide", "--cases", file)

        assert (status, out) == (2, "")
        assert err.startswith(f"{file}: cannot be read")
        assert "Errno" not in err
        assert err.count("\n") == 1


def test_cases_and_a_single_visit_exclude_each_other(tmp_path: Path) -> None:
    file = write_file(tmp_path, ARRIVAL_COLUMNS, GOOD)

    status, out, err = policy("decide", "psa", "--year", "9", "--cases", file)

    assert (status, out) == (2, "")
    assert err == "--cases reads everything from its file; leave out NAME, --year\n"


def test_ten_thousand_rows_take_less_than_two_seconds(tmp_path: Path) -> None:
    minutes = [f"psa,2027-02-{9 + n % 4:02}T{n // 60 % 24:02}:{n % 60:02}:30,9,," for n in range(10_000)]
    rows = [f"{row}{',C2:10:30-14:00' if n % 3 else 'medical:10:00,'}" for n, row in enumerate(minutes)]
    file = write_file(tmp_path, ARRIVAL_COLUMNS, *rows)
    used_before = resource.getrusage(resource.RUSAGE_CHILDREN)

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from kiosk.commands.policy.main import app; app()",
            "decide",
            "--cases",
            str(file),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime - used_before.ru_utime - used_before.ru_stime
    assert done.stdout.count("\n") == 10_001
    assert seconds < 2  # processor time: other work on the machine does not count


def test_deciding_does_not_import_rich() -> None:
    program = (
        "import sys\nfrom kiosk.commands.policy.main import app\n"
        "app(standalone_mode=False)\nassert 'rich' not in sys.modules, 'rich'\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, "decide", *SEVEN_PAST_NINE],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


# --- decide and leave, one visit ------------------------------------------------------------------


def test_decide_answers_one_arrival_in_json() -> None:
    status, out, _ = policy("decide", *SEVEN_PAST_NINE, "--reason", "overslept", "--json")

    assert status == 0
    assert json.loads(out) == {
        "outcome": "late",
        "session": "AM",
        "code": "L",
        "suggested": None,
        "minutes_late": 22,
        "needs_office": False,
    }


def test_decide_answers_one_arrival_in_lines() -> None:
    status, out, _ = policy("decide", *SEVEN_PAST_NINE)

    assert status == 0
    *lines, for_the_pupil, for_the_office = out.splitlines()
    assert [line.split() for line in lines] == [
        ["outcome", "late"],
        ["session", "AM"],
        ["code", "L"],
        ["suggested"],
        ["minutes_late", "22"],
        ["needs_office", "false"],
    ]
    assert for_the_pupil.startswith("for the pupil  You came at 09:07, before")
    assert for_the_office.startswith("for the office Came at 09:07:00, at or after")


def test_every_option_of_decide_reaches_the_rule() -> None:
    arrival = ["psa", "--year", "9", "--at"]
    agreed = policy("decide", *arrival, "2026-11-24T10:30:00", "--agreed", "medical:10:30", "--json")[1]
    medical = policy("decide", *arrival, "2026-11-24T10:30:00", "--reason", "medical", "--json")[1]
    plan = policy("decide", *arrival, "2026-11-24T10:31:00", "--plan", "C2:10:30-15:00", "--json")[1]
    sunday = policy("decide", *arrival, "2026-11-29T10:30:00", "--json")[1]

    assert json.loads(agreed)["code"] == "M"
    assert json.loads(medical)["suggested"] == "M"
    assert (json.loads(plan)["code"], json.loads(plan)["minutes_late"]) == ("C2", 1)
    assert json.loads(sunday)["outcome"] == "closed"


def test_every_option_of_leave_reaches_the_rule() -> None:
    departure = ["leave", "kings-cross-academy", "--at", "2026-11-24T11:00:00", "--year", "3", "--json"]

    assert json.loads(policy(*departure)[1])["suggested"] == "N"
    assert json.loads(policy(*departure, "--reason", "unwell")[1])["suggested"] == "I"
    assert json.loads(policy(*departure, "--agreed", "interview")[1])["code"] == "J1"
    assert json.loads(policy(*departure, "--back", "13:45")[1])["outcome"] == "back_late"
    assert json.loads(policy(*departure, "--plan", "C2:09:00-12:00")[1])["code"] == "C2"


OWN_POLICY = """\
name = "oak-lane"
title = "Oak Lane School"
years = ["12", "13"]
leaves_alone = ["13"]
[am]
opens = "08:45"
closes = "09:15"
ends = "12:00"
[pm]
opens = "13:00"
closes = "13:30"
ends = "15:00"
[sources]
leaves_alone = "7.2"
"""


def test_decide_leave_and_show_accept_a_file(tmp_path: Path) -> None:
    file = tmp_path / "oak-lane.toml"
    file.write_text(OWN_POLICY)
    visit = ["--year", "13", "--json", "--at"]

    assert json.loads(policy("decide", file, *visit, "2026-11-24T08:50:00")[1])["code"] == "L"
    assert json.loads(policy("leave", file, *visit, "2026-11-24T11:00:00")[1])["outcome"] == "absent_pm"
    assert json.loads(policy("show", file, "--json")[1])["leaves_alone"] == ["13"]


def test_a_file_of_visits_may_name_policies_and_files(tmp_path: Path) -> None:
    own = tmp_path / "oak-lane.toml"
    own.write_text(OWN_POLICY)
    file = write_file(tmp_path, ARRIVAL_COLUMNS, GOOD, f"{own},2026-11-24T08:50:00,13,,,")

    status, out, _ = policy("decide", "--cases", file)

    assert status == 0
    assert [line.split(",")[6:9] for line in out.splitlines()[1:]] == [["late", "AM", "L"]] * 2


def test_decide_reports_every_mistake_of_a_wrong_file(tmp_path: Path) -> None:
    file = tmp_path / "oak-lane.toml"
    file.write_text(OWN_POLICY.replace("08:45", "8.45").replace("title", "titel"))

    status, out, err = policy("decide", file, "--at", "2026-11-24T08:50:00", "--year", "13")

    assert (status, out) == (2, "")
    assert [line.partition(": found")[0] for line in err.splitlines()] == [
        f"{file}, line 1: title",
        f"{file}, line 2: titel",
        f"{file}, line 6: am.opens",
    ]


def test_show_has_the_years_who_may_leave_alone_with_their_source(tmp_path: Path) -> None:
    file = tmp_path / "oak-lane.toml"
    file.write_text(OWN_POLICY)

    [own] = [
        line for line in policy("show", file)[1].splitlines() if line.strip().startswith("Years who may sign")
    ]
    [psa] = [
        line
        for line in policy("show", "psa")[1].splitlines()
        if line.strip().startswith("Years who may sign")
    ]

    assert own.split()[5:] == ["out", "13", "7.2"]
    assert psa.split()[6] == "none"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "NAME, --at, --year missing: give NAME or FILE.toml, --at and --year, or --cases FILE.csv\n"),
        (["psa", "--at", "2026-11-24T09:07:00"], "--year missing: "),
        (
            ["oak", "--at", "2026-11-24T09:07:00", "--year", "7"],
            "there is no policy 'oak'; the policies are ",
        ),
        ([*SEVEN_PAST_NINE[:-1], "14"], "wessex-mat has no year '14'; its years are N, R, "),
        ([*SEVEN_PAST_NINE, "--reason", "asleep"], "reason: 'asleep' is not a reason; "),
        ([*SEVEN_PAST_NINE, "--agreed", "medical"], "agreed: 'medical' has no end; "),
        ([*SEVEN_PAST_NINE, "--plan", "9.30"], "plan: '9.30' is not a plan's code; "),
        (
            ["psa", "--at", "2026-11-24T09:07:00Z", "--year", "7"],
            "at: '2026-11-24T09:07:00Z' has a time zone; ",
        ),
    ],
)
def test_a_refused_visit_is_one_sentence_with_status_2(arguments: list[str], sentence: str) -> None:
    status, out, err = policy("decide", *arguments)

    assert (status, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


# --- list and show --------------------------------------------------------------------------------


def test_list_names_every_policy_with_its_version() -> None:
    status, out, _ = policy("list")
    rows = json.loads(policy("list", "--json")[1])

    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == list(available())
    assert [(each["name"], each["version"]) for each in rows] == [
        (name, load(name).version) for name in available()
    ]
    assert all(each["version"] in out for each in rows)


@pytest.mark.parametrize("name", available())
def test_show_has_the_times_the_version_and_the_provisional_keys(name: str) -> None:
    status, out, _ = policy("show", name)
    policy_shown = load(name)
    in_one_line = " ".join(out.split())

    assert status == 0
    assert policy_shown.version in out
    for session in (policy_shown.am, policy_shown.pm):
        for time in (session.opens, session.late_after, session.closes, session.ends):
            assert f"{time:%H:%M}" in out
    assert out.count("│ provisional") == len(policy_shown.provisional)
    assert ", ".join(policy_shown.provisional) in in_one_line


def test_show_has_what_each_document_adds_to_the_rule() -> None:
    burbage, psa, kings_cross = (
        policy("show", name)[1] for name in ("burbage", "psa", "kings-cross-academy")
    )

    assert "review of school-transport" in burbage
    assert "required" in burbage
    assert "detention" in psa
    assert "ends, year R" in kings_cross
    assert "15:10" in kings_cross


def test_show_in_json_is_the_policy_itself() -> None:
    policy_shown = json.loads(policy("show", "wessex-mat", "--json")[1])

    assert policy_shown["version"] == load("wessex-mat").version
    assert policy_shown["am"]["closes"] == "09:15"
    assert policy_shown["sources"]["am.closes"].startswith("4.4")
    assert policy_shown["provisional"] == ["pm.ends"]


def test_show_of_an_unknown_policy_lists_the_known_ones() -> None:
    status, out, err = policy("show", "oak")

    assert (status, out) == (2, "")
    assert err.startswith("there is no policy 'oak'; the policies are burbage, charlton-park-academy, ")
