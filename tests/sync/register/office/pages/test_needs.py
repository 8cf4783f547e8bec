"""The Needs a decision page: the open decisions, making one, and its effect."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select

from attendance.policy.files import load
from sync.register.office.views import pupil_field
from sync.register.office.views.needs import PAGE
from sync.register.permissions import Role
from sync.register.schools import policies
from sync.register.storage.models import AuditRow, MarkChangeRow, MarkRow, PupilRow, StaffRow
from tests.sync.register.api.test_entries import by_a_person, marks, work
from tests.sync.register.support import LOGIN, PASSWORD, Clock, Kiosk, Running, entry, void
from tests.sync.register.worklist.test_resolve import item_of

Press = Callable[..., httpx.Response]
DOUBTED = {"at": "1970-01-01T00:01:00Z", "date": "1970-01-01", "clock": {"trust": "unknown"}}


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture
def press(browser: httpx.Client) -> Press:
    """Press the button with that label in the page's first form, with the form's own values."""

    def do(label: str, page: str | None = None, **typed: str) -> httpx.Response:
        html = page or browser.get("/needs").text
        form = re.search(r'<form id="decide.*?</form>', html, re.DOTALL)
        assert form, html
        path = re.search(r'action="([^"]+)"', form[0])
        act = re.search(rf'name="act" value="([^"]+)"[^>]*>{label}<', form[0])
        assert path
        assert act, form[0]
        held = dict(re.findall(r'<input type="(?:hidden|date)" name="(\w+)" value="([^"]*)"', form[0]))
        held |= re.findall(r'<input name="(pupil)" list="roll" value="([^"]*)"', form[0])
        for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', form[0], re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            held[name] = chosen[1] if chosen else ""
        return browser.post(path[1], data={**held, "act": act[1], **typed})

    return do


@pytest.fixture
def conflict(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "/")
    kiosk.send(entry())


@pytest.mark.parametrize("on", ["2026-11-25", "2099-01-01"])
def test_a_decision_writes_no_mark_into_a_future_day(
    register: Running, kiosk: Kiosk, browser: httpx.Client, on: str
) -> None:
    kiosk.send(entry(**DOUBTED))
    item = item_of(register, "clock")
    token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/needs").text)
    assert token
    form = {"form_token": token[1], "act": f"{item}:set", "code": "L", "reason": "rang home", "half": "AM"}
    refused = browser.post(f"/needs/{item}", data=form | {"on": on})
    assert (refused.status_code, "That day is still to come" in refused.text) == (409, True)
    assert marks(register) == []
    browser.post(f"/needs/{item}", data=form | {"on": "2026-11-24"})
    assert [code for _, code, _, _ in marks(register)] == ["L"]


@pytest.mark.usefixtures("conflict")
def test_a_decision_shows_both_sides_with_pupil_time_and_reason(browser: httpx.Client) -> None:
    text = browser.get("/needs").text
    for words in (
        "Amelia Kaur, 7B",
        "Tuesday 24 November, 09:07:42, at Main reception",
        "L, 22 min late · Overslept",
        "/ – Present in the morning · Tuesday 24 November, AM",
        'class="count">1<',
    ):
        assert words in text


def test_the_explanation_uses_the_policy_of_that_day(
    register: Running, kiosk: Kiosk, browser: httpx.Client, clock: Clock
) -> None:
    policy = load("wessex-mat")
    with register.database.write() as session:
        policies.keep(session, "oak-lane", policy.model_dump(mode="json"), now=clock())
    by_a_person(register, "/")
    basis = {"year": "7", "school_day": True}
    kiosk.send(entry(decision={"policy_version": policy.version, "basis": basis}))
    text = browser.get("/needs").text
    assert "Came at 09:07:42, at or after" in text
    assert "policy: " in text


@pytest.mark.usefixtures("conflict")
def test_a_mark_is_changed_with_a_reason_and_the_decision_stays_listed(
    register: Running, press: Press
) -> None:
    assert "A reason is needed" in press("Change / to L", reason=" ").text
    assert [mark[1] for mark in marks(register)] == ["/"]
    text = press("Change / to L", reason="the teacher did not see her").text
    assert marks(register) == [("P1", "L", 22, "person")]
    assert "Decided today by J. Office (Attendance officer) at 09:33" in text
    assert "the teacher did not see her" in text
    assert 'class="count"><' in text
    with register.database.read() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.action == "resolution")).one().login == LOGIN


@pytest.mark.usefixtures("conflict")
def test_keeping_the_current_mark_needs_no_reason(register: Running, press: Press) -> None:
    assert "left unchanged" in press("Keep /").text
    assert (work(register), [mark[1] for mark in marks(register)]) == ([], ["/"])


@pytest.mark.usefixtures("conflict")
def test_another_code_can_be_set(register: Running, press: Press) -> None:
    assert "Choose a code." in press("Set", reason="letter").text
    press("Set", reason="letter", code="M")
    assert [mark[1] for mark in marks(register)] == ["M"]


@pytest.mark.usefixtures("conflict")
def test_the_second_user_sees_who_decided_first(
    register: Running, browser: httpx.Client, press: Press
) -> None:
    shown = browser.get("/needs").text
    press("Keep /", shown)
    second = press("Change / to L", shown, reason="mine")
    assert second.status_code == 409
    assert "J. Office decided this at 09:33. Your answer was not saved." in second.text
    assert [mark[1] for mark in marks(register)] == ["/"]


@pytest.mark.usefixtures("conflict")
def test_a_mark_changed_since_the_page_was_made_is_not_overwritten(
    register: Running, browser: httpx.Client, press: Press
) -> None:
    shown = browser.get("/needs").text
    by_a_person(register, "M")
    assert "says M there now, and not /" in press("Change / to L", shown, reason="x").text
    assert [mark[1] for mark in marks(register)] == ["M"]


def test_an_uncertain_date_is_shown_as_the_day_of_receipt(
    register: Running, kiosk: Kiosk, press: Press
) -> None:
    kiosk.send(entry(**DOUBTED))
    press("Mark L", reason="reception saw her")
    with register.database.read() as session:
        assert session.scalars(select(MarkChangeRow.date)).one().isoformat() == "2026-11-24"


def test_assigning_a_pupil_does_not_overwrite_their_mark(
    register: Running, kiosk: Kiosk, press: Press
) -> None:
    by_a_person(register, "/")
    kiosk.send(entry(pupil="P999"))
    again = press("Assign to this pupil", reason="asked", pupil="P1")
    assert "says / there now" in again.text
    assert [mark[1] for mark in marks(register)] == ["/"]
    press("Assign to this pupil", again.text, reason="asked")
    assert [mark[1] for mark in marks(register)] == ["L"]


def test_every_kind_is_shown_and_a_void_without_effect_can_only_be_kept(
    register: Running, kiosk: Kiosk, browser: httpx.Client, press: Press
) -> None:
    first = entry(3)
    kiosk.send(first, first | {"pupil": "P2"}, void(entry(), 5), entry(4, pupil="P3", **DOUBTED))
    for _ in range(len(work(register))):
        html = browser.get("/needs").text
        label = "Leave as it is" if "Leave as it is" in html.split("</form>")[1] else "Nothing to do"
        press(label)
        if not work(register):
            break
    assert work(register) == []


def test_a_refused_entry_shows_its_readable_fields_and_is_noted(
    register: Running, kiosk: Kiosk, browser: httpx.Client, press: Press
) -> None:
    kiosk.send(entry(1, decision={"code": "H"}), entry(2, pupil="P999", reason="x" * 65), "nonsense")
    html = browser.get("/needs").text
    assert html.count("An entry could not be read") == 3
    assert "Amelia Kaur, 7B" in html
    assert "What: arrival, pupil: P1, when: Tuesday 24 November, 09:07:42." in html
    assert "What: arrival, pupil: P999, when: Tuesday 24 November, 09:07:42." in html
    assert "Main reception: an entry was refused because it could not be read." in html
    page = press("Dealt with", reason="put in by hand").text
    assert "<strong>Amelia Kaur, 7B</strong> <span>An entry could not be read</span>" in page
    assert len(work(register)) == 2


def test_open_items_and_late_entries_of_other_days_are_on_today(
    register: Running, kiosk: Kiosk, browser: httpx.Client, clock: Clock
) -> None:
    clock.instant = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    open_yesterday = {"outcome": "review", "code": None, "suggested": "/", "needs_office": True}
    kiosk.send(entry(1, at="2026-11-23T09:10:00Z", date="2026-11-23", decision=open_yesterday))
    clock.instant = datetime(2026, 11, 24, 9, 33, tzinfo=UTC)
    kiosk.send(entry(2, pupil="P2", at="2026-11-23T09:12:00Z", date="2026-11-23"))
    text = browser.get("/").text
    assert text.count("for Monday 23 November") == 2
    assert "1 decision" in text
    assert "Amelia Kaur" in browser.get("/needs").text


def test_an_administrator_sees_decisions_and_cannot_make_them(
    register: Running, kiosk: Kiosk, browser: httpx.Client, press: Press
) -> None:
    by_a_person(register, "/")
    kiosk.send(entry())
    shown = browser.get("/needs").text
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    assert 'id="decide' not in browser.get("/needs").text
    assert press("Keep /", shown).status_code == 403
    assert len(work(register)) == 1


@pytest.mark.usefixtures("conflict")
def test_a_failed_decision_keeps_the_users_input(
    register: Running, browser: httpx.Client, press: Press
) -> None:
    shown = browser.get("/needs").text
    by_a_person(register, "M")
    again = press("Set", shown, reason="a letter from home", code="I").text
    assert "says M there now" in again
    assert 'value="a letter from home"' in again
    assert re.search(r'<option value="I" selected>', again)


def test_a_decision_needs_the_sessions_token(register: Running, kiosk: Kiosk, browser: httpx.Client) -> None:
    by_a_person(register, "/")
    kiosk.send(entry())
    assert browser.post("/needs/1", data={"act": "1:keep"}).status_code == 403
    assert len(work(register)) == 1


def unknown(number: int) -> list[dict[str, Any]]:
    """That many sign-ins of pupils who are not on the register's roll."""
    return [entry(seq, pupil=f"X{seq}") for seq in range(1, number + 1)]


