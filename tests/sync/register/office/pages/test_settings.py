"""Policy & settings: the current settings, and changing them after a preview."""

import html
import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from attendance.languages import LANGUAGES, unchecked_sentences
from attendance.policy.files import load
from sync.register.actor import operator_actor
from sync.register.errors import SchoolSettingsError
from sync.register.permissions import Role
from sync.register.schools import school_settings
from sync.register.schools.school_settings import SettingsChange
from sync.register.schools.schools import load_school
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, PolicyRow, SchoolRow
from sync.wire import BundleCalendar, BundleClosure, BundleTerm
from tests.sync.register.office_client import Office, at_the_office, content
from tests.sync.register.support import Clock, Kiosk, Running, school_record

SNOW = {"reason": "Snow", "first": "2026-12-01", "last": "2026-12-02", "years": "10, 11"}
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Oak Lane//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260901T000000Z
DTSTART;VALUE=DATE:20270104
DTEND;VALUE=DATE:20270105
SUMMARY:INSET day
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTAMP:20260901T000000Z
DTSTART;VALUE=DATE:20270210
DTEND;VALUE=DATE:20270211
SUMMARY:Bake sale
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTAMP:20260901T000000Z
DTSTART;VALUE=DATE:20270212
DTEND;VALUE=DATE:20270213
SUMMARY:INSET day - Years 10 and 11 only
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@pytest.fixture
def office(register: Running) -> Iterator[Office]:
    with register.database.write() as session:
        load_school(session, school_record(policy=load("wessex-mat").model_dump(mode="json")))
    with at_the_office(register) as it:
        yield it


def hidden(answer: httpx.Response) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="(body|before)" value="([^"]*)"', answer.text)
    return {name: html.unescape(value) for name, value in fields}


def audited(register: Running) -> list[AuditRow]:
    with register.database.read() as session:
        changed = AuditRow.action.in_(("policy changed", "settings changed"))
        return list(session.scalars(select(AuditRow).where(changed).order_by(AuditRow.id)))


def test_the_policy_is_shown_in_words_with_findings_and_paragraphs(office: Office, kiosk: Kiosk) -> None:
    kiosk.get("/bundle")
    text = content(office.get("/settings"))
    for words in (
        "Wessex Multi-Academy Trust",
        "From 09:00 to 09:15 a pupil is late: L. paragraph 4.4, second point",
        "The session ends at 15:15. to be confirmed",
        "entries are kept for 3 years, but the 2024 Regulations require 6",
        "No pupil gets L.",
        "in use",
        "The policy’s own 3 years are shorter, so the law applies.",
    ):
        assert words in text, words


def test_another_policy_is_previewed_and_then_used(office: Office, register: Running, kiosk: Kiosk) -> None:
    before = load("wessex-mat").version
    shown = office.submit("/settings/policy", shipped="psa")
    assert "Checks" in content(shown)
    assert kiosk.get("/bundle").json()["policy"]["name"] == "wessex-mat"
    office.submit("/settings/policy/confirm", **hidden(shown))
    sent = load("psa").model_dump(mode="json", exclude={"document"})  # for the checker, not for kiosks
    assert kiosk.get("/bundle").json()["policy"] == sent
    with register.database.read() as session:
        assert set(session.scalars(select(PolicyRow.version))) == {before, load("psa").version}
    (row,) = audited(register)
    assert (row.name, row.detail["before"], row.detail["after"]) == ("J. Office", before, load("psa").version)


def test_a_policy_changed_since_the_preview_is_not_overwritten(office: Office, kiosk: Kiosk) -> None:
    psa = hidden(office.submit("/settings/policy", shipped="psa"))
    burbage = hidden(office.submit("/settings/policy", shipped="burbage"))
    office.submit("/settings/policy/confirm", **psa)
    late = office.submit("/settings/policy/confirm", **burbage)
    assert late.status_code == 409
    assert "The policy has been changed since you looked" in content(late)
    assert kiosk.get("/bundle").json()["policy"]["name"] == "psa"


def test_an_invalid_policy_file_is_explained_line_by_line(office: Office, kiosk: Kiosk) -> None:
    files = {"file": ("own.toml", b'name = "own"\ntitle = "Own"\nyears = ["16"]\n')}
    answer = office.submit("/settings/policy", files=files)
    assert answer.status_code == 400
    assert "own.toml, line 3: " in content(answer)
    assert "Choose a policy or a file." in content(office.submit("/settings/policy"))
    assert office.submit("/settings/policy/confirm", body="{}", before="x").status_code == 400
    assert kiosk.get("/bundle").json()["policy"]["name"] == "wessex-mat"


def test_days_without_school_reach_the_kiosks_and_can_be_removed(
    office: Office, register: Running, kiosk: Kiosk
) -> None:
    text = content(office.submit("/settings/calendar/closure", **SNOW))
    assert "Snow · Tuesday 1 December 2026 to Wednesday 2 December 2026 · years 10, 11 only" in text
    office.submit("/settings/calendar/closure", **(SNOW | {"reason": "Ice"}))
    closures = kiosk.get("/bundle").json()["calendar"]["closures"]
    assert [each["reason"] for each in closures] == ["Ice", "Snow"]
    snow = BundleClosure.model_validate(closures[1]).model_dump_json()
    office.submit("/settings/calendar/remove", line=snow)
    assert [each["reason"] for each in kiosk.get("/bundle").json()["calendar"]["closures"]] == ["Ice"]
    assert audited(register)[-1].detail["removed"][0]["reason"] == "Snow"


