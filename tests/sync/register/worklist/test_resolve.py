"""The office resolves work items: each once, with a reason, and with the marks' history kept."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.errors import AlreadyResolvedError, MarkConflictError, ResolutionError, UnknownItemError
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow, MarkChangeRow, WorkItemRow, WorkKind
from sync.register.worklist.resolve import POSSIBLE, Choice, OfficeDecision, resolve
from tests.sync.register.api.test_entries import by_a_person, marks, work
from tests.sync.register.support import Clock, Kiosk, Running, entry, void

pytestmark = pytest.mark.both_databases

OFFICER = Actor("J. Office", "Attendance officer", "oak-lane", "office", Role.OFFICE, "127.0.0.1")
Decide = Callable[..., None]


@pytest.fixture
def decide(register: Running) -> Decide:
    """Resolves the only work item of a kind."""

    def do(kind: str, decision: OfficeDecision, *, who: Actor = OFFICER, reason: str = "rang home") -> None:
        item = item_of(register, kind)
        with register.database.write() as session:
            resolve(session, item, decision, who, reason=reason, now=register.clock())

    return do


def item_of(register: Running, kind: str) -> int:
    with register.database.read() as session:
        return session.scalars(select(WorkItemRow.id).where(WorkItemRow.kind == kind)).one()


def last_change(register: Running) -> tuple[Any, ...]:
    with register.database.read() as session:
        row = session.scalars(select(MarkChangeRow).order_by(MarkChangeRow.id.desc())).first()
        assert row
        codes = [mark and mark["code"] for mark in (row.original, row.amended)]
        return (*codes, row.reason, row.at, row.name, row.position)


@pytest.fixture
def conflict(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "/")
    kiosk.send(entry())


@pytest.mark.parametrize(
    ("decision", "stands"),
    [
        (OfficeDecision(Choice.KEEP), "/"),
        (OfficeDecision(Choice.TAKE), "L"),
        (OfficeDecision(Choice.SET, "M"), "M"),
        (OfficeDecision(Choice.SET, None), None),
    ],
)
@pytest.mark.usefixtures("conflict")
def test_a_conflict_is_decided_for_either_code_or_a_third(
    register: Running, decide: Decide, decision: OfficeDecision, stands: str | None
) -> None:
    decide("conflict", decision)
    assert [mark[1] for mark in marks(register)] == ([stands] if stands else [])
    assert work(register) == []


@pytest.mark.usefixtures("conflict")
def test_a_decision_keeps_original_amended_reason_time_name_and_position(
    register: Running, decide: Decide
) -> None:
    decide("conflict", OfficeDecision(Choice.TAKE), reason="  the teacher did not see her ")
    assert last_change(register) == (
        "/",
        "L",
        "the teacher did not see her",
        register.clock(),
        "J. Office",
        "Attendance officer",
    )
    assert marks(register) == [("P1", "L", 22, "person")]
    with register.database.read() as session:
        item = session.scalars(select(WorkItemRow)).one()
        assert (item.resolved_by, item.resolved_position) == ("J. Office", "Attendance officer")
        assert (item.decision or {})["choice"] == "take"
        audited = session.scalars(select(AuditRow).where(AuditRow.action == "resolution")).one()
        assert (audited.login, audited.subject, audited.address) == ("office", "P1", "127.0.0.1")


@pytest.mark.usefixtures("conflict")
def test_of_two_simultaneous_resolutions_one_succeeds_and_the_other_fails(
    register: Running, decide: Decide
) -> None:
    def attempt(code: str) -> str:
        who = Actor(f"Officer {code}", "Office", "oak-lane", code, Role.OFFICE)
        try:
            decide("conflict", OfficeDecision(Choice.SET, code), who=who)
        except AlreadyResolvedError as error:
            return f"after {error.by}"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, ["M", "I", "U", "C"]))
    assert results.count("done") == 1
    (mark,) = marks(register)
    assert set(results) == {"done", f"after Officer {mark[1]}"}


@pytest.mark.usefixtures("conflict")
def test_a_mark_that_has_changed_since_it_was_shown_is_not_overwritten(
    register: Running, decide: Decide
) -> None:
    by_a_person(register, "M")
    with pytest.raises(MarkConflictError, match="says M there now, and not /"):
        decide("conflict", OfficeDecision(Choice.TAKE, seen="/"))
    assert [mark[1] for mark in marks(register)] == ["M"]
    assert len(work(register)) == 1
    decide("conflict", OfficeDecision(Choice.TAKE, seen="M"))
    assert [mark[1] for mark in marks(register)] == ["L"]


@pytest.mark.usefixtures("conflict")
def test_an_error_that_is_caught_leaves_the_item_open(register: Running) -> None:
    item = item_of(register, "conflict")
    with register.database.write() as session, pytest.raises(ResolutionError):
        resolve(session, item, OfficeDecision(Choice.ASSIGN), OFFICER, reason="x", now=register.clock())
    assert len(work(register)) == 1


@pytest.mark.usefixtures("conflict")
def test_another_schools_item_is_unknown_and_a_reason_is_needed(decide: Decide) -> None:
    with pytest.raises(UnknownItemError):
        decide("conflict", OfficeDecision(Choice.KEEP), who=Actor("X", "Office", "elm", "x", Role.OFFICE))
    with pytest.raises(ResolutionError, match="reason"):
        decide("conflict", OfficeDecision(Choice.KEEP), reason=" ")
    with pytest.raises(ResolutionError, match="'H' is not an attendance code"):
        decide("conflict", OfficeDecision(Choice.SET, "H"))


AFTER_CLOSE = {"outcome": "after_close", "code": "U", "suggested": "M", "needs_office": True}


@pytest.mark.parametrize(("choice", "stands"), [(Choice.KEEP, "U"), (Choice.TAKE, "M")])
def test_a_suggestion_is_accepted_or_declined(
    register: Running, kiosk: Kiosk, decide: Decide, choice: Choice, stands: str
) -> None:
    kiosk.send(entry(decision=AFTER_CLOSE))
    decide("needs_office", OfficeDecision(choice))
    assert [mark[1] for mark in marks(register)] == [stands]


def test_a_missed_morning_is_explained_in_the_mornings_register(
    register: Running, kiosk: Kiosk, decide: Decide, clock: Clock
) -> None:
    missed = {"outcome": "missed_session", "code": None, "minutes_late": None, "needs_office": True}
    clock.forward(hours=4)
    kiosk.send(entry(at="2026-11-24T12:40:00Z", session="PM", decision=missed))
    with pytest.raises(ResolutionError, match="nothing was suggested"):
        decide("needs_office", OfficeDecision(Choice.TAKE))
    decide("needs_office", OfficeDecision(Choice.SET, "M"))
    assert last_change(register)[:2] == (None, "M")
    with register.database.read() as session:
        assert session.scalars(select(MarkChangeRow.session)).one() == "AM"


@pytest.mark.parametrize(("code", "minutes"), [("U", 22), ("L", 22), ("M", None)])
@pytest.mark.usefixtures("conflict")
def test_minutes_late_are_kept_with_a_late_code(
    register: Running, decide: Decide, code: str, minutes: int | None
) -> None:
    decide("conflict", OfficeDecision(Choice.SET, code))
    assert marks(register) == [("P1", code, minutes, "person")]


def test_the_users_minutes_late_take_precedence_and_never_move_to_another_session(
    register: Running, kiosk: Kiosk, decide: Decide
) -> None:
    kiosk.send(entry(1, clock={"trust": "unknown"}))
    decide("clock", OfficeDecision(Choice.SET, "L", minutes_late=5, session="AM"))
    kiosk.send(entry(2, pupil="P2", decision={"code": None, "needs_office": True, "suggested": "L"}))
    decide("needs_office", OfficeDecision(Choice.SET, "L", session="PM"))
    assert marks(register) == [("P1", "L", 5, "person"), ("P2", "L", None, "person")]


def test_a_doubtful_time_is_confirmed_or_replaced(register: Running, kiosk: Kiosk, decide: Decide) -> None:
    kiosk.send(entry(clock={"trust": "unknown"}))
    decide("clock", OfficeDecision(Choice.TAKE))
    assert marks(register) == [("P1", "L", 22, "person")]


def test_an_unknown_pupil_is_assigned_before_anything_else_is_decided(
    register: Running, kiosk: Kiosk, decide: Decide
) -> None:
    kiosk.send(entry(pupil="P999", clock={"trust": "unknown"}))
    with pytest.raises(ResolutionError, match="assign, noted"):
        decide("clock", OfficeDecision(Choice.TAKE))
    with pytest.raises(ResolutionError, match="no such pupil"):
        decide("unknown_pupil", OfficeDecision(Choice.ASSIGN, pupil="P998"))
    decide("unknown_pupil", OfficeDecision(Choice.ASSIGN, pupil="P3"))
    assert marks(register) == [("P3", "L", 22, "person")]
    assert work(register) == []


def test_the_office_can_carry_out_a_void(register: Running, kiosk: Kiosk, decide: Decide) -> None:
    sent = entry()
    kiosk.send(sent)
    by_a_person(register, "M")
    kiosk.send(void(sent, 2))
    decide("void", OfficeDecision(Choice.TAKE))
    assert marks(register) == []


def test_a_void_of_an_unknown_entry_leaves_the_marks(register: Running, kiosk: Kiosk, decide: Decide) -> None:
    kiosk.send(void(entry(id=str(uuid.uuid4())), 1))
    with pytest.raises(ResolutionError, match="wrote no mark"):
        decide("void", OfficeDecision(Choice.TAKE))
    decide("void", OfficeDecision(Choice.KEEP))
    assert work(register) == []


def test_an_item_without_an_entry_can_only_be_noted(register: Running, kiosk: Kiosk, decide: Decide) -> None:
    sent = entry(3)
    kiosk.send(sent, sent | {"pupil": "P2"}, entry(3, pupil="P3"))
    for kind in ("gap", "reused_id", "epoch"):
        decide(kind, OfficeDecision(Choice.NOTED))
    assert work(register) == []


def test_every_kind_allows_a_decision() -> None:
    assert set(POSSIBLE) == set(WorkKind)
