import dataclasses
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from anyascii import anyascii
from hypothesis import given
from hypothesis import strategies as st

from hardware.printers.picture import picture
from hardware.printers.render import render
from hardware.printers.slip import Paper, SlipLine, is_plain, slip_lines
from hardware.printers.status import is_answer, printer_state
from hardware.states import PrinterState
from kiosk.app.slips import font_files
from tests.hardware.printers.printer_bench import READY, SLIP
from tests.paths import ROOT

RASTER = b"\x1dv0"
CUT = b"\x1dV\x01"


def test_a_slip_has_name_form_time_code_and_reason() -> None:
    assert slip_lines(SLIP, Paper.MM_80) == [
        SlipLine("Amira Beispiel", large=True),
        SlipLine("7B"),
        SlipLine("09:07, Tuesday 24 November 2026"),
        SlipLine("Late, before the register closed"),
        SlipLine("Bus"),
    ]


@pytest.mark.parametrize("missing", ["reason", "when", "form"])
def test_a_missing_text_leaves_no_empty_line(missing: str) -> None:
    texts: dict[str, Any] = {missing: ""}
    printed = slip_lines(dataclasses.replace(SLIP, **texts), Paper.MM_80)
    assert len(printed) == 4
    assert all(line.text for line in printed)


def test_a_list_has_its_lines_below_and_no_qr_code() -> None:
    listed = dataclasses.replace(SLIP, entry_id="", lines=("2 signed in", "09:07 Amelia K. 7B"))
    assert slip_lines(listed, Paper.MM_80)[-2:] == [SlipLine("2 signed in"), SlipLine("09:07 Amelia K. 7B")]
    data = render(listed, Paper.MM_80)
    assert b"09:07 Amelia K. 7B\n" in data
    assert RASTER not in data
    assert data.endswith(CUT) or CUT in data


@given(st.text("abc DEF-", max_size=200))
@pytest.mark.parametrize("paper", list(Paper))
def test_no_line_is_wider_than_the_paper(paper: Paper, words: str) -> None:
    assert all(
        len(line.text) <= paper.columns for line in slip_lines(dataclasses.replace(SLIP, words=words), paper)
    )


@given(st.text(max_size=40))
def test_no_control_character_reaches_the_printer_as_text(name: str) -> None:
    for line in slip_lines(dataclasses.replace(SLIP, name=name), Paper.MM_58):
        assert not is_plain(line.text) or all(" " <= char <= "~" for char in line.text)


@pytest.mark.parametrize("paper", list(Paper))
def test_a_slip_is_text_and_a_qr_code(paper: Paper) -> None:
    data = render(SLIP, paper)
    for words in (b"Amira Beispiel\n", b"7B\n", b"09:07", b"Late, before", b"Bus\n"):
        assert words in data
    assert data.count(RASTER) == 1


def test_only_80_mm_paper_is_cut() -> None:
    assert render(SLIP, Paper.MM_80).endswith(CUT)
    assert CUT not in render(SLIP, Paper.MM_58)


def test_the_qr_code_contains_the_entrys_id() -> None:
    other = dataclasses.replace(SLIP, entry_id="another")
    assert render(SLIP, Paper.MM_80).split(RASTER)[1] != render(other, Paper.MM_80).split(RASTER)[1]


@pytest.mark.parametrize("name", ["Łukasz Beispiel", "王小明", "محمد", "Zoë"])
def test_a_name_beyond_ascii_is_a_picture_as_wide_as_the_paper(name: str) -> None:
    data = render(dataclasses.replace(SLIP, name=name), Paper.MM_58)
    assert data.count(RASTER) == 2
    header = data[data.index(RASTER) + 3 :][:5]
    assert int.from_bytes(header[1:3], "little") * 8 == Paper.MM_58.dots


def test_nothing_is_written_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    render(dataclasses.replace(SLIP, name="Łukasz"), Paper.MM_58)
    assert capsys.readouterr() == ("", "")


def test_a_word_wider_than_the_paper_is_drawn_smaller_and_whole() -> None:
    drawn = picture("Ł" * 30, width=384, large=True, fonts=())
    left, _, right, _ = drawn.point(lambda dot: 255 - dot).getbbox() or (0, 0, 0, 0)
    assert 300 < right - left <= 384


def test_the_font_with_most_of_the_characters_is_used() -> None:
    kivy = find_spec("kivy")
    assert kivy is not None
    assert kivy.origin is not None
    mono, roboto = (
        Path(kivy.origin).parent / "data" / "fonts" / name
        for name in ("RobotoMono-Regular.ttf", "Roboto-Regular.ttf")
    )
    icons = ROOT / "kiosk/screens/fonts/lucide.ttf"
    alone = picture("Łukasz", width=384, large=True, fonts=[roboto]).tobytes()
    assert picture("Łukasz", width=384, large=True, fonts=[icons, roboto, mono]).tobytes() == alone


@pytest.mark.parametrize(
    ("name", "in_latin"),
    [("王小明", "WangXiaoMing"), ("தமிழ் ச.", "tmil c."), ("محمد K.", "mhmd K.")],
    ids=["Chinese", "Tamil", "two scripts"],
)
def test_a_name_in_a_script_without_a_font_is_printed_in_latin(name: str, in_latin: str) -> None:
    drawn = picture(name, width=384, large=True, fonts=font_files())
    assert drawn.tobytes() == picture(in_latin, width=384, large=True, fonts=font_files()).tobytes()


@pytest.mark.parametrize("text", ["محمد", "بیمار · 10:40", "ਗੁਰਪ੍ਰੀਤ", "Łukasz", "Юлия"])
def test_a_text_in_a_script_with_a_font_is_printed_in_it(text: str) -> None:
    drawn = picture(text, width=384, large=True, fonts=font_files())
    assert drawn.tobytes() != picture(anyascii(text), width=384, large=True, fonts=font_files()).tobytes()


def test_long_text_is_wrapped_into_rows() -> None:
    one, two = (picture("Łukasz " * n, width=384, large=False, fonts=()).height for n in (1, 20))
    assert two > one


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({}, PrinterState.READY),
        (READY, PrinterState.READY),
        (READY | {4: 0x1E}, PrinterState.PAPER_LOW),
        (READY | {4: 0x7E}, PrinterState.NO_PAPER),
        (READY | {1: 0x1A, 2: 0x32}, PrinterState.NO_PAPER),
        (READY | {1: 0x1A, 2: 0x16}, PrinterState.COVER_OPEN),
        (READY | {1: 0x1A, 2: 0x16, 4: 0x7E}, PrinterState.COVER_OPEN),
        (READY | {1: 0x1A}, PrinterState.BUSY),
        (READY | {1: 0x1A, 2: 0x52}, PrinterState.BUSY),
    ],
)
def test_a_printers_status_bytes_give_its_state(answers: dict[int, int], state: PrinterState) -> None:
    assert printer_state(answers) is state


def test_a_byte_that_is_not_an_answer_is_recognised() -> None:
    assert is_answer(0x12)
    assert is_answer(0x7E)
    assert not any(map(is_answer, (0x00, 0xFF, 0x41, 0x11)))
