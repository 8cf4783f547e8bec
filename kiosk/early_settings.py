"""The few settings that the window needs, read before any large library is imported."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

DEFAULT_STATE = Path("/var/lib/latebook")
"""The default folder of the journal and the token."""


class EarlySettings(NamedTuple):
    """The settings that the window needs."""

    state: Path
    """The state folder."""
    size: tuple[int, int] | None
    """The window's width and height in pixels; `None` for the whole screen."""
    key_file: Path | None = None
    """The file of the key that encrypts the state folder; `None` if it is not encrypted."""


def read_early(config: Path | None, environ: Mapping[str, str]) -> EarlySettings | None:
    """Read the early settings from the settings file and the environment.

    Returns:
        The settings; `None` when one of them may be invalid, so that `kiosk.settings` reads all settings and
        reports the error.
    """
    try:
        tables = tomllib.loads(config.read_text("utf-8")) if config else {}

        def setting(section: str, key: str) -> object:
            return environ.get(f"LATEBOOK_{section}_{key}".upper(), tables.get(section, {}).get(key))

        state, key_file, width, height = (
            setting("kiosk", "state"),
            setting("kiosk", "key_file"),
            setting("display", "width"),
            setting("display", "height"),
        )
        size = None if width is None and height is None else (int(str(width)), int(str(height)))
        return EarlySettings(
            Path(str(state)) if state is not None else DEFAULT_STATE,
            size,
            Path(str(key_file)) if key_file is not None else None,
        )
    except (OSError, ValueError, AttributeError):
        return None
