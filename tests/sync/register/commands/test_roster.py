"""`latebook roster import`"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from sync.register.commands.roster import app
from sync.register.storage.database import Database
from tests.sync.register.roster.support import SCHOOL, pupils, upn

HEADING = "Adm No,UPN,Surname,Forename,NC Year,Reg Group\n"


@pytest.fixture(autouse=True)
def logs_end_with_the_test() -> Iterator[None]:
    """The command logs to the standard error of its own run, which is closed afterwards."""
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Path:
    file = tmp_path / "register.toml"
    file.write_text(f'[database]\nurl = "{database_url}"\n')
    return file


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    file = tmp_path / "pupils.csv"
    file.write_text(HEADING + "".join(f"{n:04d},{upn(n)},Bell{n},Ida,7,7B\n" for n in range(1, 31)))
    return file


def run(config: Path, *arguments: str | Path, school: str = SCHOOL, typed: str | None = None) -> Result:
    given = ["import", *map(str, arguments), "--school", school, "--config", str(config)]
    return CliRunner().invoke(app, given, env={"COLUMNS": "200"}, input=typed)


def test_columns_and_a_preview_are_shown_and_then_it_is_done(
    school: Database, config: Path, roster: Path
) -> None:
    roster.write_text(roster.read_text() + "9,,Price,Leo,99,\n")
    done = run(config, roster, "--yes")
    assert done.exit_code == 0, done.output
    assert "CSV (UTF-8, comma)" in done.stdout
    assert "Reg Group" in done.stdout
    assert "New (30)" in done.stdout
    assert "Ida Bell1 (year 7, 7B)" in done.stdout
    assert "… and 10 more (--all shows them)" in done.stdout
    assert "pupils.csv, line 32: not imported: the year '99' is not known" in done.stdout
    assert "Done: 30 new, 0 changed, 0 gone, 0 unchanged, 1 row not imported." in done.stdout
    assert len(pupils(school)) == 30
    again = run(config, roster, "--yes")
    assert "The register has all of this already; nothing was changed." in again.stdout


def test_nothing_is_done_without_a_confirmation(school: Database, config: Path, roster: Path) -> None:
    result = run(config, roster)
    assert result.exit_code == 2
    assert (
        "nothing was changed, because there is no terminal to confirm at; --yes confirms in advance"
        in result.stderr
    )
    assert pupils(school) == {}


def test_a_user_at_a_terminal_confirms_the_columns_and_the_plan(
    school: Database, config: Path, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.register.commands.roster._is_interactive", lambda: True)
    assert run(config, roster, typed="n\n").exit_code == 1
    no = run(config, roster, typed="y\nn\n")
    assert "Import this into the register of Oak Lane School?" in no.stdout
    assert (no.exit_code, pupils(school)) == (1, {})
    assert run(config, roster, typed="y\ny\n").exit_code == 0
    roster.write_text("".join(roster.read_text().splitlines(keepends=True)[:20]))
    shrunk = run(config, roster, typed="y\ny\ny\n")
    assert "11 of 30 pupils would go, more than a tenth. Is that right?" in shrunk.stdout
    assert sum(each.on_roll for each in pupils(school).values()) == 19


def test_yes_does_not_confirm_losing_more_than_a_tenth(school: Database, config: Path, roster: Path) -> None:
    run(config, roster, "--yes")
    roster.write_text("".join(roster.read_text().splitlines(keepends=True)[:20]))
    refused = run(config, roster, "--yes")
    assert refused.exit_code == 2
    assert "would take 11 of 30 pupils off the roll" in refused.stderr
    assert "Gone (11)" in refused.stdout
    assert run(config, roster, "--yes", "--shrink").exit_code == 0
    assert sum(each.on_roll for each in pupils(school).values()) == 19


def test_a_partial_roster_removes_no_pupil(school: Database, config: Path, roster: Path) -> None:
    run(config, roster, "--yes")
    roster.write_text(HEADING + f"0001,{upn(1)},Bell,Ida,8,8A\n")
    assert "0 new, 1 changed, 0 gone" in run(config, roster, "--yes", "--partial").stdout


def test_a_column_can_be_named(school: Database, config: Path, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Surname,Vorname,Stage\nPrice,Leo,9\n")
    assert run(config, file, "--yes", "--map", "first=Vorname", "--map", "year=Stage").exit_code == 0
    assert pupils(school)["n1"].first == "Leo"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--format", "excel"], "there is no format 'excel'; write auto, csv, sds, oneroster, ctf"),
        (["--map", "first"], "--map 'first' is not FIELD=HEADING; the fields are first, last"),
        (["--map", "first=Nothing"], "pupils.csv has no column 'Nothing'; it has Adm No, UPN"),
        (["--format", "ctf"], "is not XML"),
        (["--format", "sds"], "the file Student.csv is missing; Microsoft School Data Sync needs it"),
    ],
)
def test_errors_are_reported_in_one_sentence(
    school: Database, config: Path, roster: Path, arguments: list[str], expected: str
) -> None:
    result = run(config, roster, "--yes", *arguments)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stderr.count("\n") == 1
    assert pupils(school) == {}


def test_an_unknown_school_is_reported_in_one_sentence(school: Database, config: Path, roster: Path) -> None:
    result = run(config, roster, "--yes", school="elm")
    assert (result.exit_code, pupils(school)) == (2, {})
    assert "there is no school 'elm' in the register" in result.stderr


def test_no_name_is_logged(school: Database, config: Path, roster: Path) -> None:
    logged = run(config, roster, "--yes").stderr
    assert "roster.imported" in logged
    assert "Bell" not in logged
