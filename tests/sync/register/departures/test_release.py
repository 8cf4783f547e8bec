"""A request to collect a pupil: the kiosk's answers, and what only the office sees."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.departures import release as departures
from sync.register.departures.collectors import Match, PupilContact, ReleaseNeeds, compare
from sync.register.errors import (
    AlreadyAnsweredError,
    CollectorNotConfirmedError,
    DepartureError,
    NotAllowedError,
    UnknownDepartureError,
)
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow, ContactRow, DepartureRow
from tests.sync.register.support import Kiosk, Running, wait_for

pytestmark = pytest.mark.both_databases

OFFICER = Actor("J. Office", "Attendance officer", "oak-lane", "office", Role.OFFICE, "192.0.2.7")


def request_body(**changes: Any) -> dict[str, Any]:
    return {
        "pupil": "P1",
        "collector": "Aunt May",
        "relationship": "aunt",
        "reason": "medical",
        "expected_back": "2026-11-24T12:00:00Z",
        "evidence": "card",
    } | changes


def ask(kiosk: Kiosk, departure: str, **changes: Any) -> httpx.Response:
    return kiosk.post(f"/departures/{departure}/request", request_body(**changes))


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


def answer(register: Running, departure: str, *, release: bool, who: Actor = OFFICER, **grounds: Any) -> None:
    with register.database.write() as session:
        how: dict[str, Any] = {"now": register.clock()}
        if release:
            departures.release(session, uuid.UUID(departure), who, **grounds, **how)
        else:
            departures.refuse(session, uuid.UUID(departure), who, "court order", **how)
    register.register.notifier.changed("oak-lane")


WAITING = {"state": "waiting", "released_by": None, "released_position": None, "released_at": None}


def test_a_request_waits_and_sending_it_again_changes_nothing(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    for _ in range(2):
        sent = ask(kiosk, departure)
        assert (sent.status_code, sent.json()) == (200, WAITING)
    assert kiosk.get(f"/departures/{departure}").json() == WAITING
    with register.database.read() as session:
        assert len(departures.open_requests(session, "oak-lane", now=register.clock())) == 1


def test_an_adult_who_was_refused_today_is_not_released_in_one_press(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    again = str(uuid.uuid4())
    ask(kiosk, departure)
    answer(register, departure, release=False)
    ask(kiosk, again)
    with register.database.read() as session:
        (waiting,) = departures.open_requests(session, "oak-lane", now=register.clock())
        assert waiting.collector.match is Match.MAY
        assert waiting.release_needs is ReleaseNeeds.REASON
        assert waiting.refusal is not None
        assert (waiting.refusal.by, waiting.refusal.why) == ("J. Office", "court order")
    with pytest.raises(CollectorNotConfirmedError, match="has refused Aunt May today"):
        answer(register, again, release=True)
    answer(register, again, release=True, why="the mother rang again")
    assert kiosk.get(f"/departures/{again}").json()["state"] == "released"


def test_simultaneous_copies_of_a_request_are_one_request(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ask(kiosk, departure).status_code, range(6)))
    assert answers == [200] * 6


def test_an_id_used_for_another_request_is_409(kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    assert ask(kiosk, departure, pupil="P2").status_code == 409


def test_a_release_names_the_releaser_and_the_time(register: Running, kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    answer(register, departure, release=True)
    assert kiosk.get(f"/departures/{departure}").json() == {
        "state": "released",
        "released_by": "J. Office",
        "released_position": "Attendance officer",
        "released_at": "2026-11-24T09:33:00.000Z",
    }


def test_a_refusal_contains_no_reason(register: Running, kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    answer(register, departure, release=False)
    assert kiosk.get(f"/departures/{departure}").json() == WAITING | {"state": "refused"}


@pytest.mark.parametrize("release", [True, False])
def test_a_waiting_kiosk_gets_the_answer_at_once(
    register: Running, kiosk: Kiosk, departure: str, release: bool
) -> None:
    ask(kiosk, departure)
    got: list[dict[str, Any]] = []

    def wait() -> None:
        url = f"{kiosk.url}/api/v1/departures/{departure}"
        got.append(httpx.get(url, params={"wait": 25}, headers=kiosk.headers, timeout=30).json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_for(lambda: register.register.notifier.watching, "the kiosk to wait")
    answer(register, departure, release=release)
    waiting.join(60)
    assert [each["state"] for each in got] == ["released" if release else "refused"]


def test_a_poll_that_times_out_answers_waiting(kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    assert kiosk.get(f"/departures/{departure}?wait=0.2").json() == WAITING
    assert kiosk.get(f"/departures/{departure}?wait=26").status_code == 422


def test_an_unknown_request_is_404(kiosk: Kiosk, departure: str) -> None:
    assert kiosk.get(f"/departures/{departure}").status_code == 404


def withdraw(kiosk: Kiosk, departure: str) -> httpx.Response:
    return httpx.delete(f"{kiosk.url}/api/v1/departures/{departure}", headers=kiosk.headers)


def test_a_request_is_withdrawn_once(register: Running, kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    for _ in range(2):
        answered = withdraw(kiosk, departure)
        assert (answered.status_code, answered.json()) == (200, WAITING | {"state": "withdrawn"})
    assert kiosk.get(f"/departures/{departure}").json()["state"] == "withdrawn"
    with register.database.read() as session:
        assert departures.open_requests(session, "oak-lane", now=register.clock()) == []


@pytest.mark.parametrize(("release", "state"), [(True, "released"), (False, "refused")])
def test_withdrawing_an_answered_request_keeps_the_answer(
    register: Running, kiosk: Kiosk, departure: str, release: bool, state: str
) -> None:
    ask(kiosk, departure)
    answer(register, departure, release=release)
    answered = withdraw(kiosk, departure)
    assert (answered.status_code, answered.json()["state"]) == (200, state)
    assert answered.json()["released_by"] == ("J. Office" if release else None)
    assert kiosk.get(f"/departures/{departure}").json() == answered.json()


def test_a_withdrawn_request_cannot_be_released(register: Running, kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure)
    withdraw(kiosk, departure)
    with pytest.raises(AlreadyAnsweredError, match="the request was withdrawn at Main reception"):
        answer(register, departure, release=True)


def test_an_unknown_request_cannot_be_withdrawn(kiosk: Kiosk, departure: str) -> None:
    assert withdraw(kiosk, departure).status_code == 404


@pytest.mark.parametrize("collector", ["Barred Person", "Bared Person"])
def test_a_release_to_a_barred_contact_needs_a_reason_that_is_kept(
    register: Running, kiosk: Kiosk, departure: str, collector: str
) -> None:
    ask(kiosk, departure, collector=collector)
    with pytest.raises(CollectorNotConfirmedError, match="Barred Person may not collect"):
        answer(register, departure, release=True)
    for half in ({"sure": True}, {"sure": True, "why": "  "}, {"why": "the court has ended it"}):
        with pytest.raises(CollectorNotConfirmedError):
            answer(register, departure, release=True, **half)
    assert kiosk.get(f"/departures/{departure}").json() == WAITING
    answer(register, departure, release=True, sure=True, why="the court has ended it")
    with register.database.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "release")).one()
    assert row.detail["why"] == "the court has ended it"
    assert row.detail["family"] in ("barred", "perhaps barred")
    assert "court" not in kiosk.get(f"/departures/{departure}").text


def test_a_release_to_an_adult_who_is_no_contact_needs_a_reason(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure, collector="Somebody Else")
    with pytest.raises(CollectorNotConfirmedError, match="say how you know"):
        answer(register, departure, release=True, why=" – ")
    assert kiosk.get(f"/departures/{departure}").json() == WAITING
    answer(register, departure, release=True, why="rang the mother")
    with register.database.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "release")).one()
    assert (row.detail["why"], row.detail["family"]) == ("rang the mother", "unknown")
    assert "mother" not in kiosk.get(f"/departures/{departure}").text


@pytest.mark.parametrize(
    ("stated", "difference", "family"),
    [
        (
            {"relationship": "father"},
            "says father, and the family’s list says Aunt May",
            "relationship differs",
        ),
        ({"collector": "Ant May"}, "spelt differently: Aunt May", "perhaps"),
    ],
)
def test_a_statement_that_differs_needs_an_answer_and_both_are_kept(
    register: Running, kiosk: Kiosk, stated: dict[str, str], difference: str, family: str
) -> None:
    departure = str(uuid.uuid4())
    ask(kiosk, departure, **stated)
    for why in ("", " – "):
        with pytest.raises(CollectorNotConfirmedError, match=difference):
            answer(register, departure, release=True, why=why)
    assert kiosk.get(f"/departures/{departure}").json() == WAITING
    answer(register, departure, release=True, why="rang the mother")
    request = request_body(**stated)
    with register.database.read() as session:
        audited = session.scalars(select(AuditRow).where(AuditRow.action == "release")).one()
        kept = session.get_one(DepartureRow, ("oak-lane", uuid.UUID(departure)))
        assert (kept.family, kept.listed, kept.grounds) == (family, "Aunt May (aunt)", "rang the mother")
    assert audited.detail == {
        "departure": departure,
        "collector": request["collector"],
        "relationship": request["relationship"],
        "family": family,
        "listed": "Aunt May (aunt)",
        "why": "rang the mother",
    }
    assert "mother" not in kiosk.get(f"/departures/{departure}").text


@pytest.mark.parametrize(
    ("collector", "reason"),
    [
        ("Barred Person", "by the family’s list, Barred Person (other) may not collect"),
        ("Bared Person", "by the family’s list, Barred Person (other) perhaps may not collect"),
    ],
)
def test_an_adult_who_may_not_collect_is_refused_in_one_press(
    register: Running, kiosk: Kiosk, departure: str, collector: str, reason: str
) -> None:
    ask(kiosk, departure, collector=collector)
    with register.database.write() as session:
        departures.refuse(session, uuid.UUID(departure), OFFICER, "", now=register.clock())
    with register.database.read() as session:
        row = session.get_one(DepartureRow, ("oak-lane", uuid.UUID(departure)))
        assert (row.state, row.refusal, row.listed) == ("refused", reason, "Barred Person (other)")
    assert kiosk.get(f"/departures/{departure}").json() == WAITING | {"state": "refused"}


def test_any_other_refusal_needs_a_reason(register: Running, kiosk: Kiosk, departure: str) -> None:
    ask(kiosk, departure, relationship="father")
    with register.database.write() as session, pytest.raises(DepartureError, match="needs a reason"):
        departures.refuse(session, uuid.UUID(departure), OFFICER, "", now=register.clock())
    assert kiosk.get(f"/departures/{departure}").json() == WAITING


def test_a_contact_barred_while_waiting_needs_confirmation(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure, collector="Aunt May")
    with register.database.write() as session:
        session.get_one(ContactRow, ("oak-lane", "C1")).may_collect = False
    with pytest.raises(CollectorNotConfirmedError):
        answer(register, departure, release=True)


def test_of_simultaneous_answers_one_succeeds_and_the_others_name_it(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure)

    def attempt(release: bool) -> str:
        try:
            answer(register, departure, release=release)
        except AlreadyAnsweredError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(attempt, [True, False, True, False]))
    assert outcomes[3] == "done"
    assert all("J. Office has re" in each for each in outcomes[:3])


def test_a_release_is_audited_and_needs_the_permission(
    register: Running, kiosk: Kiosk, departure: str
) -> None:
    ask(kiosk, departure)
    administrator = Actor("A. Admin", "Network manager", "oak-lane", "a", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        answer(register, departure, release=True, who=administrator)
    with pytest.raises(UnknownDepartureError):
        answer(register, departure, release=True, who=Actor("X", "Office", "elm", "x", Role.OFFICE))
    answer(register, departure, release=True)
    with register.database.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "release")).one()
        assert (row.login, row.subject, row.address) == ("office", "P1", "192.0.2.7")
        assert (row.detail["departure"], row.detail["collector"]) == (departure, "Aunt May")


@pytest.mark.parametrize(
    ("collector", "match"),
    [
        ("aunt MAY", (Match.MAY, "C1")),
        ("Barred Person", (Match.BARRED, "C2")),
        ("Bared Person", (Match.PERHAPS_BARRED, "C2")),
        ("Somebody Else", (Match.UNKNOWN, None)),
    ],
)
def test_only_the_office_sees_how_the_collector_matches_the_contacts(
    register: Running, kiosk: Kiosk, departure: str, collector: str, match: tuple[Match, str | None]
) -> None:
    assert ask(kiosk, departure, collector=collector).json() == WAITING
    with register.database.read() as session:
        (waiting,) = departures.open_requests(session, "oak-lane", now=register.clock())
    assert (waiting.name, waiting.form, waiting.kiosk) == ("Amelia Kaur", "7B", "Main reception")
    contact = waiting.collector.contact
    assert (waiting.collector.match, contact and contact.id) == match
    assert [each.id for each in waiting.contacts] == ["C1", "C2"]


def contact_named(name: str, *, may_collect: bool = True) -> PupilContact:
    return PupilContact(name, name, "other", may_collect)


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ("wojcik anna", "Anna Wójcik"),
        ("Mrs O'Neil, Grace", "Grace O’Neil"),
        ("Anne Marie Smith-Jones", "Anne-Marie Smith Jones"),
        ("Łukasz Nowak", "Lukasz Nowak"),
        ("Søren Weiß", "Weiss Soren"),
    ],
)
def test_names_match_in_every_notation(typed: str, contact: str) -> None:
    assert compare(typed, None, [contact_named(contact)]).match is Match.MAY


def test_a_relative_with_another_first_name_is_not_taken_for_a_permitted_contact() -> None:
    orla = contact_named("Orla Kowalska")
    assert compare("Lucia Kowalska", None, [orla]).match is Match.UNKNOWN
    assert compare("Orla Kowalksa", None, [orla]).match is Match.PERHAPS
    assert compare("Orla Anna Kowalska", None, [orla]).match is Match.PERHAPS
    barred = contact_named("Orla Kowalska", may_collect=False)
    assert compare("Lucia Kowalska", None, [barred]).match is Match.PERHAPS_BARRED


@pytest.mark.parametrize(
    ("typed", "barred"),
    [
        ("John Smith", "John Alexander Smith"),
        ("Mohammed Khan", "Mohammed Abdul Rahman Khan"),
        ("John Smith-Jones", "John Smith"),
        ("Jon Smith Jones", "Smith, John"),
        ("Smith", "John Smith"),
    ],
)
def test_a_missing_or_extra_name_does_not_hide_a_barred_contact(typed: str, barred: str) -> None:
    assert compare(typed, None, [contact_named(barred, may_collect=False)]).match is Match.PERHAPS_BARRED


def test_a_shared_first_name_alone_does_not_match_a_barred_contact() -> None:
    assert compare("John Kaur", None, [contact_named("John Smith", may_collect=False)]).match is Match.UNKNOWN


def test_a_barred_contact_takes_precedence() -> None:
    both = [contact_named("Ann Lee"), contact_named("Ann Lee", may_collect=False)]
    assert compare("Ann Lee", None, both).match is Match.BARRED
    alike = [contact_named("Anne Lee"), contact_named("Anna Lee", may_collect=False)]
    assert compare("Ann Lee", None, alike).match is Match.PERHAPS_BARRED
    assert compare("?", None, both).match is Match.UNKNOWN
