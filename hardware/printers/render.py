"""Renders a slip to ESC/POS bytes through python-escpos."""

from collections.abc import Sequence
from pathlib import Path

from escpos.printer import Dummy

from hardware.printers.picture import picture
from hardware.printers.slip import Paper, Slip, SlipLine, is_plain, slip_lines

_PROFILES = {Paper.MM_58: "POS-5890", Paper.MM_80: "TM-T20II"}
"""python-escpos's printer profile for each paper. Most 58 mm printers have no cutter; most 80 mm ones do."""
QR_DOTS = 5
"""Dots for each module of the QR code: an id has 37 modules, so the code is 23 mm wide."""


def render(slip: Slip, paper: Paper, fonts: Sequence[Path] = ()) -> bytes:
    """The bytes that print a slip, and cut 80 mm paper.

    Args:
        slip: the slip.
        paper: the roll's width.
        fonts: font files for text that is not ASCII, which is printed as a picture; see `picture`.

    Raises:
        OSError: a font cannot be read.
    """
    page = Dummy(profile=_PROFILES[paper])
    page.hw("INIT")
    for line in slip_lines(slip, paper):
        _print(page, line, paper, fonts)
    if slip.entry_id:
        # Printed as a picture: cheap printers lack the QR command, and some print its bytes as text.
        page.qr(slip.entry_id, size=QR_DOTS, native=False)
    page.cut(mode="PART")
    return bytes(page.output)


def _print(page: Dummy, line: SlipLine, paper: Paper, fonts: Sequence[Path]) -> None:
    if not is_plain(line.text):
        drawn = picture(line.text, width=paper.dots, large=line.large, fonts=fonts)
        page.image(drawn, impl="bitImageRaster")
        return
    page.set(bold=line.large, double_height=line.large, normal_textsize=not line.large)
    page.textln(line.text)
