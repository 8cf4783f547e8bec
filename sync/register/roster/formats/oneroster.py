"""OneRoster 1.1 and 1.2 CSV (1EdTech), bulk files only.

A pupil is a user whose role is `student`: in 1.1 by `users.role` and `users.orgSourcedIds`, in 1.2 by a row
of roles.csv that is in force. The form is the class of type `homeroom` that the pupil is enrolled in (its
code, else its title); the year is `grades`, read as National Curriculum years, with KG for Reception and PK,
PR and IT for Nursery. The adults in `agentSourcedIds` are not imported: OneRoster does not state who may
collect a pupil, and a guess could let a stranger take a child away.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sync.register.roster import upn
from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source
from sync.register.roster.formats.tables import FixedTable, by_name, needed
from sync.register.roster.roster import FileSchool, Format, RosterFile, choose_school
from sync.register.roster.rows import RosterField, RosterRow, RowFault, check

VERSIONS = ("1.1", "1.2")
_PREFERRED = ("preferredGivenName", "preferredFirstName")
_NEEDED = ("sourcedId", "givenName", "familyName")
_USEFUL = ("status", "orgSourcedIds", "role", "userIds", "identifier", "grades", "enabledUser", *_PREFERRED)
_GRADES = {"kg": "R", "tk": "R", "pk": "N", "pr": "N", "it": "N"}
_READ = ("manifest.csv", "orgs.csv", "users.csv", "roles.csv", "classes.csv", "enrollments.csv")


def open_oneroster(
    sources: Sequence[Source], chosen: str | None, ours: tuple[str, ...], on: date
) -> RosterFile:
    """Open the files.

    Args:
        sources: the files of the zip.
        chosen: the `sourcedId` of the school to import, if the files have several.
        ours: the register's id and name of the school.
        on: the day on which roles and enrolments must be in force, at the school.

    Raises:
        RosterError: a file or column is missing, the files hold changes only, the version is not supported,
            or it is not clear which school is meant.
    """
    named = by_name([s for s in sources if s.name.casefold() in _READ], Format.ONEROSTER.label)
    version = _version(named)
    users = FixedTable(needed(named, "users.csv", Format.ONEROSTER.label), _NEEDED, _USEFUL)
    school = choose_school("orgs.csv", _schools(named), chosen, ours)
    pupils = _pupils_by_role(named, school, on) if version == "1.2" else None
    if pupils is None and not (users.has("role") and users.has("orgSourcedIds")):
        raise RosterError(f"users.csv has no columns 'role' and 'orgSourcedIds', which {version} must have")
    forms = _forms(named, school, on)
    return RosterFile(
        format=Format.ONEROSTER,
        about=version,
        fields=tuple(_fields(users, forms is not None)),
        unread=tuple(users.unread),
        expected=users.expected,
        whole=True,
        rows=lambda: _rows(users, school, pupils, forms),
    )


def _version(named: Mapping[str, Source]) -> str:
    """The version in the manifest. Without one, roles.csv decides: only 1.2 has it."""
    source = named.get("manifest.csv")
    if source is None:
        return "1.2" if "roles.csv" in named else "1.1"
    table = FixedTable(source, ("propertyName", "value"))
    properties = {record["propertyName"].casefold(): record["value"].casefold() for record in table.good()}
    version = properties.get("oneroster.version", "")
    if version not in VERSIONS:
        raise RosterError(f"manifest.csv has OneRoster version {version[:20]!r}; supported are 1.1 and 1.2")
    for name in ("users", "orgs", "enrollments", "classes", "roles"):
        if properties.get(f"file.{name}") == "delta":
            raise RosterError(f"{name}.csv has only changes (“delta”); export the whole roster (“bulk”)")
    return version


def _schools(named: Mapping[str, Source]) -> list[FileSchool]:
    source = needed(named, "orgs.csv", Format.ONEROSTER.label)
    table = FixedTable(source, ("sourcedId", "name", "type"), ("status",))
    return [
        FileSchool(record["sourcedId"], record["name"])
        for record in table.good()
        if record["type"].casefold() == "school" and _is_active(record)
    ]


def _pupils_by_role(named: Mapping[str, Source], school: str | None, on: date) -> set[str]:
    source = needed(named, "roles.csv", f"{Format.ONEROSTER.label} 1.2")
    table = FixedTable(
        source, ("userSourcedId", "role", "orgSourcedId"), ("status", "beginDate", "endDate", "roleType")
    )
    return {
        record["userSourcedId"]
        for record in table.good()
        if record["role"].casefold() == "student"
        and school in (None, record["orgSourcedId"])
        and _is_active(record)
        and _in_force(record, on)
    }


def _forms(named: Mapping[str, Source], school: str | None, on: date) -> dict[str, str] | None:
    """Pupil's id → form, or `None` when there is no homeroom class, so that forms stay as they are."""
    classes, enrolments = named.get("classes.csv"), named.get("enrollments.csv")
    if classes is None or enrolments is None:
        return None
    table = FixedTable(
        classes, ("sourcedId", "title", "classType"), ("classCode", "schoolSourcedId", "status")
    )
    forms = {
        record["sourcedId"]: record.get("classCode") or record["title"]
        for record in table.good()
        if record["classType"].casefold() == "homeroom"
        and school in (None, record.get("schoolSourcedId", school))
        and _is_active(record)
    }
    if not forms:
        return None
    useful = ("role", "status", "beginDate", "endDate")
    pairs = FixedTable(enrolments, ("classSourcedId", "userSourcedId"), useful)
    return {
        record["userSourcedId"]: forms[record["classSourcedId"]]
        for record in pairs.good()
        if record["classSourcedId"] in forms and _is_active(record) and _in_force(record, on)
    }


