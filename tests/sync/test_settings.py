"""Settings from a file and the environment: where each came from, and one sentence for each mistake."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.settings import KioskSettings
from sync.register.server.settings import RegisterSettings
from sync.settings import SECTIONS, SettingsError, describe, load, variable_of


def toml(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def error_of(path: Path | None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as error:
        load(KioskSettings, path, environ or {})
    return str(error.value)


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    path = toml(tmp_path, '[kiosk]\nname = "Infants"\n[display]\nwidth = 800\nheight = 480\n')
    loaded = load(KioskSettings, path, {"LATEBOOK_DISPLAY_WIDTH": "1280", "HOME": "/"})
    assert loaded.value.kiosk.name == "Infants"
    assert loaded.value.display.size == (1280, 480)
    source_of = {key: source for key, _, source in describe(loaded)}
    assert source_of["kiosk.name"] == str(path)
    assert source_of["display.width"] == "LATEBOOK_DISPLAY_WIDTH"
    assert source_of["uplink.url"] == "default"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[reader]\nprt = 1\n", "reader.prt is not a setting; did you mean reader.port?"),
        ("[raeder]\nport = 1\n", "raeder is not a setting; did you mean reader?"),
        ("[display]\nwidth = 'wide'\n", "display.width = 'wide': expected a whole number"),
        ("[display]\nwidth = 800\n", "give both width and height"),
        ("[uplink]\nurl = 'http://register.example'\n", "write https://"),
        ("[uplink]\nurl = 'htp://register.example'\n", "is not a web address"),
        ("[reader]\ndriver = 'rdm6301'\n", "rdm6300"),
        ("[reader]\ndriver = 'wedge'\nport = 'found'\n", "'found' finds serial ports only: give its path"),
        ("[reader]\ndriver = 'wedge'\nport = 'usb:1a86:7523'\n", "give its path in /dev/input"),
        ("reader = 1\n", "reader = 1: expected a [section] of settings"),
        ("[reader\n", "is not a TOML file"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence_that_names_the_file_and_the_key(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = toml(tmp_path, text)
    sentence = error_of(path)
    assert sentence.startswith(str(path))
    assert expected in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("LATEBOOK_UPLINK_URLL", "did you mean LATEBOOK_UPLINK_URL?"),
        ("LATEBOOK_NONSENSE", "LATEBOOK_NONSENSE in the environment is not a setting"),
        ("LATEBOOK_CLOCK_OFFSET_S", "clock.offset_s = 'x': expected a number"),
    ],
)
def test_a_mistake_in_the_environment_is_one_sentence_that_names_the_variable(
    variable: str, expected: str
) -> None:
    sentence = error_of(None, {variable: "x"})
    assert sentence.startswith(variable)
    assert expected in sentence


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert error_of(tmp_path / "none.toml").endswith("none.toml cannot be read: No such file or directory")


def test_settings_of_another_program_are_ignored() -> None:
    load(KioskSettings, None, {"LATEBOOK_DATABASE_URL": "sqlite:///x"})
    load(RegisterSettings, None, {"LATEBOOK_UPLINK_URL": "http://127.0.0.1:1"})


def test_every_section_of_every_program_is_known_to_all() -> None:
    assert {*KioskSettings.model_fields, *RegisterSettings.model_fields} == SECTIONS


@pytest.mark.parametrize("settings", [KioskSettings, RegisterSettings])
def test_every_setting_can_be_given_in_the_environment(settings: type) -> None:
    for key, value, _ in list(describe(load(settings, None, {}))):
        if value is not None and "display" not in key:
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            assert load(settings, None, {variable_of(key): text}).sources[key] == variable_of(key)


def latebook(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk.commands.main", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("part", ["kiosk", "register"])
def test_config_show_says_where_each_value_came_from(part: str) -> None:
    shown = latebook("config", "show", part, LATEBOOK_CLOCK_OFFSET_S="12")
    assert shown.returncode == 0
    [line] = [line for line in shown.stdout.splitlines() if "clock.offset_s" in line]
    assert line.split() == ["clock.offset_s", "12.0", "LATEBOOK_CLOCK_OFFSET_S", "LATEBOOK_CLOCK_OFFSET_S"]


def test_a_long_value_is_not_truncated_without_a_terminal(tmp_path: Path) -> None:
    long = "sqlite:////" + "x" * 150
    assert long in latebook("config", "show", "register", LATEBOOK_DATABASE_URL=long).stdout


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "so no register knows this kiosk"),
        ({"LATEBOOK_DISPLAY_WIDTH": "wide"}, "expected a whole number"),
        ({"LATEBOOK_KIOSK_STATE": "/proc/nowhere"}, "set [kiosk] state to a folder of this user"),
    ],
)
def test_a_kiosk_that_cannot_start_says_why_in_one_sentence(
    tmp_path: Path, environ: dict[str, str], expected: str
) -> None:
    ended = latebook("kiosk", **{"LATEBOOK_KIOSK_STATE": str(tmp_path / "state"), **environ})
    assert ended.returncode == 2
    [sentence] = ended.stderr.splitlines()
    assert sentence.startswith("latebook: ")
    assert expected in sentence


def test_a_clock_offset_is_for_a_demonstration_only(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token")
    ended = latebook(
        "kiosk",
        LATEBOOK_KIOSK_STATE=str(tmp_path),
        LATEBOOK_UPLINK_URL="https://register.example",
        LATEBOOK_CLOCK_OFFSET_S="3600",
    )
    assert ended.returncode == 2
    assert "offset_s moves the clock of a demonstration" in ended.stderr