@pytest.mark.parametrize(
    ("path", "fields", "message"),
    [
        ("closure", SNOW | {"last": "2026-11-01"}, "ends on 2026-11-01, before it starts on 2026-12-01"),
        ("closure", SNOW | {"years": "99"}, "'99' is not a year; years are N, R and 1 to 14"),
        ("closure", SNOW | {"reason": " "}, "at least 1 character"),
        ("term", {"name": "T", "starts": "2027-01-05", "ends": "2026-01-05"}, "before it starts"),
    ],
)
def test_an_invalid_calendar_is_refused_in_one_sentence(
    office: Office, kiosk: Kiosk, path: str, fields: dict[str, str], message: str
) -> None:
    answer = office.submit(f"/settings/calendar/{path}", **fields)
    assert answer.status_code == 409
    assert message in html.unescape(content(answer))
    assert kiosk.get("/bundle").json()["calendar"] == {"terms": [], "closures": []}


def test_terms_are_sorted_and_may_not_overlap(database: Database, clock: Clock) -> None:
    autumn = BundleTerm(name="Autumn", starts=date(2026, 9, 1), ends=date(2026, 12, 18))
    spring = BundleTerm(name="Spring", starts=date(2027, 1, 5), ends=date(2027, 3, 26))
    doing = SettingsChange(operator_actor("oak-lane"), clock())
    with database.write() as session:
        load_school(session, school_record())
        school_settings.add_to_calendar(session, doing, BundleCalendar(terms=[spring]))
        assert school_settings.add_to_calendar(session, doing, BundleCalendar(terms=[autumn, spring])) == 1
        overlapping = BundleCalendar(terms=[autumn.model_copy(update={"name": "Other"})])
        with pytest.raises(SchoolSettingsError, match="write the terms in order"):
            school_settings.add_to_calendar(session, doing, overlapping)
        row = session.get_one(SchoolRow, "oak-lane")
        assert [each["name"] for each in row.calendar["terms"]] == ["Autumn", "Spring"]


def test_a_published_calendar_is_previewed_first(office: Office, kiosk: Kiosk) -> None:
    shown = office.submit("/settings/calendar/file", files={"file": ("terms.ics", ICS.encode())})
    text = content(shown)
    assert "INSET day · Monday 4 January 2027" in text
    assert "INSET day - Years 10 and 11 only · Friday 12 February 2027 · years 10, 11 only" in text
    assert "Closed for these years only, please check: INSET day - Years 10 and 11 only (2027-02-12)" in text
    assert "Left out, because they do not clearly say that there is no school: Bake sale" in text
    assert kiosk.get("/bundle").json()["calendar"]["closures"] == []
    for _ in range(2):
        office.submit("/settings/calendar/confirm", **hidden(shown))
    sent = kiosk.get("/bundle").json()["calendar"]["closures"]
    years_closed = [(each["first"], each["years"]) for each in sent]
    assert years_closed == [("2027-01-04", None), ("2027-02-12", ["10", "11"])], (
        "twice the same is there once"
    )
    wrong = office.submit("/settings/calendar/file", files={"file": ("x.ics", b"nothing")})
    assert (wrong.status_code, "x.ics: " in content(wrong)) == (400, True)


def test_the_school_years_bank_holidays_are_added(office: Office, kiosk: Kiosk) -> None:
    office.submit("/settings/calendar/bank-holidays")
    days = [each["first"] for each in kiosk.get("/bundle").json()["calendar"]["closures"]]
    assert "2026-12-25" in days
    assert "2027-08-30" in days


def test_the_kiosks_language_is_chosen(office: Office, kiosk: Kiosk) -> None:
    office.submit("/settings/language", language="pl")
    assert kiosk.get("/bundle").json()["school"]["language"] == "pl"
    assert office.submit("/settings/language", language="tlh").status_code == 409
    assert kiosk.get("/bundle").json()["school"]["language"] == "pl"


def test_the_settings_say_how_many_sentences_no_speaker_has_checked(office: Office) -> None:
    page = content(office.get("/settings"))
    [sentence] = re.findall(r"No native speaker has checked [^.]*\.", page)
    for tag, name in LANGUAGES.items():
        count = unchecked_sentences(tag)
        assert (f"{name} {count}" in sentence) is bool(count), name


def test_the_office_role_sees_settings_and_cannot_change_them(register: Running) -> None:
    with at_the_office(register, Role.OFFICE) as office:
        text = content(office.get("/settings"))
        assert "This version of Latebook cannot read the school’s policy" in text
        assert "Choose another policy" not in text
        for path, fields in (
            ("policy", {"shipped": "psa"}),
            ("language", {"language": "pl"}),
            ("calendar/bank-holidays", {}),
            ("calendar/closure", SNOW),
        ):
            assert office.submit(f"/settings/{path}", **fields).status_code == 403, path
    assert audited(register) == []
