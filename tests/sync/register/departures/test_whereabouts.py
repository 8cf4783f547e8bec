"""Who is out and who is back, from what kiosks send and what the office has seen."""

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
from tests.sync.register.departures.test_release import OFFICER, asked
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


def known(register: Running, *, only_leavers: bool = False) -> dict[str, PupilLocation]:
    with register.database.read() as session:
        return whereabouts(session, "oak-lane", now=register.clock(), zone=LONDON, only_leavers=only_leavers)


def where(register: Running) -> dict[str, Location]:
    return {pupil: standing.location for pupil, standing in known(register).items()}


@pytest.fixture(autouse=True)
def at_noon(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_who_is_signed_out_is_out_with_what_was_said(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.statuses(leaves()) == ["accepted"]
    standing = known(register)["P1"]
    assert (standing.location, standing.due) == (Location.OUT, BACK_AT_HALF_PAST_ELEVEN)
    assert standing.visit is not None
    assert standing.visit.detail is not None
    assert (standing.visit.detail.collector, standing.visit.detail.released_by) == ("Aunt May", "J. Office")


def test_a_sign_out_and_a_return_leave_a_mark_that_stands(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1))
    assert kiosk.statuses(leaves(2), comes_back(3)) == ["accepted", "accepted"]
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize("back", [comes_back(2), entry(2, at="2026-11-24T11:20:00Z", decision=NO_MARK)])
def test_who_signs_in_again_is_back(register: Running, kiosk: Kiosk, back: dict[str, Any]) -> None:
    kiosk.send(leaves(1), back)
    assert where(register) == {"P1": Location.IN}
    assert known(register, only_leavers=True)["P1"].location is Location.IN


def test_the_order_in_which_things_happened_counts_and_not_that_in_which_they_arrived(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(comes_back(2))
    kiosk.send(leaves(1))
    assert where(register) == {"P1": Location.IN}
    kiosk.send(leaves(3, at="2026-11-24T11:40:00Z"))
    assert where(register) == {"P1": Location.OUT}


def test_a_void_of_the_sign_out_has_them_here_and_of_the_return_has_them_out(
    register: Running, kiosk: Kiosk
) -> None:
    came, left, back = entry(1), leaves(2), comes_back(3)
    kiosk.send(came, left, back, void(back, 4))
    assert where(register) == {"P1": Location.OUT}
    kiosk.send(void(left, 5))
    assert where(register) == {"P1": Location.IN}
    assert known(register)["P1"].since == datetime(2026, 11, 24, 9, 7, 42, 120000, tzinfo=UTC)


def test_a_sign_out_taken_back_is_no_sign_out_although_its_mark_has_changed_since(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = leaves(1, decision={"outcome": "excused", "code": "M"})
    kiosk.send(left)
    with register.database.write() as session:
        place = Place("oak-lane", "P1", TUESDAY, "AM")
        amend_mark(session, place, "I", at=clock(), reason="ill", actor=Actor("T. Teacher", "Teacher"))
    assert kiosk.statuses(void(left, 2)) == ["review"]
    assert where(register) == {}


def test_another_pupils_void_takes_nobody_back(register: Running, kiosk: Kiosk) -> None:
    left = leaves(1)
    kiosk.send(left, void(left | {"pupil": "P2"}, 2))
    assert where(register) == {"P1": Location.OUT}


def test_somebody_is_overdue_from_the_minute_that_was_given_and_no_longer_once_back(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(leaves(1), leaves(2, pupil="P2", departure={"expected_back": None}))
    standing = known(register)["P1"]
    assert standing.overdue(BACK_AT_HALF_PAST_ELEVEN - timedelta(seconds=1)) is None
    assert standing.overdue(BACK_AT_HALF_PAST_ELEVEN) == timedelta(0)
    assert standing.overdue(BACK_AT_HALF_PAST_ELEVEN + timedelta(minutes=12)) == timedelta(minutes=12)
    assert known(register)["P2"].overdue(BACK_AT_HALF_PAST_ELEVEN + timedelta(days=1)) is None
    kiosk.send(comes_back(3))
    assert known(register)["P1"].overdue(BACK_AT_HALF_PAST_ELEVEN + timedelta(hours=1)) is None


def test_yesterdays_sign_out_is_over_and_one_that_comes_late_is_of_its_own_day(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    clock.forward(days=1)
    kiosk.send(leaves())
    assert where(register) == {}


def test_a_doubted_clock_has_them_out_since_it_was_received_and_says_so(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.send(leaves(at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}))
    standing = known(register)["P1"]
    assert (standing.location, standing.certain, standing.since) == (Location.OUT, False, clock())


def test_a_time_that_is_yet_to_come_is_in_doubt(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    kiosk.send(leaves(at="2026-11-24T14:00:00Z"))
    assert (known(register)["P1"].certain, known(register)["P1"].since) == (False, clock())


def test_only_leavers_are_looked_at_where_only_they_are_asked_for(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1, pupil="P2"), leaves(2))
    assert set(known(register)) == {"P1", "P2"}
    assert set(known(register, only_leavers=True)) == {"P1"}


def test_who_was_released_and_has_not_been_signed_out_is_between_the_two(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    request = uuid.uuid4()
    kiosk.post(f"/departures/{request}/request", asked())
    with register.database.write() as session:
        release.release(session, request, OFFICER, now=clock())
    standing = known(register)["P1"]
    assert (standing.location, standing.release and standing.release.by) == (Location.RELEASED, "J. Office")
    clock.forward(seconds=5)
    kiosk.send(leaves())
    assert where(register) == {"P1": Location.OUT}


def test_another_schools_sign_outs_are_not_there(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(leaves())
    with register.database.read() as session:
        assert whereabouts(session, "elm-hall", now=register.clock(), zone=LONDON) == {}


def say(register: Running, left: dict[str, Any], *, back: bool, who: Actor = OFFICER) -> None:
    how: dict[str, Any] = {"now": register.clock()}
    with register.database.write() as session:
        if back:
            returns.record_return(session, uuid.UUID(left["id"]), who, why="in lesson 3", **how)
        else:
            returns.undo_return(session, uuid.UUID(left["id"]), who, **how)


def test_the_office_sees_somebody_back_and_can_take_it_back(register: Running, kiosk: Kiosk) -> None:
    left = leaves()
    kiosk.send(left)
    say(register, left, back=True)
    standing = known(register)["P1"]
    assert (standing.location, standing.seen and standing.seen.by) == (Location.IN, "J. Office")
    with pytest.raises(ReturnError, match="has recorded already that they are back"):
        say(register, left, back=True)
    say(register, left, back=False)
    assert where(register) == {"P1": Location.OUT}
    with pytest.raises(ReturnError, match="the office has not recorded"):
        say(register, left, back=False)
    assert marks(register) == []


def test_who_leaves_again_is_out_although_they_were_seen_back(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = leaves(1)
    kiosk.send(left)
    say(register, left, back=True)
    kiosk.send(leaves(2, at="2026-11-24T11:59:00Z"))
    assert where(register) == {"P1": Location.OUT}
    with pytest.raises(ReturnError, match="no longer signed out"):
        say(register, left, back=True)


def test_only_a_sign_out_of_ones_own_school_can_be_said_to_be_over(register: Running, kiosk: Kiosk) -> None:
    came, left = entry(1), leaves(2)
    kiosk.send(came, left)
    for wrong, who in [
        (came, OFFICER),
        ({"id": str(uuid.uuid4())}, OFFICER),
        (left, Actor("X", "Office", "elm-hall", "x", Role.OFFICE)),
    ]:
        with pytest.raises(UnknownSignOutError):
            say(register, wrong, back=True, who=who)
    with pytest.raises(NotAllowedError):
        say(register, left, back=True, who=Actor("A", "Manager", "oak-lane", "a", Role.ADMINISTRATOR))


def released(register: Running, kiosk: Kiosk, **changes: Any) -> uuid.UUID:
    """The office lets Amelia go, to be back at noon, and no sign-out comes."""
    request = uuid.uuid4()
    kiosk.post(f"/departures/{request}/request", asked(**changes))
    with register.database.write() as session:
        release.release(session, request, OFFICER, why="rang", now=register.clock())
    return request


def say_of_release(register: Running, request: uuid.UUID, *, here: bool) -> None:
    how: dict[str, Any] = {"now": register.clock()}
    with register.database.write() as session:
        if here:
            returns.record_on_site(session, request, OFFICER, why="", **how)
        else:
            returns.undo_on_site(session, request, OFFICER, **how)


def test_who_was_released_is_due_when_the_request_said_although_no_sign_out_has_come(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    released(register, kiosk, expected_back="2026-11-24T12:30:00Z")
    standing = known(register)["P1"]
    due = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    assert standing.due == due
    assert standing.overdue(due - timedelta(seconds=1)) is None
    assert standing.overdue(due + timedelta(minutes=5)) == timedelta(minutes=5)


def test_a_release_that_came_to_nothing_is_settled_by_the_office_and_that_can_be_taken_back(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    request = released(register, kiosk)
    clock.forward(minutes=3)
    say_of_release(register, request, here=True)
    standing = known(register, only_leavers=True)["P1"]
    assert (standing.location, standing.since) == (Location.IN, clock())
    assert standing.seen is not None
    assert standing.seen.by == "J. Office"
    with pytest.raises(ReturnError, match="has recorded already"):
        say_of_release(register, request, here=True)
    say_of_release(register, request, here=False)
    assert where(register) == {"P1": Location.RELEASED}
    with pytest.raises(ReturnError, match="the office has not recorded"):
        say_of_release(register, request, here=False)


def test_a_sign_out_that_comes_after_all_counts_if_it_is_from_after_they_were_seen(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    request = released(register, kiosk)
    clock.forward(minutes=3)
    say_of_release(register, request, here=True)
    clock.forward(minutes=1)
    kiosk.send(leaves(1, at="2026-11-24T12:01:00Z"))
    assert where(register) == {"P1": Location.IN}
    kiosk.send(leaves(2, at="2026-11-24T12:04:00Z"))
    assert where(register) == {"P1": Location.OUT}


def test_only_a_release_of_ones_own_school_can_be_said_to_be_over(register: Running, kiosk: Kiosk) -> None:
    waits = uuid.uuid4()
    kiosk.post(f"/departures/{waits}/request", asked())
    request = released(register, kiosk, pupil="P2")
    stranger = Actor("X", "Office", "elm-hall", "x", Role.OFFICE)
    with register.database.write() as session:
        for one, who in ((waits, OFFICER), (uuid.uuid4(), OFFICER), (request, stranger)):
            with pytest.raises(UnknownSignOutError):
                returns.record_on_site(session, one, who, why="", now=register.clock())


def test_a_sign_out_of_nobody_on_the_roll_is_that_pupils_once_the_office_has_said_whose(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    left = leaves(1, pupil="P999")
    kiosk.send(left)
    assert where(register) == {"P999": Location.OUT}
    with register.database.write() as session:
        item = session.scalars(select(WorkItemRow.id).where(WorkItemRow.kind == "unknown_pupil")).one()
        whose = OfficeDecision(Choice.ASSIGN, pupil="P2")
        resolve(session, item, whose, OFFICER, reason="asked at reception", now=clock())
    assert where(register) == {"P2": Location.OUT}
    assert set(known(register, only_leavers=True)) == {"P2"}
    say(register, left, back=True)
    assert where(register) == {"P2": Location.IN}
    say(register, left, back=False)
    kiosk.send(comes_back(2, pupil="P2"))
    assert where(register) == {"P2": Location.IN}
    assert known(register, only_leavers=True)["P2"].location is Location.IN
