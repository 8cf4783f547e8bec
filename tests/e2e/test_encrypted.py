"""A kiosk whose disk is encrypted: its day, and what a finder of its SD card reads."""

from pathlib import Path

import pytest

from demo.programs import kiosk_state
from demo.school import DemoSchool
from kiosk.disk_key import read_key
from kiosk.enrolment import read_token
from tests.e2e.running import product, until

FIRST_REASON = (0.37, 0.315)
"""Its place on the screen, as shares of a landscape display."""
LEAST_LETTERS = 5
"""Shorter names stand in encrypted bytes by chance."""


def plain_words(school: DemoSchool, state: Path, words: list[str]) -> list[str]:
    """Which names of the roster and the families' lists, and which other words, stand in a file below it."""
    people = [name for pupil in school.pupils for name in (pupil.first, pupil.last)]
    people += [contact.name for contact in school.contacts]
    names = {name for name in people if len(name) >= LEAST_LETTERS}
    assert len(names) > 500
    content = b"\0".join(path.read_bytes() for path in sorted(state.rglob("*")) if path.is_file())
    assert len(content) > 100_000
    return [word for word in (*names, *words) if word.encode() in content]


@pytest.mark.timeout(300)
def test_no_name_and_no_token_is_readable_on_the_disk_after_a_day_with_a_power_cut(tmp_path: Path) -> None:
    with product(tmp_path, encrypted=True) as running:
        state = kiosk_state(tmp_path)
        token = read_token(state, read_key(tmp_path / "disk.key"))
        words = [token, "arrival", "boot_id", "admission"]
        running.tap("Amelia")
        running.screen("reason")
        until(lambda: (state / "journal-encrypted.db-wal").stat().st_size > 0)
        assert plain_words(running.school, state, words) == []
        before = len(running.kiosk.lines())
        running.kiosk.kill()
        assert plain_words(running.school, state, words) == []
        running.kiosk.start()
        running.kiosk.wait_for("kiosk.ready", after=before)
        # What was tapped before the power cut is an arrival.
        until(lambda: [entry.pupil for entry in running.entries()] == [running.pupil_id("Amelia")])
        for number, name in enumerate(("Niamh", "Oliver"), 2):
            running.tap(name)
            running.screen("reason", number)
            running.touch(*FIRST_REASON)
            running.commits(number)
        until(lambda: len(running.entries()) == 3)
        running.kiosk.stop()
        assert plain_words(running.school, state, words) == []
        assert not list(state.glob("*damaged*"))
        assert plain_words(running.school, tmp_path, ["Amelia"]), "the register's own database has them"


def test_without_its_key_a_kiosk_says_so_in_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    with product(tmp_path, encrypted=True) as running:
        running.kiosk.stop()
        (tmp_path / "disk.key").rename(tmp_path / "taken.key")
        state = kiosk_state(tmp_path)
        before = {path: path.read_bytes() for path in state.glob("*encrypted*")}
        lines = len(running.kiosk.lines())
        running.kiosk.start()
        until(lambda: not running.kiosk.running)
        [sentence] = [line for line in running.kiosk.lines()[lines:] if "key_file" in line]
        assert "disk.key is missing, and without this key the journal cannot be read" in sentence
        assert not any("Traceback" in line for line in running.kiosk.lines()[lines:])
        assert {path: path.read_bytes() for path in state.glob("*encrypted*")} == before
