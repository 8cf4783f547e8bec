"""Where pupils are, from the kiosks' entries and the office's records."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.departures import release, returns
from sync.register.departures.whereabouts import Location, PupilLocation, whereabouts
from sync.register.errors import NotAllowedError, ReturnError, UnknownSignOutError
from sync.register.marks.marks import Place, amend_mark
from sync.register.permissions import Role
from sync.register.storage.models import WorkItemRow
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from tests.sync.register.api.test_entries import marks
from tests.sync.register.departures.test_release import OFFICER, request_body
from tests.sync.register.support import TUESDAY, Clock, Kiosk, Running, entry, void

LONDON = ZoneInfo("Europe/London")
AT_TEN = {"at": "2026-11-24T10:00:00Z"}
BACK_AT_HALF_PAST_ELEVEN = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
NO_MARK = {"outcome": "no_effect", "code": None, "minutes_late": None}


def leaves(seq: int = 1, /, **changes: Any) -> dict[str, Any]:
    """Amelia is signed out at 10:00 with her aunt, released by the office, to be back at 11:30."""
    detail = {
        "collector": "Aunt May",
        "relationship": "aunt",
        "expected_back": "2026-11-24T11:30:00Z",
        "evidence": "card",
        "released_by": "J. Office",
        "released_at": "2026-11-24T09:59:00Z",
    } | changes.pop("departure", {})
    decision = NO_MARK | changes.pop("decision", {})
    values = AT_TEN | {"kind": "departure", "reason": "medical", "departure": detail} | changes
    return entry(seq, decision=decision, **values)


def comes_back(seq: int, /, at: str = "2026-11-24T11:20:00Z", **changes: Any) -> dict[str, Any]:
    return entry(seq, kind="return", at=at, decision=NO_MARK, **changes)


def locations(register: Running, *, only_leavers: bool = False) -> dict[str, PupilLocation]:
    with register.database.read() as session:
        return whereabouts(session, "oak-lane", now=register.clock(), zone=LONDON, only_leavers=only_leavers)


def presence(register: Running) -> dict[str, Location]:
    return {pupil: location.location for pupil, location in locations(register).items()}


@pytest.fixture(autouse=True)
def at_noon(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_a_signed_out_pupil_is_out_with_the_sign_outs_details(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.statuses(leaves()) == ["accepted"]
    location = locations(register)["P1"]
    assert (location.location, location.due) == (Location.OUT, BACK_AT_HALF_PAST_ELEVEN)
    assert location.visit is not None
    assert location.visit.detail is not None
    assert (location.visit.detail.collector, location.visit.detail.released_by) == ("Aunt May", "J. Office")


def test_a_sign_out_and_a_return_leave_the_mark_unchanged(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1))
    assert kiosk.statuses(leaves(2), comes_back(3)) == ["accepted", "accepted"]
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize("back", [comes_back(2), entry(2, at="2026-11-24T11:20:00Z", decision=NO_MARK)])
def test_a_pupil_who_signs_in_again_is_back(register: Running, kiosk: Kiosk, back: dict[str, Any]) -> None:
    kiosk.send(leaves(1), back)
    assert presence(register) == {"P1": Location.IN}
    assert locations(register, only_leavers=True)["P1"].location is Location.IN


def test_entries_count_in_the_order_of_their_times_not_of_arrival(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(comes_back(2))
    kiosk.send(leaves(1))
    assert presence(register) == {"P1": Location.IN}
    kiosk.send(leaves(3, at="2026-11-24T11:40:00Z"))
    assert presence(register) == {"P1": Location.OUT}


def test_voiding_the_sign_out_puts_a_pupil_in_and_voiding_the_return_puts_them_out(
    register: Running, kiosk: Kiosk
) -> None:
    came, left, back = entry(1), leaves(2), comes_back(3)
    kiosk.send(came, left, back, void(back, 4))
    assert presence(register) == {"P1": Location.OUT}
    kiosk.send(void(left, 5))
    assert presence(register) == {"P1": Location.IN}
    assert locations(register)["P1"].since == datetime(2026, 11, 24, 9, 7, 42, 120000, tzinfo=UTC)


def test_a_voided_sign_out_does_not_count_even_if_its_mark_has_changed(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = leaves(1, decision={"outcome": "excused", "code": "M"})
    kiosk.send(left)
    with register.database.write() as session:
        place = Place("oak-lane", "P1", TUESDAY, "AM")
        amend_mark(session, place, "I", at=clock(), reason="ill", actor=Actor("T. Teacher", "Teacher"))
    assert kiosk.statuses(void(left, 2)) == ["review"]
    assert presence(register) == {}


def test_another_pupils_void_changes_nothing(register: Running, kiosk: Kiosk) -> None:
    left = leaves(1)
    kiosk.send(left, void(left | {"pupil": "P2"}, 2))
    assert presence(register) == {"P1": Location.OUT}


def test_a_pupil_is_overdue_from_the_expected_minute_until_they_return(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(leaves(1), leaves(2, pupil="P2", departure={"expected_back": None}))
    location = locations(register)["P1"]
    assert location.overdue(BACK_AT_HALF_PAST_ELEVEN - timedelta(seconds=1)) is None
    assert location.overdue(BACK_AT_HALF_PAST_ELEVEN) == timedelta(0)
    assert location.overdue(BACK_AT_HALF_PAST_ELEVEN + timedelta(minutes=12)) == timedelta(minutes=12)
    assert locations(register)["P2"].overdue(BACK_AT_HALF_PAST_ELEVEN + timedelta(days=1)) is None
    kiosk.send(comes_back(3))
    assert locations(register)["P1"].overdue(BACK_AT_HALF_PAST_ELEVEN + timedelta(hours=1)) is None


def test_yesterdays_sign_out_does_not_count_today(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    clock.forward(days=1)
    kiosk.send(leaves())
    assert presence(register) == {}


def test_with_a_doubtful_clock_a_pupil_is_out_since_the_entry_was_received(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.send(leaves(at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}))
    location = locations(register)["P1"]
    assert (location.location, location.certain, location.since) == (Location.OUT, False, clock())


def test_a_future_time_is_doubtful(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    kiosk.send(leaves(at="2026-11-24T14:00:00Z"))
    assert (locations(register)["P1"].certain, locations(register)["P1"].since) == (False, clock())


def test_only_leavers_are_returned_on_request(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1, pupil="P2"), leaves(2))
    assert set(locations(register)) == {"P1", "P2"}
    assert set(locations(register, only_leavers=True)) == {"P1"}


def test_a_released_pupil_is_released_until_the_sign_out_arrives(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    request = uuid.uuid4()
    kiosk.post(f"/departures/{request}/request", request_body())
    with register.database.write() as session:
        release.release(session, request, OFFICER, now=clock())
    location = locations(register)["P1"]
    assert (location.location, location.release and location.release.by) == (Location.RELEASED, "J. Office")
    clock.forward(seconds=5)
    kiosk.send(leaves())
    assert presence(register) == {"P1": Location.OUT}


def test_another_schools_sign_outs_are_not_included(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(leaves())
    with register.database.read() as session:
        assert whereabouts(session, "elm-hall", now=register.clock(), zone=LONDON) == {}


def record(register: Running, left: dict[str, Any], *, back: bool, who: Actor = OFFICER) -> None:
    how: dict[str, Any] = {"now": register.clock()}
    with register.database.write() as session:
        if back:
            returns.record_return(session, uuid.UUID(left["id"]), who, why="in lesson 3", **how)
        else:
            returns.undo_return(session, uuid.UUID(left["id"]), who, **how)


def test_the_office_records_a_return_and_can_undo_it(register: Running, kiosk: Kiosk) -> None:
    left = leaves()
    kiosk.send(left)
    record(register, left, back=True)
    location = locations(register)["P1"]
    assert (location.location, location.seen and location.seen.by) == (Location.IN, "J. Office")
    with pytest.raises(ReturnError, match="has recorded already that they are back"):
        record(register, left, back=True)
    record(register, left, back=False)
    assert presence(register) == {"P1": Location.OUT}
    with pytest.raises(ReturnError, match="the office has not recorded"):
        record(register, left, back=False)
    assert marks(register) == []


def test_a_pupil_who_leaves_again_after_a_recorded_return_is_out(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = leaves(1)
    kiosk.send(left)
    record(register, left, back=True)
    kiosk.send(leaves(2, at="2026-11-24T11:59:00Z"))
    assert presence(register) == {"P1": Location.OUT}
    with pytest.raises(ReturnError, match="no longer signed out"):
        record(register, left, back=True)


def test_a_return_is_recorded_only_for_a_sign_out_of_the_users_school(
    register: Running, kiosk: Kiosk
) -> None:
    came, left = entry(1), leaves(2)
    kiosk.send(came, left)
    for wrong, who in [
        (came, OFFICER),
        ({"id": str(uuid.uuid4())}, OFFICER),
        (left, Actor("X", "Office", "elm-hall", "x", Role.OFFICE)),
    ]:
        with pytest.raises(UnknownSignOutError):
            record(register, wrong, back=True, who=who)
    with pytest.raises(NotAllowedError):
        record(register, left, back=True, who=Actor("A", "Manager", "oak-lane", "a", Role.ADMINISTRATOR))


def released(register: Running, kiosk: Kiosk, **changes: Any) -> uuid.UUID:
    """The office releases Amelia, to be back at noon, and no sign-out arrives."""
    request = uuid.uuid4()
    kiosk.post(f"/departures/{request}/request", request_body(**changes))
    with register.database.write() as session:
        release.release(session, request, OFFICER, why="rang", now=register.clock())
    return request


def record_for_release(register: Running, request: uuid.UUID, *, here: bool) -> None:
    how: dict[str, Any] = {"now": register.clock()}
    with register.database.write() as session:
        if here:
            returns.record_on_site(session, request, OFFICER, why="", **how)
        else:
            returns.undo_on_site(session, request, OFFICER, **how)


def test_a_released_pupil_is_due_at_the_requests_time_without_a_sign_out(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    released(register, kiosk, expected_back="2026-11-24T12:30:00Z")
    location = locations(register)["P1"]
    due = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    assert location.due == due
    assert location.overdue(due - timedelta(seconds=1)) is None
    assert location.overdue(due + timedelta(minutes=5)) == timedelta(minutes=5)


def test_the_office_records_a_released_pupil_as_on_site_and_can_undo_it(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    request = released(register, kiosk)
    clock.forward(minutes=3)
    record_for_release(register, request, here=True)
    location = locations(register, only_leavers=True)["P1"]
    assert (location.location, location.since) == (Location.IN, clock())
    assert location.seen is not None
    assert location.seen.by == "J. Office"
    with pytest.raises(ReturnError, match="has recorded already"):
        record_for_release(register, request, here=True)
    record_for_release(register, request, here=False)
    assert presence(register) == {"P1": Location.RELEASED}
    with pytest.raises(ReturnError, match="the office has not recorded"):
        record_for_release(register, request, here=False)


def test_a_later_sign_out_counts_only_if_made_after_the_pupil_was_seen(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    request = released(register, kiosk)
    clock.forward(minutes=3)
    record_for_release(register, request, here=True)
    clock.forward(minutes=1)
    kiosk.send(leaves(1, at="2026-11-24T12:01:00Z"))
    assert presence(register) == {"P1": Location.IN}
    kiosk.send(leaves(2, at="2026-11-24T12:04:00Z"))
    assert presence(register) == {"P1": Location.OUT}


def test_a_pupil_is_recorded_on_site_only_for_a_release_of_the_users_school(
    register: Running, kiosk: Kiosk
) -> None:
    waits = uuid.uuid4()
    kiosk.post(f"/departures/{waits}/request", request_body())
    request = released(register, kiosk, pupil="P2")
    stranger = Actor("X", "Office", "elm-hall", "x", Role.OFFICE)
    with register.database.write() as session:
        for one, who in ((waits, OFFICER), (uuid.uuid4(), OFFICER), (request, stranger)):
            with pytest.raises(UnknownSignOutError):
                returns.record_on_site(session, one, who, why="", now=register.clock())


def test_an_unknown_pupils_sign_out_counts_for_the_pupil_it_is_assigned_to(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = leaves(1, pupil="P999")
    kiosk.send(left)
    assert presence(register) == {"P999": Location.OUT}
    with register.database.write() as session:
        item = session.scalars(select(WorkItemRow.id).where(WorkItemRow.kind == "unknown_pupil")).one()
        whose = OfficeDecision(Choice.ASSIGN, pupil="P2")
        resolve(session, item, whose, OFFICER, reason="asked at reception", now=clock())
    assert presence(register) == {"P2": Location.OUT}
    assert set(locations(register, only_leavers=True)) == {"P2"}
    record(register, left, back=True)
    assert presence(register) == {"P2": Location.IN}
    record(register, left, back=False)
    kiosk.send(comes_back(2, pupil="P2"))
    assert presence(register) == {"P2": Location.IN}
    assert locations(register, only_leavers=True)["P2"].location is Location.IN
