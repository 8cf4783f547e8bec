"""A user amends a mark or takes an entry back: with a reason, once, and with a complete record."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sync.register.actor import Actor
from sync.register.errors import (
    AmendmentConflictError,
    AmendmentError,
    FutureDayError,
    NotAllowedError,
    UnknownMarkError,
)
from sync.register.marks.amend import Amendment, amend, history, revision, take_back
from sync.register.marks.marks import Mark, Place, amend_mark
from sync.register.permissions import Role
from sync.register.storage.models import AuditRow, EntryRow
from tests.sync.register.api.test_entries import marks, work
from tests.sync.register.support import TUESDAY, Kiosk, Running, entry, void

pytestmark = pytest.mark.both_databases

OFFICER = Actor("J. Office", "Attendance officer", "oak-lane", "office", Role.OFFICE, "127.0.0.1")
PLACE = Place("oak-lane", "P1", TUESDAY, "AM")


def amendment_by(register: Running, who: Actor = OFFICER, reason: str = "the bus was ours") -> Amendment:
    return Amendment(who, reason, register.clock())


def shown_revision(register: Running, place: Place = PLACE) -> int:
    with register.database.read() as session:
        return revision(session, place)


def change(register: Running, new: Mark | None, at: int, place: Place = PLACE, **how: Any) -> None:
    register.database.transact(
        lambda session: amend(session, place, new, amendment_by(register, **how), seen=at)
    )


def take_entry_back(register: Running, sent: dict[str, Any], **how: Any) -> bool:
    which = uuid.UUID(sent["id"])
    return register.database.transact(
        lambda session: take_back(session, which, amendment_by(register, **how))
    )


def audit_rows(register: Running) -> list[AuditRow]:
    with register.database.read() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == "amendment")))


def test_the_original_mark_the_reason_and_the_user_are_kept(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    change(register, Mark("U", 46), shown_revision(register))
    change(register, None, shown_revision(register), reason="was in class")
    assert marks(register) == []
    with register.database.read() as session:
        first, second, third = history(session, PLACE)
    assert first.original is None
    assert second.original is not None
    assert second.amended is not None
    assert third.original is not None
    assert (second.original["code"], second.amended["code"], second.amended["minutes_late"]) == ("L", "U", 46)
    assert (second.reason, second.name, second.position, second.at) == (
        "the bus was ours",
        "J. Office",
        "Attendance officer",
        register.clock(),
    )
    assert (third.original["code"], third.amended, third.reason) == ("U", None, "was in class")


def test_an_amendment_is_in_the_audit(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    change(register, Mark("/"), shown_revision(register))
    (row,) = audit_rows(register)
    assert (row.login, row.address, row.subject) == ("office", "127.0.0.1", "P1")
    assert (row.detail["original"], row.detail["amended"]) == ("L, 22 min late", "/")


def test_a_user_cannot_overwrite_a_change_they_have_not_seen(register: Running, kiosk: Kiosk) -> None:
    before = shown_revision(register)
    kiosk.send(entry())
    with pytest.raises(AmendmentConflictError, match=r"Main reception \(kiosk\).*it is L, 22 min late now"):
        change(register, Mark("/"), before)
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert audit_rows(register) == []


def test_a_mark_changed_and_changed_back_counts_as_changed(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    before = shown_revision(register)
    change(register, Mark("M"), before)
    change(register, Mark("L", 22), shown_revision(register))
    with pytest.raises(AmendmentConflictError):
        change(register, Mark("/"), before)


def test_of_two_simultaneous_amendments_one_fails_with_a_conflict(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    at = shown_revision(register)

    def one(code: str) -> str:
        try:
            change(register, Mark(code), at)
        except AmendmentConflictError:
            return "conflict"
        return code

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(one, ["M", "I"]))
    assert "conflict" in done
    stands = marks(register)[0][1]
    assert [code for code in done if code != "conflict"] == [stands]


@pytest.mark.parametrize(
    ("new", "reason", "why"),
    [
        (Mark("/"), "  ", "a reason is needed"),
        (Mark("/"), "x" * 501, "longer than 500"),
        (Mark("H"), "away", "not an attendance code"),
        (Mark("M", 5), "dentist", "minutes late belong to L and U"),
        (Mark("L", -1), "late", "minutes late are from 0"),
        (Mark("L", 22), "late", "already"),
    ],
)
def test_an_invalid_amendment_is_explained_and_changes_nothing(
    register: Running, kiosk: Kiosk, new: Mark, reason: str, why: str
) -> None:
    kiosk.send(entry())
    with pytest.raises(AmendmentError, match=why):
        change(register, new, shown_revision(register), reason=reason)
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize(
    "place",
    [replace(PLACE, pupil="P999"), replace(PLACE, school="elsewhere"), replace(PLACE, session="noon")],
)
def test_a_mark_of_an_unknown_place_cannot_be_amended(register: Running, place: Place) -> None:
    with pytest.raises(UnknownMarkError):
        change(register, Mark("/"), 0, place)


def test_a_future_day_cannot_be_amended(register: Running) -> None:
    with pytest.raises(AmendmentError, match="still to come"):
        change(register, Mark("M"), 0, replace(PLACE, date=TUESDAY + timedelta(days=7)))


def test_an_administrator_may_not_amend(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    who = replace(OFFICER, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        change(register, Mark("/"), shown_revision(register), who=who)
    with pytest.raises(NotAllowedError):
        take_entry_back(register, sent, who=who)


def test_taking_an_entry_back_removes_its_mark_and_keeps_the_entry(register: Running, kiosk: Kiosk) -> None:
    sent = entry(decision={"suggested": "M", "needs_office": True})
    kiosk.send(sent)
    assert take_entry_back(register, sent, reason="it was her sister")
    assert marks(register) == []
    assert work(register) == []
    with register.database.read() as session:
        row = session.scalars(select(EntryRow)).one()
        last = history(session, PLACE)[-1]
    assert row.taken_back
    assert (last.reason, last.name) == ("taken back: it was her sister", "J. Office")


def test_a_mark_changed_by_a_user_stays_when_its_entry_is_taken_back(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    change(register, Mark("M"), shown_revision(register))
    assert not take_entry_back(register, sent)
    assert [mark[1] for mark in marks(register)] == ["M"]


def test_an_entry_is_taken_back_once(register: Running, kiosk: Kiosk) -> None:
    sent, other = entry(1), entry(2, pupil="P2")
    back = void(other, 3)
    kiosk.send(sent, other, back)
    take_entry_back(register, sent)
    for each in (sent, other):
        with pytest.raises(AmendmentConflictError, match="already"):
            take_entry_back(register, each)
    with pytest.raises(AmendmentError, match="cannot be taken back itself"):
        take_entry_back(register, back)


def test_an_entry_of_another_school_cannot_be_taken_back(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    with pytest.raises(UnknownMarkError):
        take_entry_back(register, sent, who=replace(OFFICER, school="elsewhere"))
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize(("at", "is_to_come"), [("22:59:59", True), ("23:00:00", False)])
def test_a_day_begins_at_midnight_in_the_schools_time_zone(
    register: Running, at: str, is_to_come: bool
) -> None:
    """In summer the day in London begins at 23:00 UTC."""
    now = datetime.fromisoformat(f"2026-06-22T{at}+00:00")
    with register.database.write() as session:
        place = Place("oak-lane", "P1", date(2026, 6, 23), "AM")
        try:
            amend_mark(session, place, "/", at=now, reason="r", actor=Actor("n", "p"))
        except FutureDayError:
            assert is_to_come
        else:
            assert not is_to_come
