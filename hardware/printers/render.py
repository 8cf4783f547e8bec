"""A slip as the bytes an ESC/POS printer takes, through python-escpos."""

from collections.abc import Sequence
from pathlib import Path

from escpos.printer import Dummy

from hardware.printers.picture import picture
from hardware.printers.slip import Line, Paper, Slip, is_plain, lines

_PROFILES = {Paper.MM_58: "POS-5890", Paper.MM_80: "TM-T20II"}
"""python-escpos's printers for such paper: without a cutter, and with one, as most are that are sold."""
QR_DOTS = 5
"""Dots of a QR code's module: 37 modules of an id make a square of 23 mm."""


def render(slip: Slip, paper: Paper, fonts: Sequence[Path] = ()) -> bytes:
    """The bytes that print a slip, and cut 80 mm paper.

    Args:
        slip: what is printed.
        paper: the roll's width.
        fonts: for text that is not ASCII, which is printed as a picture; see `picture`.

    Raises:
        OSError: a font cannot be read.
    """
    page = Dummy(profile=_PROFILES[paper])
    page.hw("INIT")
    for line in lines(slip, paper):
        _print(page, line, paper, fonts)
    # As a picture: cheap printers have no QR command, or print its bytes.
    page.qr(slip.entry_id, size=QR_DOTS, native=False)
    page.cut(mode="PART")
    return bytes(page.output)


def _print(page: Dummy, line: Line, paper: Paper, fonts: Sequence[Path]) -> None:
    if not is_plain(line.text):
        drawn = picture(line.text, width=paper.dots, large=line.large, fonts=fonts)
        page.image(drawn, impl="bitImageRaster")
        return
    page.set(bold=line.large, double_height=line.large, normal_textsize=not line.large)
    page.textln(line.text)
