"""Change a sentence on a copy of the repository: code, kv, tests and every catalogue change together."""

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.screens.tools import reword
from kiosk.screens.tools.catalogue import TRANSLATED

ROOT = Path(__file__).parents[4]
COPIED = ("kiosk", "attendance", "sync", "hardware", "tests/kiosk", "tests/e2e", "bench", "README.md")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what the tool reads and writes."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name,
                tmp_path / name,
                ignore=shutil.ignore_patterns("__pycache__", Path(__file__).name),
            )
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk.screens.tools.reword", *arguments],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": str(repository)},
        capture_output=True,
        text=True,
        check=False,
    )


def quoted(text: str) -> str:
    return f'"{text}"'


def texts(repository: Path) -> dict[str, bytes]:
    paths = (path for path in repository.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(repository).as_posix(): path.read_bytes() for path in paths}


def translations(repository: Path, tag: str) -> dict[object, tuple[object, bool]]:
    """Each message's translation and whether it is unchecked, by message id."""
    path = repository / "kiosk/screens/languages" / tag / "LC_MESSAGES/latebook.po"
    with path.open("rb") as file:
        return {message.id: (message.string, message.fuzzy) for message in read_po(file) if message.id}


def compiled(repository: Path, tag: str) -> gettext.NullTranslations:
    folder = repository / "kiosk/screens/languages"
    return gettext.translation("latebook", localedir=folder, languages=[tag])


def test_a_sentence_changes_in_kv_tests_and_benchmarks_and_keeps_every_translation(repository: Path) -> None:
    before = {tag: translations(repository, tag) for tag in TRANSLATED}
    done = run(repository, "Sign in and go to class", "Sign in, then go to class")
    assert done.returncode == 0, done.stderr
    assert "Sign in, then go to class" in (repository / "kiosk/screens/arriving/home.kv").read_text("utf-8")
    assert [name for name, text in texts(repository).items() if b"Sign in and go to class" in text] == []
    for tag in TRANSLATED:
        after = translations(repository, tag)
        assert after.pop("Sign in, then go to class") == before[tag].pop("Sign in and go to class")
        assert after == before[tag]
        translation = before[tag]["Back"][0]
        assert compiled(repository, tag).gettext("Back") == translation


def test_the_kiosk_reads_the_old_translation_under_the_new_sentence(repository: Path) -> None:
    polish = compiled(repository, "pl").gettext("Welcome back, {name}")
    assert run(repository, "Welcome back, {name}", "Hello again, {name}").returncode == 0
    gettext._translations.clear()  # type: ignore[attr-defined]  # gettext keeps what it has read by path
    assert compiled(repository, "pl").gettext("Hello again, {name}") == polish


def test_a_sentence_with_a_value_changes_where_a_test_has_filled_it_in(repository: Path) -> None:
    test = repository / "tests/kiosk/screens/wording/test_done.py"
    filled = test.read_text("utf-8").count(quoted("Signed out at 09:31"))
    test.write_text(f"{test.read_text('utf-8')}\n\nEXAMPLE = {quoted('Signed out at 09:31')}\n", "utf-8")
    assert run(repository, "Signed out at {time}", "You signed out at {time}").returncode == 0
    assert test.read_text("utf-8").count(quoted("You signed out at 09:31")) == filled + 1
    assert quoted("Signed out at 09:31") not in test.read_text("utf-8")


def test_one_form_of_a_plural_changes_and_the_other_stays(repository: Path) -> None:
    before = translations(repository, "pl")
    assert run(repository, "{count} cards are waiting", "{count} cards wait").returncode == 0
    after = translations(repository, "pl")
    old = before.pop(("{count} card is waiting", "{count} cards are waiting"))
    assert after.pop(("{count} card is waiting", "{count} cards wait")) == old
    assert after == before


def test_a_long_sentence_is_broken_so_that_its_line_is_not_too_long(repository: Path) -> None:
    new = "We have asked a member of staff in the office, who will come to reception, to release {name}. " * 2
    assert run(repository, "We have asked a member of staff to release {name}.", new.strip()).returncode == 0
    code = (repository / "kiosk/screens/wording/leaving.py").read_text("utf-8")
    assert "reception, to release {name}. We" not in code
    assert new.strip() in translations(repository, "ur")


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("No such sentence", "Another", "“No such sentence” is not a sentence of the screens; "),
        ("Back", "Done", "“Done” is already another sentence of the screens."),
        ("Back", "{count} cards are waiting", "“{count} cards are waiting” is already another sentence"),
        ("Welcome back, {name}", "Welcome back", "The new sentence loses {name}."),
        ("Back", "Back, {name}", "The new sentence names {name}, for which the code has no value."),
        ("Back", "Back {", "“Back {” has a stray brace: "),
        ("Back", "Back", "The new sentence is the same as the old one."),
        ("", "Back", "Give the old sentence and the new one: "),
    ],
)
def test_a_sentence_that_cannot_be_changed_is_refused_and_no_file_is_touched(
    repository: Path, old: str, new: str, refusal: str
) -> None:
    before = texts(repository)
    done = run(repository, old, new)
    assert (done.returncode, done.stderr[: len(refusal)], done.stderr.count("\n")) == (2, refusal, 1)
    assert texts(repository) == before


# --- Source files; with words that are on no screen, so that the tool itself leaves this file alone ---


def test_only_translated_literals_change_in_the_code_of_the_screens() -> None:
    source = 'state = "old"\nwords = _("old")\n'
    assert reword.reword_python(source, reword.exactly("old", "new"), calls_only=True) == (
        'state = "old"\nwords = _("new")\n'
    )


def test_letters_of_several_bytes_do_not_shift_a_replacement() -> None:
    source = 'words = (_("Română"), _("old"))  # ✓\n'
    assert reword.reword_python(source, reword.exactly("old", "“new”"), calls_only=True) == (
        'words = (_("Română"), _("“new”"))  # ✓\n'
    )


def test_an_apostrophe_is_escaped_in_kv() -> None:
    assert reword.reword_kv("text: tr._('old')", "old", "don't") == "text: tr._('don\\'t')"


def test_a_sentence_changes_inside_a_longer_text_of_a_test() -> None:
    replace = reword.filled_in("Please wait outside.", "Please wait here.")
    assert replace("One moment. Please wait outside.") == "One moment. Please wait here."
    assert replace("Please wait") is None


def test_a_value_that_stands_twice_is_the_same_value() -> None:
    replace = reword.filled_in("Welcome {name}, dear {name}", "Good morning, {name}")
    assert replace("Welcome Noah, dear Noah") == "Good morning, Noah"
    assert replace("Welcome Noah, dear Amelia") is None


def test_a_value_is_not_taken_from_another_sentence_on_the_line() -> None:
    replace = reword.filled_in("{count} more of other days", "{count} more from other days")
    assert replace("7 more of other days") == "7 more from other days"
    assert replace("Today · 7 more of other days") is None
