"""Pictures of every screen in every state, at every size, with a page to look at them.

`python -m kiosk.screens.gallery FOLDER`; it needs a display (`python -m demo.display COMMAND …` has one).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from kiosk.screens import samples, setup

SIZES = ((1280, 800), (800, 480), (720, 1280), (1920, 1080))
"""The three sizes that the screens are drawn for, and the largest."""


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.screens.gallery", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--size", action="append", help="only this size, as 1280x800; may be repeated")
    parser.add_argument("--only", default="", help="only frames whose name starts so")
    parser.add_argument(
        "--render", help=argparse.SUPPRESS
    )  # one size, in the process of its own that Kivy needs
    chosen = parser.parse_args(arguments)
    if "DISPLAY" not in os.environ:
        parser.error("there is no display: run it as `python -m demo.display COMMAND …`")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.render:
        render(chosen.folder, _size(chosen.render), chosen.only)
        return 0
    sizes = [_size(size) for size in chosen.size] if chosen.size else list(SIZES)
    for width, height in sizes:
        command = [sys.executable, "-m", "kiosk.screens.gallery", str(chosen.folder), "--only", chosen.only]
        subprocess.run([*command, "--render", f"{width}x{height}"], check=True)  # noqa: S603  # this very program
    _write_page(chosen.folder, sizes)
    return 0


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def render(folder: Path, size: tuple[int, int], only: str = "") -> None:
    """Draw every sample at one size, as `NAME-WIDTHxHEIGHT.png`."""
    with tempfile.TemporaryDirectory() as home:
        setup.prepare(Path(home), size)
        _render(folder, size, only)


def _render(folder: Path, size: tuple[int, int], only: str) -> None:
    from kivy.base import EventLoop
    from kivy.core.window import Window

    from kiosk.screens.nobody import Nobody
    from kiosk.screens.window import KioskApp

    def draw_all(app: KioskApp) -> None:
        for name, frame in samples.frames().items():
            if not name.startswith(only):
                continue
            app.show(frame)
            app.host.show_at_once()
            for _pass in range(4):  # a size that follows from a size needs a few passes
                EventLoop.idle()
            Window.dispatch("on_draw")
            picture = Path(Window.screenshot(name=str(folder / f"{name}.png")))
            picture.replace(folder / f"{name}-{size[0]}x{size[1]}.png")
        app.allow_close = True
        app.stop()

    KioskApp(Nobody(), draw_all).run()


PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Latebook screens</title>
<style>
body { font: 16px sans-serif; margin: 2rem; background: #ddd }
div { display: flex; gap: 1rem; align-items: start }
img { height: 340px }
</style>
<h1>Latebook screens</h1>
"""


def _write_page(folder: Path, sizes: list[tuple[int, int]]) -> None:
    page = PAGE
    for name in samples.frames():
        pictures = [f"{name}-{width}x{height}.png" for width, height in sizes]
        shown = [escape(picture) for picture in pictures if (folder / picture).exists()]
        links = [f'<a href="{file}"><img loading="lazy" src="{file}" alt="{file}"></a>' for file in shown]
        if links:
            page += f"<h2>{escape(name)}</h2>\n<div>{''.join(links)}</div>\n"
    (folder / "index.html").write_text(page, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