def test_decisions_are_oldest_first_and_paged(kiosk: Kiosk, browser: httpx.Client) -> None:
    kiosk.send(*unknown(PAGE + 3))
    first = browser.get("/needs").text
    assert (first.count("<form id="), f"Showing {PAGE} of {PAGE + 3}, oldest first" in first) == (PAGE, True)
    newer = re.search(r'href="(/needs\?after=\d+)"', first)
    assert newer
    second = browser.get(newer[1]).text
    assert (second.count("<form id="), 'href="/needs" rel="next"' in second) == (3, True)
    live = re.search(r'hx-get="(/needs/live[^"]+)"', second)
    assert live
    assert browser.get(live[1]).text.count("<form id=") == 3
    assert browser.get("/today/live").headers["hx-trigger"].count(f'"needs": {PAGE + 3}') == 1
    assert (
        set(re.findall(r'id="decide-(\d+)-', first)) & set(re.findall(r'id="decide-(\d+)-', second)) == set()
    )


def test_a_failed_decision_on_a_later_page_is_shown_again(kiosk: Kiosk, browser: httpx.Client) -> None:
    kiosk.send(*unknown(PAGE + 3))
    last = browser.get("/needs.csv").text.count("Pupil not on the roll")
    assert last == PAGE + 3
    newer = re.search(r'href="(/needs\?after=\d+)"', browser.get("/needs").text)
    assert newer
    form = browser.get(newer[1]).text.split("<form id=")[-1]
    path, token = re.search(r'action="([^"]+)"', form), re.search(r'form_token" value="([^"]+)"', form)
    act = re.search(r'value="(\d+:assign)"', form)
    assert path
    assert token
    assert act
    typed = {"form_token": token[1], "act": act[1], "pupil": "Nobody, Such", "reason": "seen at the door"}
    again = browser.post(path[1], data=typed)
    assert (again.status_code, "Choose a pupil from the list" in again.text) == (400, True)
    assert 'value="Nobody, Such"' in again.text
    assert "seen at the door" in again.text


