"""Pictures of every screen in every state, language and size, with a web page of them (`make screens`).

`python -m kiosk.screens.tools.gallery FOLDER` needs a display: run it under `python -m demo.display`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path

from attendance.languages import LANGUAGES
from kiosk.screens import samples
from kiosk.screens.window import setup
from kiosk.screens.wording.help import help_lines
from kiosk.views import Frame, View

SIZES = ((1280, 800), (800, 480), (720, 1280), (1920, 1080))
"""The three sizes of the design, and the largest display."""

HELP = "help-"
"""Before the name of a sample: Help is open over it."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which pictures to draw: sizes in pixels, languages by tag, samples by the start of their name."""

    sizes: tuple[tuple[int, int], ...]
    languages: tuple[str, ...]
    only: str = ""

    def frames(self, language: str) -> dict[str, Frame]:
        """The samples in a language, without those that are in a language of their own."""
        plain = {name: frame for name, frame in samples.frames().items() if frame.look.language == "en"}
        helped: dict[type[View], tuple[str, Frame]] = {}
        for name, frame in plain.items():
            if frame.seconds_left is None:  # Help makes way for the question
                helped.setdefault(type(frame.view), (f"{HELP}{name}", frame))
        return {
            name: replace(frame, look=replace(frame.look, language=language))
            for name, frame in {**plain, **dict(helped.values())}.items()
            if name.startswith(self.only)
        }


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.screens.tools.gallery", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--size", action="append", help="only this size, as 1280x800; may be repeated")
    parser.add_argument(
        "--language", action="append", choices=LANGUAGES, help="only this language; may be repeated"
    )
    parser.add_argument("--only", default="", help="only samples whose name starts with this")
    parser.add_argument("--render", action="store_true", help=argparse.SUPPRESS)  # the process for one size
    options = parser.parse_args(arguments)
    if "DISPLAY" not in os.environ:
        parser.error("there is no display: run it as `python -m demo.display COMMAND …`")
    sizes = tuple(_size(size) for size in options.size) if options.size else SIZES
    selection = Selection(sizes, tuple(options.language or LANGUAGES), options.only)
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.render:
        render(options.folder, selection)
        return 0
    languages = [f"--language={tag}" for tag in selection.languages]
    for width, height in sizes:  # each in its own process, because Kivy opens one window a process
        command = [
            sys.executable,
            "-m",
            "kiosk.screens.tools.gallery",
            str(options.folder),
            "--only",
            options.only,
        ]
        command += ["--render", "--size", f"{width}x{height}", *languages]
        subprocess.run(command, check=True)  # noqa: S603  # this very program
    (options.folder / "index.html").write_text(page(options.folder, selection), "utf-8")
    _report(f"look at {options.folder / 'index.html'}")
    return 0


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _report(what: str) -> None:
    sys.stdout.write(f"screens: {what}\n")
    sys.stdout.flush()


def picture(name: str, size: tuple[int, int], language: str) -> str:
    """A picture's path in the folder: `ur/home-800x480.png`."""
    return f"{language}/{name}-{size[0]}x{size[1]}.png"


def render(folder: Path, selection: Selection) -> None:
    """Draw the samples at the first size in each of the selected languages."""
    with tempfile.TemporaryDirectory() as home:
        setup.prepare(Path(home), selection.sizes[0])
        _render(folder, selection)


def _render(folder: Path, selection: Selection) -> None:
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")  # as fast as possible
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.screens.window.window import KioskApp

    def draw(app: KioskApp, frame: Frame, path: Path) -> None:
        app.show(frame)
        app.host.show_now()
        menu = app.host.ids.menu
        menu.close()
        if path.name.startswith(HELP):
            menu.explain(help_lines(frame.view))
        for _pass in range(4):  # sizes that depend on sizes need a few passes
            EventLoop.idle()
        Window.dispatch("on_draw")
        Path(Window.screenshot(name=str(path))).replace(path)

    def draw_all(app: KioskApp) -> None:
        size = selection.sizes[0]
        for language in selection.languages:
            (folder / language).mkdir(exist_ok=True)
            frames = selection.frames(language)
            for name, frame in frames.items():
                draw(app, frame, folder / picture(name, size, language))
            _report(f"{size[0]}x{size[1]} in {language}: {len(frames)} pictures")
        app.allow_close = True
        app.stop()

    KioskApp(lambda _touch: None, draw_all).run()


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Latebook screens</title>
<style>
body { font: 16px sans-serif; margin: 2rem; background: #ddd }
nav { position: sticky; top: 0; padding: 0.5rem 0; background: #ddd }
nav a { margin-right: 1rem }
summary { font-size: 1.2rem; padding: 0.4rem 0; cursor: pointer }
div { display: flex; gap: 1rem; align-items: start; margin-bottom: 1rem }
img { height: 300px }
</style>
<h1>Latebook screens</h1>
"""


def page(folder: Path, selection: Selection) -> str:
    """The web page: a section for each screen and state, with a row for each language."""
    names = selection.frames("en")
    screens = [
        (screen, list(states)) for screen, states in groupby(names, lambda name: name.partition("-")[0])
    ]
    links = [f'<a href="#{escape(screen)}">{escape(screen)}</a>' for screen, _states in screens]
    text = f"{PAGE}<nav>{''.join(links)}</nav>\n"
    for screen, states in screens:
        text += f'<h2 id="{escape(screen)}">{escape(screen)}</h2>\n'
        for name in states:
            rows = [_row(folder, name, language, selection.sizes) for language in selection.languages]
            text += f"<details open><summary>{escape(name)}</summary>\n{''.join(rows)}</details>\n"
    return text


def _row(folder: Path, name: str, language: str, sizes: tuple[tuple[int, int], ...]) -> str:
    files = [picture(name, size, language) for size in sizes]
    existing = [escape(file) for file in files if (folder / file).exists()]
    images = [f'<a href="{file}"><img loading="lazy" src="{file}" alt="{file}"></a>' for file in existing]
    return f"<div>{''.join(images)}</div>\n" if images else ""


if __name__ == "__main__":
    sys.exit(main())
