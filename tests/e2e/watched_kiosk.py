"""The product's kiosk, which also writes the texts and places of its tiles to a file.

With `FAIL_AT` in the environment, the screen class of that name (`FindScreen`) fails the first time it is
shown.
"""

import json
import os
from pathlib import Path
from typing import Any

from kiosk import entry
from kiosk.screens.window import setup

PLACES = "PLACES"
"""The JSON file. `tiles`: text and centre from the top left; `texts`: every text below the bar."""
FAIL_AT = "FAIL_AT"
LOOK_EVERY_S = 0.1


class Watch:
    """Looks at the running app and writes the file when the app is at rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = self._written = ""

    def look(self) -> None:
        from kivy.app import App

        app = App.get_running_app()
        if app is None:
            return
        state = json.dumps({"tiles": places(app.host), "texts": texts(app.host)})
        # Moving tiles are not written: a tile has no place before its screen has been laid out.
        at_rest, self._last = state == self._last, state
        if at_rest and state != self._written:
            self._written = state
            fresh = self._path.with_suffix(".new")
            fresh.write_text(state, "utf-8")
            fresh.replace(self._path)  # so that a reader never gets half a file


def texts(host: Any) -> list[str]:
    """Every text below the bar."""
    from bench.finger import as_string, visible
    from kiosk.screens.kit.label import TextBlock

    return [
        as_string(one.words) for one in visible(host.ids.area) if isinstance(one, TextBlock) and one.words
    ]


def places(host: Any) -> dict[str, tuple[float, float]]:
    """The tiles that can be pressed now, and the school's name at the top as `door`."""
    if not host.touchable:
        return {}
    from kivy.core.window import Window

    from bench.finger import label, tiles, visible
    from kiosk.screens.window.long_press import LongPressArea

    found = {label(tile): tile for tile in tiles(host) if tile.enabled}
    # Back stands in the place of the school's name on the screens of a visit.
    if (door := next((one for one in visible(host) if isinstance(one, LongPressArea)), None)) is not None:
        found["door"] = door
    centres = {name: one.to_window(*one.center) for name, one in found.items()}
    return {name: (x, Window.height - y) for name, (x, y) in centres.items()}


def fail_once(screen: str) -> None:
    """Make that screen fail the first time it is shown, and only then."""
    from kiosk.screens.window import registry

    screen_class: Any = next(
        each for each in map(registry.screen_class, registry.VIEWS) if each.__name__ == screen
    )
    show = screen_class.show

    def fail(self: Any, _view: Any) -> None:
        screen_class.show = show
        raise LookupError("an error in a screen")

    screen_class.show = fail


def main() -> None:
    prepare = setup.prepare

    def prepare_and_watch(*arguments: Any, **named: Any) -> None:
        prepare(*arguments, **named)
        from kivy.clock import Clock

        watch = Watch(Path(os.environ[PLACES]))
        Clock.schedule_interval(lambda _seconds: watch.look(), LOOK_EVERY_S)  # Kivy holds a method weakly
        if FAIL_AT in os.environ:
            fail_once(os.environ[FAIL_AT])

    setup.prepare = prepare_and_watch
    entry.main()


if __name__ == "__main__":
    main()