def test_more_decisions_take_no_more_statements(
    register: Running, kiosk: Kiosk, browser: httpx.Client
) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = register.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        kiosk.send(*unknown(2))
        browser.get("/needs")
        statements.clear()
        browser.get("/needs")
        few = len(statements)
        kiosk.send(*[each | {"seq": 100 + each["seq"]} for each in unknown(20)])
        statements.clear()
        browser.get("/needs")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == few


def test_pupils_of_one_name_are_told_apart_and_a_mixed_choice_is_refused(
    register: Running, kiosk: Kiosk, browser: httpx.Client, press: Press
) -> None:
    with register.database.write() as session:
        for twin in ("T1", "T2"):
            session.add(
                PupilRow(school_id="oak-lane", id=twin, first="Sam", last="Hill", year="7", form="7B")
            )
    kiosk.send(entry(pupil="P999"))
    page = browser.get("/needs").text
    for twin in ("T1", "T2"):
        assert f'<option value="Hill, Sam (7B) · {twin}">' in page
    refused = press("Assign to this pupil", reason="asked", pupil="Kaur, Amelia (7B) · T2")
    assert refused.status_code == 400
    assert marks(register) == []
    press("Assign to this pupil", reason="asked", pupil="Hill, Sam (7B) · T2")
    with register.database.read() as session:
        assert session.scalars(select(MarkRow.pupil)).all() == ["T2"]


