"""OneRoster 1.1 and 1.2 CSV."""

from typing import Any

import pytest

from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source
from sync.register.roster.opening import open_roster
from sync.register.roster.roster import Format
from tests.sync.register.roster.support import TODAY, names, reading, upn, zipped

ORGS = (
    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "o0,,,A Trust,district,,",
    "o1,,,Oak Lane School,school,,o0",
    "o2,,,Elm Road School,school,,o0",
)
CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,schoolSourcedId",
    "c1,,,Registration 7B,07,,7B,homeroom,o1",
    "c2,,,Mathematics,07,,7Ma1,scheduled,o1",
)
ENROLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "e1,,,c1,o1,u1,student,,2026-09-01,2027-07-20",
    "e2,,,c2,o1,u1,student,,,",
    "e3,,,c1,o1,u2,student,,2025-09-01,2026-07-20",
)
USERS_11 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    f'u1,,,true,o1,student,amelia,"{{MIS:9}},{{UPN:{upn(1)}}}",Amelia,Kaur,,0101,a@example.org,,0123,g1,07,secret',
    'u2,,,true,"o0,o1",student,leo,{UPN:leo@example.org},Leo,Price,,0102,,,,,KG,',
    "u3,,,true,o2,student,maja,,Maja,Bell,,0103,,,,,09,",
    "u4,,,true,o1,teacher,head,,Ada,Frost,,,,,,,,",
    "g1,,,true,o1,parent,mum,,Grown,Up,,,,,,,,",
)
USERS_12 = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
    "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName",
    f"u1,,,true,amelia,{{UPN:{upn(1)}}},Amelia,Kaur,,0101,,,,g1,07,,,Millie",
    "u2,,,true,leo,,Leo,Price,,0102,,,,,R,,,",
    "u4,,,true,head,,Ada,Frost,,,,,,,,,,",
    "u5,,,true,left,,Tom,Gone,,0105,,,,,11,,,",
)
ROLES = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId",
    "r1,,,u1,primary,student,2026-09-01,2027-07-20,o1",
    "r2,,,u2,primary,student,,,o1",
    "r4,,,u4,primary,teacher,,,o1",
    "r5,,,u5,primary,student,2020-09-01,2026-07-20,o1",
)


def manifest(version: str, **files: str) -> tuple[str, ...]:
    modes = {"users": "bulk", "orgs": "bulk", "classes": "bulk", "enrollments": "bulk"} | files
    lines = [f"file.{name},{mode}" for name, mode in modes.items()]
    return ("propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}", *lines)


def oneroster(version: str = "1.1", **changed: tuple[str, ...]) -> Source:
    users = {"users": USERS_11} if version == "1.1" else {"users": USERS_12, "roles": ROLES}
    tables = {
        "manifest": manifest(version),
        "orgs": ORGS,
        "classes": CLASSES,
        "enrollments": ENROLMENTS,
        "academicSessions": ("sourcedId,title", "s1,2026"),
    }
    tables = tables | users | changed
    return zipped({f"{name}.csv": "\r\n".join(lines) + "\r\n" for name, lines in tables.items() if lines})


def test_version_1_1_has_the_role_in_users() -> None:
    opened = open_roster([oneroster()], on=TODAY, file_school="o1")
    assert (opened.format, opened.about, opened.whole) == (Format.ONEROSTER, "1.1", True)
    found = reading(oneroster(), ours=("oak-lane", "Oak Lane School"))
    assert names(found) == ["Amelia Kaur", "Leo Price"]
    assert [row.year for row in found.rows] == ["7", "R"]
    assert [row.keys.upn for row in found.rows] == [upn(1), ""], "a sign-in name is no UPN"
    assert [row.keys.admission for row in found.rows] == ["0101", "0102"]


def test_version_1_2_has_dated_roles_in_a_file_of_their_own() -> None:
    found = reading(oneroster("1.2"), file_school="o1")
    assert names(found) == ["Amelia Kaur", "Leo Price"]
    assert [row.preferred for row in found.rows] == ["Millie", ""]


def test_the_form_is_the_homeroom_class_of_today() -> None:
    assert [row.form for row in reading(oneroster(), file_school="o1").rows] == ["7B", ""]


def test_without_a_homeroom_class_forms_stay_as_they_are() -> None:
    found = reading(oneroster(classes=(CLASSES[0], CLASSES[2])), file_school="o1")
    assert [row.form for row in found.rows] == [None, None]


def test_no_contact_detail_and_no_adult_is_kept() -> None:
    kept = repr(reading(oneroster(), file_school="o1"))
    assert not any(secret in kept for secret in ("example.org", "0123", "secret", "g1", "Grown"))


def test_several_schools_need_a_choice_and_a_trust_is_not_a_school() -> None:
    with pytest.raises(
        RosterError, match=r"orgs.csv has 2 schools \(o1 Oak Lane School, o2 Elm Road School\)"
    ):
        reading(oneroster())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"manifest": manifest("1.1", users="delta")}, "users.csv has only changes"),
        ({"manifest": manifest("1.0")}, "has OneRoster version '1.0'; supported are 1.1 and 1.2"),
        ({"users": USERS_12}, "users.csv has no columns 'role' and 'orgSourcedIds'"),
        ({"orgs": ()}, "the file orgs.csv is missing; OneRoster needs it"),
        ({"manifest": manifest("1.2")}, "the file roles.csv is missing; OneRoster 1.2 needs it"),
    ],
)
def test_an_unreadable_file_is_reported_in_one_sentence(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RosterError, match=sentence):
        reading(oneroster(**changed), file_school="o1")


def test_a_pupil_with_two_years_is_reported() -> None:
    two = (USERS_11[0], USERS_11[2], 'u9,,,true,o1,student,x,,Ida,Frost,,0109,,,,,"07,08",')
    found = reading(oneroster(users=two), file_school="o1")
    assert [str(fault) for fault in found.faults] == [
        "users.csv, line 3: the year '07, 08' is not known: years are N, R and 1 to 14"
    ]
