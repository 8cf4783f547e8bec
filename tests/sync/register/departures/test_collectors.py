"""A pupil is released at the kiosk to an adult who may not collect them: the office sees it at once."""

import html
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sync.register.actor import Actor
from sync.register.departures import release as departures
from sync.register.errors import ResolutionError
from sync.register.marks.amend import Amendment, take_back
from sync.register.marks.marks import Place, amend_mark
from sync.register.permissions import Role
from sync.register.storage.models import PupilRow, StaffRow
from sync.register.worklist.open_items import count_open, group_items, open_items
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from tests.sync.register.api.test_entries import work
from tests.sync.register.departures.test_release import OFFICER, ask, withdraw
from tests.sync.register.departures.test_whereabouts import leaves
from tests.sync.register.support import LOGIN, TUESDAY, Clock, Kiosk, Running, entry, void
from tests.sync.register.worklist.test_resolve import item_of

RECEPTIONIST = "J. Office (Receptionist)"
BARRED = {"match": "barred", "name": "Barred Person", "relationship": "other"}
PERHAPS = BARRED | {"match": "perhaps barred"}
FOR_THE_OFFICE = {"code": "C", "suggested": "I", "needs_office": True}


@pytest.fixture(autouse=True)
def shortly_after_ten(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 10, 3, tzinfo=UTC)


def collected(seq: int = 1, /, collector: str = "Barred Person", **changes: Any) -> dict[str, Any]:
    """Amelia is signed out at 10:00 with that adult, released at the kiosk with a PIN."""
    detail = {"collector": collector, "relationship": None, "released_by": RECEPTIONIST}
    return leaves(seq, departure=detail | changes.pop("departure", {}), **changes)


def after_asking(kiosk: Kiosk, left: dict[str, Any]) -> dict[str, Any]:
    """That sign-out, for which the kiosk has asked first whether a PIN may release the pupil."""
    departure = str(uuid.uuid4())
    detail = left["departure"] | {"request": departure}
    asked = {"pupil": left["pupil"], "collector": detail["collector"], "relationship": detail["relationship"]}
    answer = kiosk.post(f"/departures/{departure}/release-by-pin", asked)
    assert answer.status_code == 200, answer.text
    withdraw(kiosk, departure)
    return left | {"departure": detail}


def collector_items(register: Running) -> list[dict[str, Any]]:
    """The open work items about collectors."""
    return [detail for kind, detail in work(register) if kind == "collector"]


def page(office: httpx.Client, path: str) -> str:
    return " ".join(html.unescape(office.get(path).text.split('id="content"')[1]).split())


@pytest.mark.parametrize("detail", [BARRED, PERHAPS])
def test_the_office_sees_who_collected_whom_when_and_where_and_what_to_do(
    register: Running, kiosk: Kiosk, office: httpx.Client, detail: dict[str, str]
) -> None:
    collector, words = {
        "barred": ("Barred Person", "May NOT collect: Barred Person (other)"),
        "perhaps barred": ("Bared Person", "Perhaps may NOT collect: the name is like Barred Person (other)"),
    }[detail["match"]]
    departure, left = str(uuid.uuid4()), collected(collector=collector)
    ask(kiosk, departure, collector=collector)
    withdraw(kiosk, departure)
    assert kiosk.send(left) == [{"id": left["id"], "status": "accepted", "detail": None}]
    assert collector_items(register) == [detail]
    needs = page(office, "/needs")
    assert "Amelia Kaur, 7B" in needs
    assert f"<p>{words}.</p>" in needs
    assert (
        f"{collector} has taken Amelia Kaur, 7B, away: Tuesday 24 November, 10:00:00, at Main reception. "
        f"Released at the kiosk by {RECEPTIONIST}." in needs
    )
    assert "Ring the family now" in needs
    assert words in office.get("/needs.csv").text
    today = page(office, "/")
    assert "decide: ring the family" in today
    assert "1 family to ring" in today
    out = page(office, "/leaving").split('id="out"')[1]
    assert f'<span class="chip closed">{words}</span>' in out
    assert words in office.get("/leaving/out.csv").text
    assert f'<span class="chip closed">{words}</span>' in page(office, f"/entries/{left['id']}")


