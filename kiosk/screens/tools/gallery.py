"""Pictures of every screen in every state, in every language, at every size, with a page to look at them.

`python -m kiosk.screens.tools.gallery FOLDER` needs a display; `python -m demo.display COMMAND …` has one.
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
from kiosk.views import Frame

SIZES = ((1280, 800), (800, 480), (720, 1280), (1920, 1080))
"""The three sizes that the screens are drawn for, and the largest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pictures: sizes in pixels, languages by tag, and frames whose name starts so."""

    sizes: tuple[tuple[int, int], ...]
    languages: tuple[str, ...]
    only: str = ""

    def frames(self, language: str) -> dict[str, Frame]:
        """The samples in that language. Those that show off a language are the others said again."""
        return {
            name: replace(frame, look=replace(frame.look, language=language))
            for name, frame in samples.frames().items()
            if name.startswith(self.only) and frame.look.language == "en"
        }


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.screens.tools.gallery", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--size", action="append", help="only this size, as 1280x800; may be repeated")
    parser.add_argument(
        "--language", action="append", choices=LANGUAGES, help="only this language; may be repeated"
    )
    parser.add_argument("--only", default="", help="only frames whose name starts so")
    parser.add_argument("--render", action="store_true", help=argparse.SUPPRESS)  # in a process for one size
    chosen = parser.parse_args(arguments)
    if "DISPLAY" not in os.environ:
        parser.error("there is no display: run it as `python -m demo.display COMMAND …`")
    sizes = tuple(_size(size) for size in chosen.size) if chosen.size else SIZES
    wanted = Wanted(sizes, tuple(chosen.language or LANGUAGES), chosen.only)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.render:
        render(chosen.folder, wanted)
        return 0
    given = [f"--language={tag}" for tag in wanted.languages]
    for width, height in sizes:  # each in a process of its own, which Kivy needs
        command = [
            sys.executable,
            "-m",
            "kiosk.screens.tools.gallery",
            str(chosen.folder),
            "--only",
            chosen.only,
        ]
        command += ["--render", "--size", f"{width}x{height}", *given]
        subprocess.run(command, check=True)  # noqa: S603  # this very program
    (chosen.folder / "index.html").write_text(page(chosen.folder, wanted), "utf-8")
    _tell(f"look at {chosen.folder / 'index.html'}")
    return 0


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _tell(what: str) -> None:
    sys.stdout.write(f"screens: {what}\n")
    sys.stdout.flush()


def picture(name: str, size: tuple[int, int], language: str) -> str:
    """Where a picture is in the folder: `ur/home-800x480.png`."""
    return f"{language}/{name}-{size[0]}x{size[1]}.png"


def render(folder: Path, wanted: Wanted) -> None:
    """Draw the samples at the first of the sizes in every language that is wanted."""
    with tempfile.TemporaryDirectory() as home:
        setup.prepare(Path(home), wanted.sizes[0])
        _render(folder, wanted)


def _render(folder: Path, wanted: Wanted) -> None:
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")  # nobody waits for a touch here
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.screens.window.window import KioskApp

    def draw(app: KioskApp, frame: Frame, path: Path) -> None:
        app.show(frame)
        app.host.show_at_once()
        for _pass in range(4):  # a size that follows from a size needs a few passes
            EventLoop.idle()
        Window.dispatch("on_draw")
        Path(Window.screenshot(name=str(path))).replace(path)

    def draw_all(app: KioskApp) -> None:
        size = wanted.sizes[0]
        for language in wanted.languages:
            (folder / language).mkdir(exist_ok=True)
            frames = wanted.frames(language)
            for name, frame in frames.items():
                draw(app, frame, folder / picture(name, size, language))
            _tell(f"{size[0]}x{size[1]} in {language}: {len(frames)} pictures")
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


def page(folder: Path, wanted: Wanted) -> str:
    """The page: a section a screen, in it each state; a row a language, in it each size that was drawn."""
    names = wanted.frames("en")
    screens = [
        (screen, list(states)) for screen, states in groupby(names, lambda name: name.partition("-")[0])
    ]
    links = [f'<a href="#{escape(screen)}">{escape(screen)}</a>' for screen, _states in screens]
    text = f"{PAGE}<nav>{''.join(links)}</nav>\n"
    for screen, states in screens:
        text += f'<h2 id="{escape(screen)}">{escape(screen)}</h2>\n'
        for name in states:
            rows = [_row(folder, name, language, wanted.sizes) for language in wanted.languages]
            text += f"<details open><summary>{escape(name)}</summary>\n{''.join(rows)}</details>\n"
    return text


def _row(folder: Path, name: str, language: str, sizes: tuple[tuple[int, int], ...]) -> str:
    files = [picture(name, size, language) for size in sizes]
    drawn = [escape(file) for file in files if (folder / file).exists()]
    shown = [f'<a href="{file}"><img loading="lazy" src="{file}" alt="{file}"></a>' for file in drawn]
    return f"<div>{''.join(shown)}</div>\n" if shown else ""


if __name__ == "__main__":
    sys.exit(main())
