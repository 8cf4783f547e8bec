"""The little of a kiosk's settings that its window needs, read before anything large is imported."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

DEFAULT_STATE = Path("/var/lib/latebook")
"""The folder of the journal and the token, where no setting names another."""


class Glance(NamedTuple):
    """What was seen at a glance."""

    state: Path
    size: tuple[int, int] | None
    """Of the window, in pixels; None: the whole screen."""


def glance(config: Path | None, environ: Mapping[str, str]) -> Glance | None:
    """Look at the settings' file and the environment, without saying what is wrong with them.

    Returns:
        What they say, or None where anything is not as plain as it should be: `kiosk.settings` reads them
        whole a moment later, and says in a sentence what that is.
    """
    try:
        tables = tomllib.loads(config.read_text("utf-8")) if config else {}

        def of(section: str, key: str) -> object:
            return environ.get(f"LATEBOOK_{section}_{key}".upper(), tables.get(section, {}).get(key))

        state, width, height = of("kiosk", "state"), of("display", "width"), of("display", "height")
        size = None if width is None and height is None else (int(str(width)), int(str(height)))
        return Glance(Path(str(state)) if state is not None else DEFAULT_STATE, size)
    except (OSError, ValueError, AttributeError):
        return None
