"""The product's kiosk in a process that also writes down what is said, and where each tile is, to be touched.

With `FAIL_AT` in the environment, the screen of that name (`FindScreen`) fails the first time it is shown.
"""

import json
import os
from pathlib import Path
from typing import Any

from kiosk import entry
from kiosk.screens.window import setup

PLACES = "PLACES"
"""The file, as JSON. `tiles`: what each says, and its centre in the window from the top left; `said`: all
that is written below the bar."""
FAIL_AT = "FAIL_AT"
LOOK_EVERY_S = 0.1


class Watch:
    """Looks at the running app, and writes once it is at rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._written = ""

    def look(self) -> None:
        from kivy.app import App

        app = App.get_running_app()
        if app is None:
            return
        said = json.dumps({"tiles": places(app.host), "said": written(app.host)})
        # What moves is not written: a tile has no place before its screen has been laid out.
        at_rest, self._seen = said == self._seen, said
        if at_rest and said != self._written:
            self._written = said
            fresh = self._path.with_suffix(".new")
            fresh.write_text(said, "utf-8")
            fresh.replace(self._path)  # whoever reads it never reads half


def written(host: Any) -> list[str]:
    """All that is written below the bar."""
    from bench.finger import as_string, visible
    from kiosk.screens.kit.label import TextBlock

    return [
        as_string(one.words) for one in visible(host.ids.area) if isinstance(one, TextBlock) and one.words
    ]


def places(host: Any) -> dict[str, tuple[float, float]]:
    """The tiles that can be pressed now, and the school's name at the top."""
    if not host.touchable:
        return {}
    from kivy.core.window import Window

    from bench.finger import label, tiles, visible
    from kiosk.screens.window.long_press import LongPressArea

    found = {label(tile): tile for tile in tiles(host) if tile.enabled}
    found["door"] = next(one for one in visible(host) if isinstance(one, LongPressArea))
    centres = {name: one.to_window(*one.center) for name, one in found.items()}
    return {name: (x, Window.height - y) for name, (x, y) in centres.items()}


def fail_once(screen: str) -> None:
    """Let that screen fail the first time that it is shown, and never again."""
    from kiosk.screens.window import registry

    shown: Any = next(each for each in map(registry.screen_class, registry.VIEWS) if each.__name__ == screen)
    show = shown.show

    def fails(self: Any, _view: Any) -> None:
        shown.show = show
        raise LookupError("a fault in a screen")

    shown.show = fails


def main() -> None:
    prepare = setup.prepare

    def prepared(*arguments: Any, **named: Any) -> None:
        prepare(*arguments, **named)
        from kivy.clock import Clock

        watch = Watch(Path(os.environ[PLACES]))
        Clock.schedule_interval(lambda _seconds: watch.look(), LOOK_EVERY_S)  # a method is held weakly
        if FAIL_AT in os.environ:
            fail_once(os.environ[FAIL_AT])

    setup.prepare = prepared
    entry.main()


if __name__ == "__main__":
    main()