def test_a_collector_who_is_no_contact_is_flagged_without_a_work_item(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    left = after_asking(kiosk, collected(collector="Somebody Else"))
    assert kiosk.statuses(left) == ["accepted"]
    assert work(register) == []
    for path in ("/leaving", f"/entries/{left['id']}"):
        assert '<span class="chip late">Not on the family’s list</span>' in page(office, path)


@pytest.mark.parametrize(("collector", "by"), [("Aunt May", RECEPTIONIST), ("self", None)])
def test_a_permitted_collector_and_a_pupil_who_leaves_alone_are_not_flagged(
    register: Running, kiosk: Kiosk, office: httpx.Client, collector: str, by: str | None
) -> None:
    left = collected(collector=collector, departure={"released_by": by, "released_at": None})
    left = after_asking(kiosk, left) if by else left
    with register.database.write() as session:
        session.get_one(PupilRow, ("oak-lane", "P1")).leaves_alone = by is None
    kiosk.send(left)
    assert work(register) == []
    for path in ("/leaving", f"/entries/{left['id']}"):
        shown = page(office, path)
        assert "10:00" in shown
        assert "family’s list" not in shown


def release(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    departure = uuid.uuid4()
    ask(kiosk, str(departure), collector="Barred Person")
    with register.database.write() as session:
        how: dict[str, Any] = {"now": clock(), "why": "the court has ended it", "sure": True}
        departures.release(session, departure, OFFICER, **how)


def test_the_offices_own_release_opens_no_work_item(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    release(register, kiosk, clock)
    by_office = {"released_by": "J. Office", "released_position": "Attendance officer"}
    kiosk.send(collected(departure=by_office))
    assert collector_items(register) == []


def test_the_offices_release_covers_no_other_collector_kiosk_or_pin(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    release(register, kiosk, clock)
    by_office = {"released_by": "J. Office", "released_position": "Attendance officer"}
    kiosk.send(
        collected(1, departure={"released_by": "J. Office (Attendance officer)"}),
        collected(2, collector="Person Barred", departure=by_office),
    )
    assert collector_items(register) == [BARRED, BARRED]
    register.enrol("Side gate").send(collected(1, departure=by_office))
    assert collector_items(register) == [BARRED, BARRED, BARRED]


@pytest.mark.parametrize("order", ["after", "before", "together", "together, the void first"])
def test_a_voided_sign_out_leaves_no_open_work_item(register: Running, kiosk: Kiosk, order: str) -> None:
    left = collected(1)
    undone = void(left, 2, at="2026-11-24T10:01:00Z")
    for batch in {
        "after": [[left], [undone]],
        "before": [[undone], [left]],
        "together": [[left, undone]],
        "together, the void first": [[undone, left]],
    }[order]:
        kiosk.send(*batch)
    assert collector_items(register) == []


def test_a_voided_sign_out_with_a_changed_mark_leaves_only_the_marks_work_item(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = collected(1, decision={"outcome": "excused", "code": "M"})
    kiosk.send(left)
    with register.database.write() as session:
        place = Place("oak-lane", "P1", TUESDAY, "AM")
        amend_mark(session, place, "I", at=clock(), reason="ill", actor=Actor("T. Teacher", "Teacher"))
    assert kiosk.statuses(void(left, 2, at="2026-11-24T10:01:00Z")) == ["review"]
    assert [kind for kind, _ in work(register)] == ["void"]


def test_another_pupils_void_does_not_settle_the_work_item(register: Running, kiosk: Kiosk) -> None:
    left = collected(1)
    undone = void(left | {"pupil": "P2"}, 2)
    kiosk.send(undone)
    kiosk.send(left)
    assert collector_items(register) == [BARRED]
    kiosk.send(undone | {"id": str(uuid.uuid4()), "seq": 3})
    assert collector_items(register) == [BARRED]


def test_taking_the_sign_out_back_settles_the_work_item(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = collected(1)
    kiosk.send(left)
    with register.database.write() as session:
        take_back(session, uuid.UUID(left["id"]), Amendment(OFFICER, "another pupil", clock()))
    assert collector_items(register) == []


def test_a_corrected_sign_out_opens_one_work_item(register: Running, kiosk: Kiosk) -> None:
    doubted = collected(1, at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"})
    assert kiosk.send(doubted)[0]["detail"] == "clock"
    assert collector_items(register) == [BARRED]
    assert kiosk.statuses(collected(2, corrects=doubted["id"]), doubted) == ["accepted", "duplicate"]
    assert collector_items(register) == [BARRED]


def test_a_doubtful_time_is_shown_as_the_time_of_receipt(kiosk: Kiosk, office: httpx.Client) -> None:
    kiosk.send(collected(1, at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}))
    assert "away: received Tuesday 24 November, 10:03:00, from Main reception." in page(office, "/needs")


def test_no_decision_about_the_mark_settles_the_collectors_work_item(
    register: Running, kiosk: Kiosk, clock: Clock, office: httpx.Client
) -> None:
    kiosk.send(collected(1, decision=FOR_THE_OFFICE))
    with register.database.read() as session:
        assert (len(group_items(open_items(session, "oak-lane"))), count_open(session, "oak-lane")) == (2, 2)
    needs = page(office, "/needs")
    assert needs.count('<section class="panel question"') == 2
    assert needs.count("Ring the family now") == 1
    assert needs.index("Ring the family now") < needs.index("Decide the mark")
    assert "decide: ring the family" in page(office, "/")
    mark = item_of(register, "needs_office")
    with register.database.write() as session:
        resolve(session, mark, OfficeDecision(Choice.KEEP), OFFICER, reason="it is right", now=clock())
    assert work(register) == [("collector", BARRED)]
    with register.database.write() as session:
        number = item_of(register, "collector")
        resolve(session, number, OfficeDecision(Choice.RANG), OFFICER, reason="they agreed", now=clock())
    assert work(register) == []
    assert "family contacted: they agreed" in page(office, "/needs")


def test_the_collectors_work_item_needs_what_the_family_said(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.send(collected(1, decision=FOR_THE_OFFICE))
    number = item_of(register, "collector")
    for decision, why in ((OfficeDecision(Choice.NOTED), "seen"), (OfficeDecision(Choice.RANG), " ")):
        with register.database.write() as session, pytest.raises(ResolutionError):
            resolve(session, number, decision, OFFICER, reason=why, now=clock())
    with register.database.write() as session:
        resolve(session, number, OfficeDecision(Choice.RANG), OFFICER, reason="they agreed", now=clock())
    assert [kind for kind, _ in work(register)] == ["needs_office"]


def test_a_user_who_may_not_release_does_not_see_who_may_not_collect(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    kiosk.send(collected())
    with register.database.write() as session:
        session.get_one(StaffRow, LOGIN).role = Role.ADMINISTRATOR.value
    for path in ("/needs", "/"):
        shown = page(office, path)
        assert "Amelia" in shown
        assert "Barred" not in shown
        assert "NOT collect" not in shown


@pytest.mark.parametrize("collector", ["Barred Person", "Bared Person", "Somebody Else"])
def test_a_kiosk_gets_the_same_answer_as_for_a_permitted_collector(
    register: Running, kiosk: Kiosk, collector: str
) -> None:
    friend, stranger = collected(1, collector="Aunt May"), collected(2, collector=collector)
    of_friend, of_stranger = kiosk.send(friend)[0], kiosk.send(stranger)[0]
    assert of_friend | {"id": stranger["id"]} == of_stranger
    assert kiosk.statuses(stranger, entry(3, pupil="P2")) == ["duplicate", "accepted"]
