"""CSV as English schools export it: headings, delimiters, encodings, and faulty rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source
from sync.register.roster.opening import open_roster
from sync.register.roster.reading import read
from sync.register.roster.rows import RosterField, RosterRow, RowFault, Weight
from tests.sync.register.roster.support import TODAY, csv, faults, names, reading, upn

HEADING = "Adm No,UPN,Legal Surname,Forename,Preferred Forename,DOB,NC Year,Reg Group"
AMELIA = f"001234,{upn(1)},Kaur,Amelia,Millie,01/02/2015,Year 7,7B"
ZOE = f"001235,{upn(2)},Wójcik-O’Neil,Zoë,,03/04/2014,8,8A"


def test_a_row_is_read_with_names_year_form_and_numbers_and_nothing_else() -> None:
    row = reading(csv(HEADING, AMELIA)).rows[0]
    assert (row.first, row.last, row.preferred) == ("Amelia", "Kaur", "Millie")
    assert (row.year, row.form) == ("7", "7B")
    assert (row.keys.upn, row.keys.admission) == (upn(1), "001234")
    assert "2015" not in repr(row)


def test_the_columns_that_are_read_and_unread_are_listed() -> None:
    opened = open_roster([csv(HEADING, AMELIA)], on=TODAY)
    assert dict(opened.fields) == {
        RosterField.FIRST: "Forename",
        RosterField.LAST: "Legal Surname",
        RosterField.PREFERRED: "Preferred Forename",
        RosterField.YEAR: "NC Year",
        RosterField.FORM: "Reg Group",
        RosterField.UPN: "UPN",
        RosterField.ADMISSION: "Adm No",
    }
    assert opened.unread == ("DOB",)


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        ("Given Name;Family Name;Year Group;Tutor Group", "Given Name, Family Name, Year Group, Tutor Group"),
        ("forename;SURNAME;nc_year;reg-group", "forename, SURNAME, nc_year, reg-group"),
        ("Surname;Legal Surname;Year;First Name", "First Name, Legal Surname, Year"),
        (
            "Class;Year;Preferred Name;First name;Last name",
            "First name, Last name, Preferred Name, Year, Class",
        ),
    ],
)
def test_columns_are_found_by_the_names_that_schools_use(headings: str, found: str) -> None:
    opened = open_roster([csv(headings, "a;b;c;d;e")], on=TODAY)
    assert ", ".join(heading for _, heading in opened.fields) == found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimiter_and_encoding_are_detected(delimiter: str, encoding: str) -> None:
    lines = [line.replace(",", delimiter) for line in (HEADING, AMELIA, ZOE)]
    assert names(reading(csv(*lines, encoding=encoding))) == ["Amelia Kaur", "Zoë Wójcik-O’Neil"]


def test_windows_1252_keeps_its_accents_and_apostrophes() -> None:
    heading, row = "Forename,Surname,Year", "Zoë,O’Neil,7"
    assert names(reading(csv(heading, row, encoding="cp1252"))) == ["Zoë O’Neil"]


def test_titles_above_the_heading_and_totals_below_are_not_pupils() -> None:
    found = reading(csv("All pupils", "", "sep=,", HEADING, AMELIA, "", "Total: 1"))
    assert names(found) == ["Amelia Kaur"]
    assert [fault.weight for fault in found.faults] == [Weight.NOTE]


def test_a_column_can_be_named() -> None:
    columns = {RosterField.FIRST: "Vorname", RosterField.YEAR: "stage"}
    found = reading(csv("Surname,Vorname,Year,Stage", "Bell,Thomas,x,9"), columns=columns)
    assert (names(found), found.rows[0].year) == (["Thomas Bell"], "9")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,,Kaur,,,,7,7B", "pupils.csv, line 3: there is no first name"),
        (
            "1,,Kaur,Amelia,,,15,7B",
            "pupils.csv, line 3: the year '15' is not known: years are N, R and 1 to 14",
        ),
        ("1,,Kaur,Amelia,,,7,7B,more", "pupils.csv, line 3: it has 9 cells where the heading has 8"),
        (f"1,,Kaur,{'A' * 101},,,7,7B", "pupils.csv, line 3: the first name is longer than 100 characters"),
        ('1,,Kaur,"Ame\nlia",,,7,7B', "line break or a control character"),
        (f"{'1' * 65},,Kaur,Amelia,,,7,7B", "the admission number is longer than 64 characters"),
        ("1234,,Price,Leo,,,7,7B", "it has the admission number of line 2 again; the first is used"),
        (f"9,{upn(1)},Price,Leo,,,7,7B", "it has the UPN of line 2 again; the first is used"),
    ],
)
def test_a_faulty_row_is_reported_with_its_line_and_the_others_are_read(line: str, reason: str) -> None:
    found = reading(csv(HEADING, AMELIA, line, ZOE))
    assert names(found) == ["Amelia Kaur", "Zoë Wójcik-O’Neil"]
    assert len(found.faults) == 1
    assert reason in faults(found)[0]


def test_lines_are_counted_as_an_editor_does_across_cells_of_several_lines() -> None:
    found = reading(csv("Forename,Surname,Year,Address", 'Leo,Price,7,"1 High St\nTown"', "Maja,Bell,99,x"))
    assert faults(found)[0].startswith("pupils.csv, line 4: the year '99'")


def test_marks_that_nobody_sees_are_left_out_of_a_name() -> None:
    found = reading(csv(HEADING, "7,,Pri\u00adce\u200b,\u202eLeo\u202c\u200e,,,9,9A"))
    assert names(found) == ["Leo Price"]


def test_a_pupil_with_a_wrong_upn_is_imported_without_it() -> None:
    wrong = "A" + upn(3)[1:]
    found = reading(csv(HEADING, f"7,{wrong},Price,Leo,,,9,9A"))
    assert (names(found), found.rows[0].keys.upn) == (["Leo Price"], "")
    assert found.faults[0].weight is Weight.WARNING
    assert "the pupil is imported without it" in faults(found)[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "pupils.csv is empty"),
        (b"\r\n\r\n", "pupils.csv is empty"),
        (b"Forename,Surname,Year\n", "no pupil in the roster can be imported"),
        (b"Forename,Surname\nLeo,Price\n", "no column for year among: Forename, Surname; name it"),
        (b"Forename,Surname,Year\nLe\0o,Price,7\n", "NUL characters"),
        (b"Forename,Surname,Year\nLe\x81o,Price,7\n", "not text in UTF-8, UTF-16 or Windows-1252"),
        (b"\xff\xfeF\0o", "pupils.csv is not text"),
        (b'Forename,Surname,Year\n"Leo,Price,7\n' + b"a,b,7\n" * 60, "a quotation mark that is opened"),
        (b"Forename,Surname,Year\nLeo," + b"x" * 200_000 + b",7\n", "longer than 131,072 characters"),
        (b"%PDF-1.7\n\x81\x8d", "not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel workbook; save it as “CSV UTF-8”"),
        (b"Forename,Surname,Year\nLeo,Price,99\n", "line 2: the year '99' is not known"),
    ],
)
def test_a_file_that_is_not_a_roster_is_reported_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(RosterError, match=sentence.replace("(", r"\(")) as error:
        reading(Source("pupils.csv", content))
    assert len(str(error.value)) < 400


@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.lists(st.lists(st.text('",;\t\r\n\0 aé7', max_size=12), max_size=6), max_size=6).map(
            lambda rows: "\n".join(["Forename,Surname,NC Year,UPN", *map(",".join, rows)]).encode()
        ),
    )
)
def test_any_bytes_are_read_or_refused_in_one_sentence(content: bytes) -> None:
    try:
        found = read(open_roster([Source("pupils.csv", content)], on=TODAY))
    except RosterError:
        return
    assert all(isinstance(row, RosterRow) and row.first and row.last for row in found.rows)
    assert all(isinstance(fault, RowFault) for fault in found.faults)