def _fields(users: FixedTable, forms: bool) -> Iterator[tuple[RosterField, str]]:
    yield RosterField.FIRST, "givenName"
    yield RosterField.LAST, "familyName"
    yield from ((RosterField.PREFERRED, heading) for heading in _PREFERRED if users.has(heading))
    if users.has("grades"):
        yield RosterField.YEAR, "grades"
    if forms:
        yield RosterField.FORM, "homeroom class"
    if users.has("userIds"):
        yield RosterField.UPN, "userIds"
    if users.has("identifier"):
        yield RosterField.ADMISSION, "identifier"
    yield RosterField.ID, "sourcedId"


def _rows(
    users: FixedTable, school: str | None, pupils: set[str] | None, forms: Mapping[str, str] | None
) -> Iterator[RosterRow | RowFault]:
    for item in users.records():
        if isinstance(item, RowFault):
            yield item
            continue
        place, record = item
        if not _is_active(record) or not _is_pupil(record, school, pupils):
            continue
        cells = {
            RosterField.FIRST: record["givenName"],
            RosterField.LAST: record["familyName"],
            RosterField.YEAR: _year(record.get("grades", "")),
            RosterField.UPN: _upn(record.get("userIds", "")),
            RosterField.ADMISSION: record.get("identifier", ""),
            RosterField.ID: record["sourcedId"],
        }
        preferred = [record[heading] for heading in _PREFERRED if heading in record]
        if preferred:
            cells[RosterField.PREFERRED] = preferred[0]
        if forms is not None:
            cells[RosterField.FORM] = forms.get(record["sourcedId"], "")
        yield from check(place, cells)


def _is_pupil(record: Mapping[str, str], school: str | None, pupils: set[str] | None) -> bool:
    if pupils is not None:
        return record["sourcedId"] in pupils
    at = {org.strip() for org in record["orgSourcedIds"].split(",")}
    return record["role"].casefold() == "student" and (school is None or school in at)


def _is_active(record: Mapping[str, str]) -> bool:
    """In bulk files `status` is usually empty; if it is set, it applies."""
    return record.get("status", "").casefold() in ("", "active")


def _in_force(record: Mapping[str, str], on: date) -> bool:
    """Dates are written 2026-09-01, so their text can be compared. A missing date sets no limit."""
    begins, ends = record.get("beginDate", "")[:10], record.get("endDate", "")[:10]
    return (not begins or begins <= on.isoformat()) and (not ends or on.isoformat() <= ends)


def _year(grades: str) -> str:
    """The grade; a list that repeats one grade counts as that grade."""
    distinct = {grade.strip().casefold() for grade in grades.split(",") if grade.strip()}
    text = ", ".join(sorted(distinct))
    return _GRADES.get(text, text)


def _upn(user_ids: str) -> str:
    """The UPN in `{UPN:B801200005001}`. To Microsoft, UPN is a sign-in name, so only a valid one is taken."""
    for item in user_ids.split(","):
        kind, _, value = item.strip(" {}").partition(":")
        tidy = upn.tidy(value)
        if "upn" in kind.casefold() and upn.fault(tidy) is None:
            return tidy
    return ""
