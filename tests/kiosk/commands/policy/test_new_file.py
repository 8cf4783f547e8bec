"""The file that `latebook policy new` writes, and the places where it refuses to write one."""

import os
from pathlib import Path

import pytest

from attendance.policy.files import load_file
from tests.kiosk.commands.policy.new_policy import OPTIONAL, REQUIRED, new, options


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_existing_file_is_replaced_with_force_only() -> None:
    file = Path("mine.toml")
    file.write_text("precious")

    refused = new("mine.toml", *options(REQUIRED))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "mine.toml already exists; give another FILE, or --force to replace it\n"
    assert file.read_text() == "precious"

    assert new("mine.toml", "--force", *options(REQUIRED)).exit_code == 0
    assert load_file(file).title == "Oak Lane School"
    assert list(Path().iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_refused_before_the_first_question() -> None:
    Path("mine.toml").write_text("precious")

    result = new("mine.toml", answers=["Oak Lane School"])

    assert result.exit_code == 2
    assert "already exists" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [options(REQUIRED), []], ids=["options", "questions"])
@pytest.mark.parametrize(
    ("file", "says"),
    [
        (
            "no/such/mine.toml",
            "there is no folder no/such; create it first, or give a FILE in a folder that exists\n",
        ),
        ("notes.txt/mine.toml", "notes.txt is a file, not a folder; give a FILE in a folder\n"),
        ("notes.txt/deep/mine.toml", "notes.txt is a file, not a folder; give a FILE in a folder\n"),
        ("folder", "folder is a folder; give the name of a FILE in it, for example folder/oak-lane.toml\n"),
    ],
)
def test_an_unusable_place_is_named_with_a_remedy_before_the_first_question(
    file: str, says: str, arguments: list[str]
) -> None:
    Path("notes.txt").write_text("precious")
    Path("folder").mkdir()

    result = new(file, "--force", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.replace(f"{Path.cwd()}/", "") == says
    assert Path("notes.txt").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("file", [["read-only/mine.toml"], []], ids=["named", "here"])
def test_a_folder_of_another_user_is_named_with_a_remedy(
    file: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path("read-only").absolute()
    folder.mkdir(mode=0o500)
    if not file:
        monkeypatch.chdir(folder)

    result = new(*file, *options(REQUIRED))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"you may not write to the folder {folder if not file else 'read-only'};")
    assert "give a FILE in a folder of your own" in result.stderr


def test_a_read_only_folder_is_named_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("read-only").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "read-only" or not mode & os.W_OK)

    result = new("read-only/mine.toml", *options(REQUIRED))

    assert result.exit_code == 2
    assert result.stderr.startswith("you may not write to the folder read-only; give a FILE in a folder of")


def test_a_file_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path("mine.toml")
    file.write_text("precious")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device", "mine.toml")

    monkeypatch.setattr(os, "fsync", full)
    result = new("mine.toml", "--force", *options(REQUIRED))

    assert result.exit_code == 2
    assert result.stderr == (
        "mine.toml: cannot be written: No space left on device; give a FILE in another folder\n"
    )
    assert file.read_text() == "precious"
    assert list(Path().iterdir()) == [file]


def test_every_key_has_a_comment_with_its_meaning_and_its_source() -> None:
    new("mine.toml", *options(REQUIRED, OPTIONAL), "--source", "am.opens=4.3")

    lines = Path("mine.toml").read_text("utf-8").splitlines()
    assert 'opens = "08:45"  # stated in 4.3' in lines
    assert 'closes = "09:15"  # not stated in the document: to be confirmed by the school' in lines
    assert "retention_years = 7  # not stated in the document: to be confirmed by the school" in lines
    assert 'leaves_alone = ["2"]  # not stated in the document: to be confirmed by the school' in lines
    for number, line in enumerate(lines):
        if line.startswith(
            ("opens", "late_after", "closes", "unauthorised", "ends", "years", "name", "title", "leaves")
        ):
            assert lines[number - 1].startswith("# "), line
    assert max(map(len, lines)) <= 120
