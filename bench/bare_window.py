"""The yardstick for the kiosk's window: Kivy with one button in it, set up as plainly as it can be.

Run as `python -m bench.bare_window HOME WIDTH HEIGHT`; says `window.shown` once its first frame is drawn.
"""

import os
import sys


def main(home: str, width: str, height: str) -> None:
    """Open it, until it is told to stop."""
    os.environ.update(KIVY_HOME=home, KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1")
    from kivy.config import Config

    Config.set("graphics", "width", width)
    Config.set("graphics", "height", height)
    Config.set("graphics", "maxfps", "30")
    Config.set("graphics", "multisamples", "0")
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.uix.button import Button

    class OneButton(App):  # type: ignore[misc]  # Kivy ships no types: its classes are Any
        def build(self) -> Button:
            return Button(text="Bare")

        def on_start(self) -> None:
            # The kiosk's own line comes the same way: after the frame that draws what was built.
            Clock.schedule_once(lambda _seconds: self.said(), 0)

        def said(self) -> None:
            sys.stderr.write("window.shown\n")
            sys.stderr.flush()

    OneButton().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
