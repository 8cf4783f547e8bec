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


def write_settings(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_file_gives_folder_and_size(tmp_path: Path) -> None:
    assert read_early(write_settings(tmp_path, TOML), {}) == EarlySettings(Path("/srv/latebook"), (1280, 800))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environ = {"LATEBOOK_KIOSK_STATE": "/srv/other", "LATEBOOK_DISPLAY_WIDTH": "800"}
    assert read_early(write_settings(tmp_path, TOML), environ) == EarlySettings(
        Path("/srv/other"), (800, 800)
    )


def test_without_settings_the_defaults_hold() -> None:
    assert read_early(None, {}) == EarlySettings(DEFAULT_STATE, None)


@pytest.mark.parametrize(
    "text",
    ["[kiosk", "kiosk = 3", "[display]\nwidth = 'wide'\nheight = 3", "[display]\nwidth = 800", "\udcff"],
)
def test_an_invalid_file_gives_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_early(path, {}) is None


def test_a_missing_file_gives_none(tmp_path: Path) -> None:
    assert read_early(tmp_path / "none.toml", {}) is None


@given(
    st.dictionaries(
        st.sampled_from(["LATEBOOK_KIOSK_STATE", "LATEBOOK_DISPLAY_WIDTH", "LATEBOOK_DISPLAY_HEIGHT"]),
        st.sampled_from(["", "800", "1280", "wide", "/srv/latebook", "-1", " 900 "]),
    )
)
def test_the_early_settings_equal_the_full_settings(environ: dict[str, str]) -> None:
    early = read_early(None, environ)
    try:
        full = load(KioskSettings, None, environ).value
    except SettingsError:
        return
    assert early == EarlySettings(full.kiosk.state, full.display.size, full.kiosk.key_file)
