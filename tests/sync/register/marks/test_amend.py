"""A mark is amended and an entry taken back by a person: with a reason, once, and with all of it kept."""

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


def by(register: Running, who: Actor = OFFICER, reason: str = "the bus was ours") -> Amendment:
    return Amendment(who, reason, register.clock())


def seen(register: Running, place: Place = PLACE) -> int:
    with register.database.read() as session:
        return revision(session, place)


def change(register: Running, wanted: Mark | None, at: int, place: Place = PLACE, **how: Any) -> None:
    register.database.transact(lambda session: amend(session, place, wanted, by(register, **how), seen=at))


def taken_back(register: Running, sent: dict[str, Any], **how: Any) -> bool:
    which = uuid.UUID(sent["id"])
    return register.database.transact(lambda session: take_back(session, which, by(register, **how)))


def audited(register: Running) -> list[AuditRow]:
    with register.database.read() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == "amendment")))


def test_the_original_the_reason_and_the_person_are_kept(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    change(register, Mark("U", 46), seen(register))
    change(register, None, seen(register), reason="was in class")
    assert marks(register) == []
    with register.database.read() as session:
        first, second, third = history(session, PLACE)
    assert first.original is None
    assert second.original
    assert second.amended
    assert (second.original["code"], second.amended["code"], second.amended["minutes_late"]) == ("L", "U", 46)
    assert (second.reason, second.name, second.position, second.at) == (
        "the bus was ours",
        "J. Office",
        "Attendance officer",
        register.clock(),
    )
    assert third.original
    assert (third.original["code"], third.amended, third.reason) == ("U", None, "was in class")


def test_an_amendment_is_in_the_audit(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    change(register, Mark("/"), seen(register))
    (row,) = audited(register)
    assert (row.login, row.address, row.subject) == ("office", "127.0.0.1", "P1")
    assert (row.detail["original"], row.detail["amended"]) == ("L, 22 min late", "/")


def test_nobody_overwrites_what_they_have_not_seen(register: Running, kiosk: Kiosk) -> None:
    before = seen(register)
    kiosk.send(entry())
    with pytest.raises(AmendmentConflictError, match=r"Main reception \(kiosk\).*it is L, 22 min late now"):
        change(register, Mark("/"), before)
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert audited(register) == []


def test_a_mark_that_is_the_same_code_again_but_has_been_changed_between_counts_as_changed(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(entry())
    before = seen(register)
    change(register, Mark("M"), before)
    change(register, Mark("L", 22), seen(register))
    with pytest.raises(AmendmentConflictError):
        change(register, Mark("/"), before)


def test_of_two_who_amend_at_once_one_is_told(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    at = seen(register)

    def one(code: str) -> str:
        try:
            change(register, Mark(code), at)
        except AmendmentConflictError:
            return "told"
        return code

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(one, ["M", "I"]))
    assert "told" in done
    stands = marks(register)[0][1]
    assert [code for code in done if code != "told"] == [stands]


@pytest.mark.parametrize(
    ("wanted", "reason", "why"),
    [
        (Mark("/"), "  ", "a reason is needed"),
        (Mark("/"), "x" * 501, "longer than 500"),
        (Mark("H"), "away", "not an attendance code"),
        (Mark("M", 5), "dentist", "minutes late belong to L and U"),
        (Mark("L", -1), "late", "minutes late are from 0"),
        (Mark("L", 22), "late", "already"),
    ],
)
def test_what_cannot_be_amended_is_said_and_nothing_changes(
    register: Running, kiosk: Kiosk, wanted: Mark, reason: str, why: str
) -> None:
    kiosk.send(entry())
    with pytest.raises(AmendmentError, match=why):
        change(register, wanted, seen(register), reason=reason)
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize(
    "place",
    [replace(PLACE, pupil="P999"), replace(PLACE, school="elsewhere"), replace(PLACE, session="noon")],
)
def test_there_is_no_mark_elsewhere_to_amend(register: Running, place: Place) -> None:
    with pytest.raises(UnknownMarkError):
        change(register, Mark("/"), 0, place)


def test_a_day_to_come_has_no_marks_yet(register: Running) -> None:
    with pytest.raises(AmendmentError, match="still to come"):
        change(register, Mark("M"), 0, replace(PLACE, date=TUESDAY + timedelta(days=7)))


def test_an_administrator_amends_nothing(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    who = replace(OFFICER, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        change(register, Mark("/"), seen(register), who=who)
    with pytest.raises(NotAllowedError):
        taken_back(register, sent, who=who)


def test_an_entry_that_is_taken_back_takes_its_mark_with_it_and_stays(
    register: Running, kiosk: Kiosk
) -> None:
    sent = entry(decision={"suggested": "M", "needs_office": True})
    kiosk.send(sent)
    assert taken_back(register, sent, reason="it was her sister")
    assert marks(register) == []
    assert work(register) == []
    with register.database.read() as session:
        row = session.scalars(select(EntryRow)).one()
        last = history(session, PLACE)[-1]
    assert row.taken_back
    assert (last.reason, last.name) == ("taken back: it was her sister", "J. Office")


def test_a_mark_that_somebody_has_changed_since_stays_when_the_entry_is_taken_back(
    register: Running, kiosk: Kiosk
) -> None:
    sent = entry()
    kiosk.send(sent)
    change(register, Mark("M"), seen(register))
    assert not taken_back(register, sent)
    assert [mark[1] for mark in marks(register)] == ["M"]


def test_an_entry_is_taken_back_once(register: Running, kiosk: Kiosk) -> None:
    sent, other = entry(1), entry(2, pupil="P2")
    back = void(other, 3)
    kiosk.send(sent, other, back)
    taken_back(register, sent)
    for each in (sent, other):
        with pytest.raises(AmendmentConflictError, match="already"):
            taken_back(register, each)
    with pytest.raises(AmendmentError, match="cannot be taken back itself"):
        taken_back(register, back)


def test_only_an_entry_of_ones_own_school_is_taken_back(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    with pytest.raises(UnknownMarkError):
        taken_back(register, sent, who=replace(OFFICER, school="elsewhere"))
    assert marks(register) == [("P1", "L", 22, "kiosk")]


@pytest.mark.parametrize(("at", "is_to_come"), [("22:59:59", True), ("23:00:00", False)])
def test_a_day_begins_where_the_school_is(register: Running, at: str, is_to_come: bool) -> None:
    """In summer a new day begins at 23:00 UTC in London."""
    now = datetime.fromisoformat(f"2026-06-22T{at}+00:00")
    with register.database.write() as session:
        place = Place("oak-lane", "P1", date(2026, 6, 23), "AM")
        try:
            amend_mark(session, place, "/", at=now, reason="r", actor=Actor("n", "p"))
        except FutureDayError:
            assert is_to_come
        else:
            assert not is_to_come
