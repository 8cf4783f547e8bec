from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.early_settings import DEFAULT_STATE, EarlySettings, read_early
from kiosk.settings import KioskSettings
from sync.settings import SettingsError, load

TOML = """
[kiosk]
name = "Reception"
state = "/srv/latebook"
[display]
width = 1280
height = 800
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_file_says_where_and_how_large(tmp_path: Path) -> None:
    assert read_early(written(tmp_path, TOML), {}) == EarlySettings(Path("/srv/latebook"), (1280, 800))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environ = {"LATEBOOK_KIOSK_STATE": "/srv/other", "LATEBOOK_DISPLAY_WIDTH": "800"}
    assert read_early(written(tmp_path, TOML), environ) == EarlySettings(Path("/srv/other"), (800, 800))


def test_without_settings_the_defaults_hold() -> None:
    assert read_early(None, {}) == EarlySettings(DEFAULT_STATE, None)


@pytest.mark.parametrize(
    "text",
    ["[kiosk", "kiosk = 3", "[display]\nwidth = 'wide'\nheight = 3", "[display]\nwidth = 800", "\udcff"],
)
def test_what_is_not_plain_is_left_to_those_who_can_say_what_is_wrong(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_early(path, {}) is None


def test_a_file_that_is_not_there_is_left_to_them_too(tmp_path: Path) -> None:
    assert read_early(tmp_path / "none.toml", {}) is None


@given(
    st.dictionaries(
        st.sampled_from(["LATEBOOK_KIOSK_STATE", "LATEBOOK_DISPLAY_WIDTH", "LATEBOOK_DISPLAY_HEIGHT"]),
        st.sampled_from(["", "800", "1280", "wide", "/srv/latebook", "-1", " 900 "]),
    )
)
def test_a_glance_sees_what_the_whole_settings_say(environ: dict[str, str]) -> None:
    seen = read_early(None, environ)
    try:
        whole = load(KioskSettings, None, environ).value
    except SettingsError:
        return
    assert seen == EarlySettings(whole.kiosk.state, whole.display.size)
