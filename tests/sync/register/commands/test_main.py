"""`latebook register …`"""

import re
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from sync.register.accounts.sessions import is_password, open_session, person_of
from sync.register.commands.main import app
from sync.register.schools.schools import bundle
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, SchoolRow, StaffRow


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Path:
    file = tmp_path / "register.toml"
    file.write_text(f'[database]\nurl = "{database_url}"\n')
    return file


def run(config: Path, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, [*arguments, "--config", str(config)], input=typed)


def test_a_school_and_a_user_are_added(config: Path, database: Database) -> None:
    assert run(config, "migrate").exit_code == 0
    assert run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa").exit_code == 0
    added = run(
        config,
        "user",
        "add",
        "Office",
        "--name",
        "J. Office",
        "--position",
        "Office",
        typed="a long password\n",
    )
    assert (added.exit_code, added.output) == (0, "office can log in.\n")
    with database.read() as session:
        assert session.scalars(select(SchoolRow)).one().policy["name"] == "psa"
        assert session.scalars(select(StaffRow.position)).one() == "Office"
        assert is_password(session, "office", "a long password")


@pytest.fixture
def boss(config: Path) -> Path:
    """A register of two schools; an administrator of one has a login."""
    for school in ("elm", "oak"):
        run(config, "school", "add", school, "A School", "--policy", "psa")
    add = ("user", "add", "boss", "--name", "A. Boss", "--position", "Head", "--role", "administrator")
    assert run(config, *add, "--school", "oak", typed="a long password\n").exit_code == 0
    return config


@pytest.mark.parametrize("school", ["elm", "oak"])
def test_a_taken_user_name_is_refused_at_every_school(boss: Path, database: Database, school: str) -> None:
    add = ("user", "add", "Boss", "--name", "New Person", "--position", "Office", "--school", school)
    result = run(boss, *add, typed="another long one\n")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "the login 'boss' is taken; choose another" in result.stderr
    assert "latebook register user password boss --school oak" in result.stderr
    with database.read() as session:
        row = session.get_one(StaffRow, "boss")
        assert (row.school_id, row.name, row.role) == ("oak", "A. Boss", "administrator")
        assert is_password(session, "boss", "a long password")


def test_another_password_ends_the_sessions_and_is_in_the_audit(boss: Path, database: Database) -> None:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    with database.write() as session:
        token = open_session(session, "boss", now=at)
    given = run(boss, "user", "password", "Boss", "--school", "oak", typed="another long one\n")
    assert (given.exit_code, given.stdout) == (0, "boss has a new password.\n")
    with database.read() as session:
        assert is_password(session, "boss", "another long one")
        assert person_of(session, token, now=at) is None
        row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
    assert (row.action, row.school_id, row.subject) == ("password changed", "oak", "boss")
    assert (row.name, row.address, row.detail) == ("operator", "command line", {})


@pytest.mark.parametrize(
    ("school", "typed", "expected"),
    [
        ("elm", "another long one", "there is no login 'boss' at this school"),
        ("oak", "short", "the password must have 10 to 1024 characters"),
    ],
)
def test_a_new_password_is_for_one_school_and_not_too_short(
    boss: Path, database: Database, school: str, typed: str, expected: str
) -> None:
    result = run(boss, "user", "password", "boss", "--school", school, typed=f"{typed}\n")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert expected in result.stderr
    with database.read() as session:
        assert is_password(session, "boss", "a long password")


def test_a_pin_is_drawn_and_shown_once(config: Path, database: Database) -> None:
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    add = ("pin", "add", "--position", "Receptionist", "--name")
    shown = [run(config, *add, name).output for name in ("R. Front", "T. Other")]
    for name, output in zip(("R. Front", "T. Other"), shown, strict=True):
        assert re.fullmatch(
            rf"{name} has a PIN for the kiosks of oak\.\nThe PIN is [0-9]{{6}}; it is not shown again\.\n",
            output,
        )
    refused = run(config, *add, " ")
    assert (refused.exit_code, "neither may be empty" in refused.stderr) == (2, True)
    with database.read() as session:
        assert {member.name for member in bundle(session, "oak").staff} == {"R. Front", "T. Other"}
        assert session.scalars(select(SchoolRow.bundle_version)).one() == bundle(session, "oak").version


def test_an_enrolment_code_is_all_that_is_printed(config: Path) -> None:
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    made = run(config, "enrolment-code", "oak")
    assert made.exit_code == 0
    assert len(made.stdout.strip()) == 11


def test_what_the_operator_does_is_in_the_audit(config: Path, database: Database) -> None:
    run(config, "school", "add", "oak", "Oak Lane School", "--policy", "psa")
    run(config, "enrolment-code", "oak")
    with database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(row.action, row.school_id, row.name, row.address) for row in rows] == [
        ("school added", "oak", "operator", "command line"),
        ("enrolment code made", "oak", "operator", "command line"),
    ]
    assert (rows[0].subject, rows[0].detail) == ("oak", {"name": "Oak Lane School"})


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["enrolment-code", "elm"], "there is no school 'elm'; the register has: none yet"),
        (["school", "add", "oak", "Oak", "--policy", "nope"], "there is no policy 'nope'"),
        (["school", "add", "oak", "Oak", "--policy", "psa", "--zone", "Mars"], "'Mars' is not a time zone"),
        (["user", "add", "x", "--name", "X", "--position", "Y"], "the register has no school yet"),
    ],
)
def test_errors_are_reported_in_one_sentence(config: Path, arguments: list[str], expected: str) -> None:
    result = run(config, *arguments, typed="a long password\n")
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_is_reported_in_one_sentence(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATEBOOK_SERVER_PORT", "eighty")
    result = run(config, "migrate")
    assert result.exit_code == 2
    assert "LATEBOOK_SERVER_PORT" in result.stderr


def test_a_school_may_have_a_policy_of_its_own_file(config: Path, tmp_path: Path) -> None:
    comes_with_it = resources.files("attendance.policies").joinpath("psa.toml").read_text("utf-8")
    own = tmp_path / "own.toml"
    own.write_text(comes_with_it.replace('name = "psa"', 'name = "own"'), "utf-8")
    assert run(config, "school", "add", "oak", "Oak Lane School", "--policy", str(own)).exit_code == 0


@pytest.mark.parametrize("school_id", ["bad id/with <x>", "Oak", "oak_lane", "oak-", "é", "oak\n", ""])
def test_a_school_has_an_id_that_can_stand_in_an_address(
    config: Path, database: Database, school_id: str
) -> None:
    result = run(config, "school", "add", school_id, "Oak Lane School", "--policy", "psa")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "lower-case letters, digits and hyphens" in result.stderr
    with database.read() as session:
        assert session.scalars(select(SchoolRow.id)).all() == []


def test_an_existing_school_is_not_added_again(config: Path) -> None:
    add = ("school", "add", "oak", "Oak Lane School", "--policy", "psa")
    run(config, *add)
    result = run(config, *add)
    assert result.exit_code == 2
    assert "already" in result.stderr
