"""The yardstick for the kiosk's window: a plain Kivy window with one button.

Run as `python -m bench.bare_window HOME WIDTH HEIGHT`; prints `window.shown` after its first frame.
"""

import os
import sys


def main(home: str, width: str, height: str) -> None:
    """Open the window; returns when it is closed."""
    os.environ.update(KIVY_HOME=home, KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1")
    from kivy.config import Config

    Config.set("graphics", "width", width)
    Config.set("graphics", "height", height)
    Config.set("graphics", "maxfps", "30")
    Config.set("graphics", "multisamples", "0")
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.uix.button import Button

    class BareWindowApp(App):  # type: ignore[misc]  # Kivy ships no types: its classes are Any
        def build(self) -> Button:
            return Button(text="Bare")

        def on_start(self) -> None:
            # Like the kiosk: after the frame that draws the widgets.
            Clock.schedule_once(lambda _seconds: self.report(), 0)

        def report(self) -> None:
            sys.stderr.write("window.shown\n")
            sys.stderr.flush()

    BareWindowApp().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
