"""Lists as CSV files, as a spreadsheet reads them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.register.office.web.exporting import BOM, csv_response, csv_text, file_name, harmless


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+44 20",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "＝1+1",
        '=HYPERLINK("http://example.org")',
    ],
)
def test_text_that_begins_like_a_formula_stays_text(formula: str) -> None:
    assert harmless(formula) == f"'{formula}"


@given(st.text())
def test_no_cell_of_text_begins_a_formula(text: str) -> None:
    assert not str(harmless(text)).lstrip()[:1] or str(harmless(text)).lstrip()[0] not in "=+-@"


@pytest.mark.parametrize("cell", ["Wójcik", "O’Neil", "/", "\\", "L", "—", "'quoted'", ""])
def test_text_that_is_no_formula_is_unchanged(cell: str) -> None:
    assert harmless(cell) == cell


def test_numbers_stay_numbers_and_none_is_an_empty_cell() -> None:
    assert csv_text(["a", "b", "c"], [[-3, 1.5, None]]) == f"{BOM}a,b,c\r\n-3,1.5,\r\n"


@given(st.lists(st.lists(st.text(alphabet=st.characters(codec="utf-8")), min_size=2, max_size=2)))
def test_a_written_file_reads_back_the_same(rows: list[list[str]]) -> None:
    read = cells(csv_text(["one", "two"], rows))
    assert read == [["one", "two"], *([str(harmless(cell)) for cell in row] for row in rows)]


def test_a_file_begins_with_a_byte_order_mark_and_is_not_cached() -> None:
    answer = csv_response("Château d’Eau late 2026-11-24", ["Pupil"], [["Maja Wójcik"]])
    assert answer.body == b"\xef\xbb\xbfPupil\r\nMaja W\xc3\xb3jcik\r\n"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="chateau-deau-late-2026-11-24.csv"'
    )
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "kept"), [('a"b\r\nSet-Cookie: x', "a-b-set-cookie-x"), ("学校", "list"), ("../etc", "etc")]
)
def test_a_files_name_is_plain(name: str, kept: str) -> None:
    assert file_name(name) == kept