def unlisted_arrival(kiosk: Kiosk, register: Running, clock: Clock) -> None:
    """Jamie O’Neill of 7B has signed in at 09:07:42 without being on the kiosk's list."""
    policy = load("wessex-mat")
    with register.database.write() as session:
        policies.keep(session, "oak-lane", policy.model_dump(mode="json"), now=clock())
    decision = {"outcome": "review", "code": None, "minutes_late": None, "needs_office": True}
    decision["policy_version"] = policy.version
    named = {"unlisted": {"name": "Jamie O’Neill", "form": "7B"}}
    kiosk.send(entry(pupil="unlisted:0193", decision=decision, **named))


def test_an_unlisted_pupil_is_found_and_the_mark_follows_from_the_rule(
    register: Running, kiosk: Kiosk, browser: httpx.Client, press: Press, clock: Clock
) -> None:
    unlisted_arrival(kiosk, register, clock)
    text = browser.get("/needs").text
    assert "<h2" in text
    for words in (
        "Jamie O’Neill, 7B",
        "Signed in without being on the list",
        "My name isn’t here",
        "by the rule",
    ):
        assert words in text
    assert "Jamie O." in browser.get("/").text, "Today has the short name"
    with register.database.read() as session:
        amelia = pupil_field.label(session.get_one(PupilRow, ("oak-lane", "P1")))
    text = press("Assign to this pupil", pupil=amelia, reason="goes by Jamie").text
    assert marks(register) == [("P1", "L", 22, "person")]
    assert "assigned to a pupil: goes by Jamie" in text
    assert "Nothing to decide" in text


def test_an_unlisted_arrival_is_dismissed_only_with_a_reason(
    register: Running, kiosk: Kiosk, press: Press, clock: Clock
) -> None:
    unlisted_arrival(kiosk, register, clock)
    assert "A reason is needed" in press("Dismiss", reason=" ").text
    assert "dismissed: signed in twice" in press("Dismiss", reason="signed in twice").text
    assert (marks(register), work(register)) == ([], [])


def test_an_unlisted_pupil_is_on_the_evacuation_list_under_the_typed_name(
    register: Running, kiosk: Kiosk, browser: httpx.Client, clock: Clock
) -> None:
    unlisted_arrival(kiosk, register, clock)
    assert "O’Neill (7B), Jamie" in browser.get("/on-site/evacuation").text
