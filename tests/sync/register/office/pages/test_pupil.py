"""Pupils & cards: the search, a pupil's record, and changing it."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from sync.register.permissions import Role
from sync.register.roster.search import PupilSearch, find_pupils, plain, years_and_forms
from sync.register.schools.schools import load_school, refresh_bundle
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, ContactRow, PupilRow
from sync.wire import Pupil
from tests.sync.register.office_client import Office, at_the_office, content
from tests.sync.register.roster.support import upn
from tests.sync.register.support import Kiosk, Running, entry, school_record, void


@pytest.fixture
def office(register: Running) -> Iterator[Office]:
    with register.database.write() as session:
        row = session.get_one(PupilRow, ("oak-lane", "P6"))
        row.upn, row.admission_number = upn(6), "0006"
        session.get_one(PupilRow, ("oak-lane", "P2")).left_on = date(2026, 11, 20)
        refresh_bundle(session, "oak-lane")
    with at_the_office(register, Role.OFFICE) as client:
        yield client


def audited(register: Running, action: str) -> list[AuditRow]:
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id))
        return list(rows)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("wojcik", ["Wójcik, Maja"]),
        ("kau AM", ["Kaur, Amelia"]),
        ("oneil", ["O&#39;Neil, Grace", "O’Neil, Grace"]),
        ("tom", ["Bell, Tom (Thomas)"]),
        ("thomas 11d", ["Bell, Tom (Thomas)"]),
        ("6", ["Bell, Tom (Thomas)"]),
        ("0006", ["Bell, Tom (Thomas)"]),
        (f" {upn(6).lower()} ", ["Bell, Tom (Thomas)"]),
    ],
)
def test_a_pupil_is_found_by_name_form_or_number(office: Office, find: str, found: list[str]) -> None:
    text = content(office.get("/pupils", params={"find": find}))
    assert "1 pupil " in text
    assert any(name in text for name in found)


def test_the_list_is_by_year_and_form_and_can_be_fetched_alone(office: Office) -> None:
    text = content(office.get("/pupils"))
    names = ["Kaur, Amelia", "O’Neil, Grace", "Ahmed, Yusuf", "Wójcik, Maja", "Bell, Tom"]
    assert sorted(names, key=text.index) == names
    assert "Price, Leo" not in text
    part = office.get("/pupils", params={"form": "7B"}, headers={"HX-Target": "pupil-list"}).text
    assert "2 pupils" in part
    assert "<html" not in part
    assert "1 who has left" in content(office.get("/pupils", params={"left": "true"})).replace("pupil ", "")


def test_the_exported_list_has_no_upns(office: Office, register: Running) -> None:
    answer = office.get("/pupils.csv", params={"year": "11"})
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[1] == ["11", "11D", "Bell", "Thomas", "Tom", "0006", "0"]
    assert upn(6) not in answer.text
    assert len(audited(register, "export")) == 1


def test_the_record_lists_who_brought_the_pupil_late(office: Office, kiosk: Kiosk) -> None:
    undone = entry(2, brought_by="Somebody Else", date="2026-11-23", at="2026-11-23T09:07:42.120Z")
    kiosk.send(entry(brought_by="Ruth Okafor"), undone, void(undone, 3))
    text = content(office.get("/pupil", params={"id": "P1"}))
    assert "Tuesday 24 November · brought by Ruth Okafor" in text
    assert "Somebody Else" not in text
    rows = list(csv.reader(io.StringIO(office.get("/pupil.csv", params={"id": "P1"}).text)))
    assert ["Brought late", "Tuesday 24 November", "brought by Ruth Okafor", ""] in rows
    assert "brought by" not in content(office.get("/pupil", params={"id": "P6"}))


def test_every_view_of_a_record_is_audited(office: Office, register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    text = content(office.get("/pupil", params={"id": "P1"}))
    for words in ("Amelia Kaur", "Aunt May", "Barred Person", "may NOT collect", "1 card", "22 min late"):
        assert words in text
    office.get("/pupil", params={"id": "P1"})
    looks = audited(register, "pupil's record seen")
    assert [(row.subject, row.name) for row in looks] == [("P1", "J. Office")] * 2
    assert office.get("/pupil", params={"id": "P99"}).status_code == 404


def test_a_contact_is_stored_audited_and_sent_to_no_kiosk(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    office.submit("/pupil/contacts", pupil="P3", name=" Aunt  Zed ", relationship="aunt", may="true")
    with register.database.read() as session:
        aunt = session.scalars(select(ContactRow.id).where(ContactRow.name == "Aunt Zed")).one()
    assert "Zed" not in kiosk.get("/bundle").text
    text = content(
        office.submit(
            "/pupil/contacts/change",
            pupil="P3",
            contact=aunt,
            name="Aunt Zed",
            relationship="aunt",
            may="false",
        )
    )
    assert "may NOT collect" in text
    assert "Zed" not in kiosk.get("/bundle").text
    office.submit("/pupil/contacts/remove", pupil="P3", contact=aunt, may="false")
    details = [row.detail for row in audited(register, "pupil's record changed")]
    assert [each["what"] for each in details] == ["contact added", "contact changed", "contact removed"]
    assert details[1]["before"]["may_collect"] is True
    assert details[2]["before"] == {"name": "Aunt Zed", "relationship": "aunt", "may_collect": False}


def test_an_agreed_absence_reaches_the_kiosks_once(office: Office, kiosk: Kiosk) -> None:
    dentist = {"pupil": "P3", "on": "2026-11-25", "kind": "medical", "until": "11:30"}
    assert "until 11:30" in content(office.submit("/pupil/absences", **dentist))
    again = office.submit("/pupil/absences", **dentist)
    assert again.status_code == 409
    assert "This absence exists already. Nothing was changed." in content(again)
    sent = [each for each in kiosk.get("/bundle").json()["appointments"] if each["pupil"] == "P3"]
    assert sent == [{"pupil": "P3", "date": "2026-11-25", "kind": "medical", "until": "11:30"}]
    assert office.submit("/pupil/absences/remove", pupil="P3", absence="1").status_code == 404, "it is Maja's"


def test_leaving_alone_reaches_the_kiosks(office: Office, kiosk: Kiosk) -> None:
    office.submit("/pupil/alone", pupil="P3", leaves_alone="true")
    assert kiosk.knows("P3")["leaves_alone"] is True
    office.submit("/pupil/alone", pupil="P3")
    assert kiosk.knows("P3")["leaves_alone"] is False


def test_a_pupil_is_kept_off_the_kiosks_lists_and_the_change_is_audited(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    assert "checked" in office.submit("/pupil/lists", pupil="P3", off_lists="true").text
    sent = {each["id"]: each["off_lists"] for each in kiosk.get("/bundle").json()["pupils"]}
    assert [pupil for pupil, off_lists in sent.items() if off_lists] == ["P3"]
    office.submit("/pupil/lists", pupil="P3")
    assert not any(each["off_lists"] for each in kiosk.get("/bundle").json()["pupils"])
    details = [row.detail for row in audited(register, "pupil's record changed")]
    assert [(each["what"], each["after"]) for each in details] == [
        ("kept off lists", True),
        ("kept off lists", False),
    ]


def test_the_record_names_the_late_bus_beside_the_mark(office: Office, kiosk: Kiosk) -> None:
    kiosk.send(entry(reason="school-transport", route="27"))
    assert "22 min late, bus 27" in content(office.get("/pupil", params={"id": "P1"}))


def test_revoking_cards_is_audited_with_the_users_name(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    assert "No card." in content(office.submit("/pupil/cards/revoke", pupil="P1"))
    assert "P1" not in kiosk.get("/bundle").json()["cards"]["pupils"].values()
    assert [(row.name, row.subject) for row in audited(register, "cards revoked")] == [("J. Office", "P1")]


def test_another_pupils_contact_cannot_be_changed(office: Office, register: Running) -> None:
    fields = {"pupil": "P3", "contact": "C2", "name": "x", "may": "true"}
    assert office.submit("/pupil/contacts/change", **fields).status_code == 404
    with register.database.read() as session:
        assert session.get_one(ContactRow, ("oak-lane", "C2")).may_collect is False


def test_an_administrator_sees_no_pupil(register: Running) -> None:
    with at_the_office(register, Role.ADMINISTRATOR) as office:
        assert office.get("/pupils").status_code == 403
        assert office.get("/pupil", params={"id": "P1"}).status_code == 403
        assert office.submit("/pupil/alone", pupil="P1").status_code == 403
        assert "Pupils &amp; cards" not in office.get("/").text


def test_a_form_without_the_sessions_token_changes_nothing(office: Office) -> None:
    assert office.client.post("/pupil/alone", data={"pupil": "P1", "leaves_alone": "true"}).status_code == 403


def test_an_id_with_any_characters_has_a_record(office: Office, register: Running) -> None:
    odd = Pupil(id="a/b &c?", first="Odd", last="One", year="7", form="7B")
    with register.database.write() as session:
        load_school(session, school_record(pupils=[*school_record().pupils, odd]))
    assert 'href="/pupil?id=a/b%20%26c%3F"' in office.get("/pupils").text
    assert "Odd One" in content(office.get("/pupil?id=a/b%20%26c%3F"))
    assert content(office.submit("/pupil/alone", pupil="a/b &c?", leaves_alone="true"))


@pytest.mark.both_databases
def test_forms_are_in_numeric_order(database: Database) -> None:
    with database.write() as session:
        pupils = [
            Pupil(id=form, first="A", last="B", year=year, form=form)
            for year, form in (("10", "10C"), ("9", "9A"), ("R", "Oak"), ("9", "9B"))
        ]
        load_school(session, school_record(pupils=pupils, cards={}, contacts=[], appointments=[]))
        assert [each.form for each in find_pupils(session, "oak-lane", PupilSearch())] == [
            "Oak",
            "9A",
            "9B",
            "10C",
        ]
        assert years_and_forms(session, "oak-lane") == (["R", "9", "10"], ["Oak", "9A", "9B", "10C"])


@pytest.mark.parametrize(
    ("text", "letters"), [("Zoë O’Neill", "zoe oneill"), ("Łukasz", "lukasz"), ("Anne-Marie", "anne marie")]
)
def test_search_text_is_reduced_to_plain_letters(text: str, letters: str) -> None:
    assert plain(text) == letters
