"""Microsoft School Data Sync, UK format."""

import pytest

from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source, from_paths
from sync.register.roster.opening import open_roster
from sync.register.roster.roster import Format
from tests.paths import SHARED
from tests.sync.register.roster.support import TODAY, csv, faults, names, reading, zipped

SDS_UK = SHARED / "data" / "sds-uk"
"""Beside the project, where the public sample is kept. None of it is copied into the project."""

STUDENT = (
    "ID,School DfE Number,First Name,Last Name,Username,Password,State ID,Student Number,Grade,Status,"
    "Birthdate",
    "S1,3011,Amelia,Kaur,akaur,secret,,0101,7,Active,1/2/2015",
    "S2,3011,Leo,Price,lprice,secret,,0102,8,Active,1/2/2014",
    "S3,3012,Maja,Bell,mbell,secret,,0103,9,Active,1/2/2013",
    "S4,3011,Tom,Gone,tgone,secret,,0104,9,Inactive,1/2/2013",
)
SCHOOL = ("DfE Number,Name", "3011,Oak Lane School", "3012,Elm Road School")
SECTION = (
    "ID,School DfE Number,Section Name,Course Subject",
    "C1,3011,Maths 1,Mathematics",
    "C2,3011,Reg 7B,Registration",
    "C3,3011,8A,Tutor group",
)
ENROLMENT = ("Section ID,ID", "C1,S1", "C2,S1", "C1,S2", "C3,S2")


def sds(**changed: tuple[str, ...]) -> list[Source]:
    tables = {
        "Student": STUDENT,
        "School": SCHOOL,
        "Section": SECTION,
        "StudentEnrollment": ENROLMENT,
    } | changed
    return [csv(*lines, name=f"{name}.csv") for name, lines in tables.items() if lines]


def test_active_pupils_of_the_school_are_read_with_their_registration_group() -> None:
    found = reading(*sds(), ours=("oak-lane", "Oak Lane School"))
    assert names(found) == ["Amelia Kaur", "Leo Price"]
    assert [(row.year, row.form) for row in found.rows] == [("7", "7B"), ("8", "8A")]
    assert [(row.keys.id, row.keys.admission) for row in found.rows] == [("S1", "0101"), ("S2", "0102")]


def test_passwords_and_birthdays_are_not_read() -> None:
    found = reading(*sds(), file_school="3011")
    assert "secret" not in repr(found)
    assert "2015" not in repr(found)


def test_a_zip_is_read_like_its_files() -> None:
    source = zipped({file.name: file.content for file in sds()})
    assert open_roster([source], on=TODAY, file_school="3011").format is Format.SDS
    assert names(reading(source, file_school="3012")) == ["Maja Bell"]


def test_without_sections_forms_stay_as_they_are() -> None:
    found = reading(*sds(School=(), Section=(), StudentEnrollment=()), file_school="3011")
    assert [row.form for row in found.rows] == [None, None]


def test_a_file_of_several_schools_needs_a_choice() -> None:
    with pytest.raises(RosterError, match=r"2 schools \(3011 Oak Lane School, 3012 Elm Road School\)"):
        reading(*sds())


def test_a_school_that_is_not_in_the_file_is_not_mistaken_for_another() -> None:
    with pytest.raises(RosterError, match=r"Student\.csv has no school '9'; it has 3011"):
        reading(*sds(), file_school="9")


def test_a_faulty_row_is_reported_and_the_others_are_read() -> None:
    bad = (*STUDENT, "S5,3011,,Nameless,,,,0105,7,Active,", "S6,3011,Ida,Frost,,,,0106,77,Active,")
    found = reading(*sds(Student=bad), file_school="3011")
    assert len(found.rows) == 2
    assert faults(found) == [
        "Student.csv, line 6: there is no first name",
        "Student.csv, line 7: the year '77' is not known: years are N, R and 1 to 14",
    ]


def test_a_missing_column_is_reported_in_one_sentence() -> None:
    with pytest.raises(RosterError, match=r"Student\.csv has no column 'Grade', which this format must have"):
        reading(*sds(Student=("ID,School DfE Number,First Name,Last Name", "S1,3011,Amelia,Kaur")))


@pytest.mark.skipif(not SDS_UK.is_dir(), reason="the public sample is not beside the project")
@pytest.mark.parametrize(("school", "pupils"), [("10001", 60), ("10002", 26)])
def test_microsofts_own_sample_is_read(school: str, pupils: int) -> None:
    found = reading(*from_paths([SDS_UK]), file_school=school)
    assert (len(found.rows), found.faults) == (pupils, ())
    assert {row.year for row in found.rows} == {"9", "10", "11", "12"}
