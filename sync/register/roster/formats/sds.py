"""Microsoft School Data Sync, UK format: Student.csv, and optionally School, Section and StudentEnrollment.

The year is `Grade` as written. The format has no column for the form; if the sections are included, a pupil's
form is the section whose name or course says that it is for registration. `Username`, `Password` and
`Birthdate` are never read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from sync.register.roster.files import Source
from sync.register.roster.formats.tables import FixedTable, by_name, needed
from sync.register.roster.roster import FileSchool, Format, RosterFile, choose_school
from sync.register.roster.rows import RosterField, RosterRow, RowFault, check

STUDENTS, SCHOOLS, SECTIONS, ENROLMENTS = "Student.csv", "School.csv", "Section.csv", "StudentEnrollment.csv"
_AT_SCHOOL = "School DfE Number"
_FIELDS = {
    RosterField.FIRST: "First Name",
    RosterField.LAST: "Last Name",
    RosterField.PREFERRED: "Preferred Name",
    RosterField.YEAR: "Grade",
    RosterField.UPN: "UPN",
    RosterField.ADMISSION: "Student Number",
    RosterField.ID: "ID",
}
_NEEDED = ("ID", _AT_SCHOOL, "First Name", "Last Name", "Grade")
_USEFUL = ("Preferred Name", "UPN", "Student Number", "Status")
_REGISTRATION = re.compile(
    r"\b(?:registration|reg|tutor|form|homeroom)(?:\s+(?:group|class|form))?\b[\s:–-]*", re.I
)


def open_sds(sources: Sequence[Source], chosen: str | None, ours: tuple[str, ...]) -> RosterFile:
    """Open the files.

    Args:
        sources: the files; only Student.csv is required.
        chosen: the DfE number of the school to import, if the files have several.
        ours: the register's id and name of the school.

    Raises:
        RosterError: a file or a column is missing, or it is not clear which school is meant.
    """
    named = by_name(sources, Format.SDS.label)
    students = FixedTable(needed(named, STUDENTS, Format.SDS.label), _NEEDED, _USEFUL)
    school = choose_school(STUDENTS, _schools(named, students), chosen, ours)
    forms = _forms(named, school)
    fields = [(field, heading) for field, heading in _FIELDS.items() if students.has(heading)]
    if forms is not None:
        fields.append((RosterField.FORM, f"registration in {SECTIONS}"))
    return RosterFile(
        format=Format.SDS,
        about="UK format",
        fields=tuple(fields),
        unread=tuple(students.unread),
        expected=students.expected,
        whole=True,
        rows=lambda: _rows(students, school, forms),
    )


def _schools(named: Mapping[str, Source], students: FixedTable) -> list[FileSchool]:
    """The schools in School.csv, or without it those that pupils are at."""
    source = named.get(SCHOOLS.casefold())
    if source is None:
        ids = dict.fromkeys(record[_AT_SCHOOL] for record in students.good())
        return [FileSchool(id_, "") for id_ in ids if id_]
    table = FixedTable(source, ("DfE Number",), ("Name",))
    return [FileSchool(record["DfE Number"], record.get("Name", "")) for record in table.good()]


def _forms(named: Mapping[str, Source], school: str | None) -> dict[str, str] | None:
    """Pupil's id → form, or `None` when the files have no forms."""
    sections, enrolments = named.get(SECTIONS.casefold()), named.get(ENROLMENTS.casefold())
    if sections is None or enrolments is None:
        return None
    table = FixedTable(
        sections, ("ID", _AT_SCHOOL, "Section Name"), ("Course Name", "Course Subject", "Status")
    )
    forms = {
        record["ID"]: _REGISTRATION.sub("", record["Section Name"]).strip() or record["Section Name"]
        for record in table.good()
        if _is_at(record, school) and _is_active(record) and _is_registration(record)
    }
    if not forms:
        return None
    pairs = FixedTable(enrolments, ("Section ID", "ID")).good()
    return {record["ID"]: forms[record["Section ID"]] for record in pairs if record["Section ID"] in forms}


def _rows(
    students: FixedTable, school: str | None, forms: Mapping[str, str] | None
) -> Iterator[RosterRow | RowFault]:
    for item in students.records():
        if isinstance(item, RowFault):
            yield item
            continue
        place, record = item
        if not _is_at(record, school) or not _is_active(record):
            continue
        cells = {field: record[heading] for field, heading in _FIELDS.items() if heading in record}
        if forms is not None:
            cells[RosterField.FORM] = forms.get(record["ID"], "")
        yield from check(place, cells)


def _is_at(record: Mapping[str, str], school: str | None) -> bool:
    return school is None or record[_AT_SCHOOL] == school


def _is_active(record: Mapping[str, str]) -> bool:
    return record.get("Status", "").casefold() in ("", "active")


def _is_registration(record: Mapping[str, str]) -> bool:
    words = (record.get(heading, "") for heading in ("Section Name", "Course Name", "Course Subject"))
    return any(_REGISTRATION.search(text) for text in words)
