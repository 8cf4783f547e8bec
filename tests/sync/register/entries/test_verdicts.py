"""Verdicts: which entry writes a mark, and which work items it opens."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync.register.entries.verdicts import (
    NewMark,
    TimeDoubt,
    Verdict,
    VoidTarget,
    check_release,
    refusal,
    take,
    take_correction,
    take_void,
)
from sync.register.storage.models import WorkKind
from sync.register.storage.work_items import Conflict, UncertainTime, UncertainVoid, UnreleasedDeparture
from sync.wire import Entry, EntryStatus
from tests.sync.register.support import MORNING, entry, void

LONG_AGO = MORNING - timedelta(days=100)
"""When the kiosk was enrolled, unless a test says otherwise."""
RECENT = {"now": MORNING, "enrolled_at": LONG_AGO}


def verdict(
    sent: dict[str, Any],
    *,
    current: str | None = None,
    pupil_known: bool = True,
    date_right: bool = True,
    now: datetime = MORNING,
    enrolled_at: datetime = LONG_AGO,
) -> Verdict:
    return take(
        Entry.model_validate(sent),
        current=current,
        pupil_known=pupil_known,
        date_right=date_right,
        now=now,
        enrolled_at=enrolled_at,
    )


def kinds(result: Verdict) -> list[WorkKind]:
    return [item.kind for item in result.work]


@pytest.mark.parametrize("current", [None, "N"])
def test_a_kiosks_mark_replaces_an_empty_mark_or_n(current: str | None) -> None:
    result = verdict(entry(), current=current)
    assert result == Verdict(EntryStatus.ACCEPTED, mark=NewMark("L", 22))


@pytest.mark.parametrize("current", ["/", "\\", "U", "M", "I", "O", "#", "Y1"])
def test_any_other_mark_is_kept_and_becomes_a_conflict(current: str) -> None:
    result = verdict(entry(), current=current)
    assert (result.status, result.mark) == (EntryStatus.REVIEW, None)
    assert result.work == (Conflict(has=current, kiosk="L"),)


def test_the_same_code_is_no_conflict_and_is_not_written_again() -> None:
    assert verdict(entry(), current="L") == Verdict(EntryStatus.ACCEPTED)


def test_an_entry_without_a_code_needs_no_mark() -> None:
    on_time = entry(decision={"outcome": "on_time", "code": None, "minutes_late": None})
    assert verdict(on_time, current="/") == Verdict(EntryStatus.ACCEPTED)


def test_an_unknown_pupil_writes_no_mark_and_needs_the_office() -> None:
    result = verdict(entry(), pupil_known=False)
    assert (result.status, result.mark, kinds(result)) == (EntryStatus.REVIEW, None, [WorkKind.UNKNOWN_PUPIL])


def test_a_time_that_is_not_trusted_never_becomes_a_mark() -> None:
    result = verdict(entry(clock={"trust": "unknown"}), current="N")
    assert (result.status, result.mark, kinds(result)) == (EntryStatus.REVIEW, None, [WorkKind.CLOCK])


def test_a_clock_that_was_held_is_trusted() -> None:
    assert verdict(entry(clock={"trust": "held"})).status is EntryStatus.ACCEPTED


def test_a_date_that_is_not_the_date_of_the_time_writes_no_mark() -> None:
    result = verdict(entry(), date_right=False)
    assert (result.status, result.mark, kinds(result)) == (EntryStatus.REVIEW, None, [WorkKind.CLOCK])


@pytest.mark.parametrize(
    ("at", "status"), [("2026-11-24T09:43:00Z", "accepted"), ("2026-11-24T09:43:01Z", "review")]
)
def test_a_trusted_time_more_than_ten_minutes_ahead_of_the_registers_writes_no_mark(
    at: str, status: str
) -> None:
    result = verdict(entry(at=at))
    assert result.status == status
    assert set(result.work) <= {UncertainTime(why="ahead", code="L")}
    assert (result.mark is None) is (status == "review")


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("2026-11-10T09:33:00Z", None),
        ("2026-11-10T09:32:59.999Z", "old"),
        ("2020-11-24T09:07:00Z", "old"),
        ("1970-01-01T00:00:00Z", "old"),
    ],
)
def test_a_trusted_time_more_than_fourteen_days_back_writes_no_mark(at: str, why: TimeDoubt | None) -> None:
    result = verdict(entry(at=at))
    doubts = (UncertainTime(why=why, code="L"),) if why else ()
    assert (result.status, result.work) == (EntryStatus.REVIEW if why else EntryStatus.ACCEPTED, doubts)
    assert (result.mark is None, result.certain, result.time_certain) == (bool(why), not why, True)


@pytest.mark.parametrize(
    ("enrolled_at", "why"),
    [
        (datetime(2026, 11, 24, 9, 7, 42, 120_000, tzinfo=UTC), None),
        (datetime(2026, 11, 24, 9, 7, 42, 121_000, tzinfo=UTC), "before enrolment"),
        (MORNING, "before enrolment"),
    ],
)
def test_a_time_before_the_kiosk_was_enrolled_writes_no_mark(
    enrolled_at: datetime, why: TimeDoubt | None
) -> None:
    result = verdict(entry(), enrolled_at=enrolled_at)
    doubts = (UncertainTime(why=why, code="L"),) if why else ()
    assert (result.status, result.work) == (EntryStatus.REVIEW if why else EntryStatus.ACCEPTED, doubts)
    assert (result.mark is None) is bool(why)


@pytest.mark.parametrize(
    ("at", "enrolled_at"), [("2026-11-10T09:32:59Z", LONG_AGO), ("2026-11-24T09:30:00Z", MORNING)]
)
def test_a_void_from_long_ago_or_before_enrolment_undoes_nothing(at: str, enrolled_at: datetime) -> None:
    taken = Entry.model_validate(void(entry(), 2, at=at))
    result = take_void(taken, STANDS, now=MORNING, enrolled_at=enrolled_at)
    assert result.verdict.work == (UncertainVoid(why="clock", voids=str(taken.voids)),)
    assert (result.undo, result.take_back) == (False, False)


@pytest.mark.parametrize(
    ("kind", "detail", "may_leave_alone", "asks"),
    [
        ("departure", {"collector": "self"}, False, True),
        ("departure", {"collector": "Aunt May"}, False, True),
        ("departure", None, False, True),
        ("departure", {"collector": "self"}, True, False),
        ("departure", {"collector": "Aunt May", "released_by": "J. Office"}, False, False),
        ("arrival", None, False, False),
        ("return", None, False, False),
    ],
)
def test_a_sign_out_without_a_release_is_for_the_office_unless_the_pupil_may_leave_alone(
    kind: str, detail: dict[str, str] | None, may_leave_alone: bool, asks: bool
) -> None:
    sent = Entry.model_validate(entry(kind=kind, departure=detail))
    doubts = check_release(sent, may_leave_alone=may_leave_alone)
    assert doubts == ((UnreleasedDeparture(),) if asks else ())
    result = take(sent, current=None, pupil_known=True, date_right=True, doubts=doubts, **RECENT)
    assert (result.status, result.mark is None, result.certain) == (
        EntryStatus.REVIEW if asks else EntryStatus.ACCEPTED,
        asks,
        not asks,
    )


def test_a_decision_for_the_office_keeps_its_code_and_is_put_before_the_office() -> None:
    decision = {"outcome": "after_close", "code": "U", "suggested": "M", "needs_office": True}
    result = verdict(entry(decision=decision))
    assert (result.status, result.mark) == (EntryStatus.REVIEW, NewMark("U", 22))
    assert kinds(result) == [WorkKind.NEEDS_OFFICE]


@pytest.mark.parametrize("code", ["H", "J", "Y", "l", "", "LATE"])
def test_an_invalid_code_is_rejected(code: str) -> None:
    sent = Entry.model_validate(entry(decision={"code": code}))
    assert refusal(sent) == Verdict(EntryStatus.REJECTED, "decision.code")


def test_a_code_without_a_session_is_rejected() -> None:
    assert refusal(Entry.model_validate(entry(session=None))) == Verdict(EntryStatus.REJECTED, "session")


STANDS = VoidTarget("P1", taken_back=False, wrote=True, stands=True)


def test_a_void_undoes_an_unchanged_mark() -> None:
    result = take_void(Entry.model_validate(void(entry(), 2)), STANDS, **RECENT)
    assert (result.verdict.status, result.undo, result.take_back) == (EntryStatus.ACCEPTED, True, True)


def test_a_void_of_an_entry_that_wrote_nothing_undoes_nothing() -> None:
    target = VoidTarget("P1", taken_back=False, wrote=False, stands=False)
    result = take_void(Entry.model_validate(void(entry(), 2)), target, **RECENT)
    assert (result.verdict.status, result.undo, result.take_back) == (EntryStatus.ACCEPTED, False, True)


@pytest.mark.parametrize(
    "target",
    [
        None,
        VoidTarget("P2", taken_back=False, wrote=True, stands=True),
        VoidTarget("P1", taken_back=True, wrote=True, stands=True),
        VoidTarget("P1", taken_back=False, wrote=True, stands=False),
    ],
)
def test_any_other_void_opens_a_work_item_and_undoes_nothing(target: VoidTarget | None) -> None:
    result = take_void(Entry.model_validate(void(entry(), 2)), target, **RECENT)
    assert (result.verdict.status, result.undo, result.take_back) == (EntryStatus.REVIEW, False, False)
    assert kinds(result.verdict) == [WorkKind.VOID]


def test_a_void_that_names_no_entry_is_rejected() -> None:
    assert refusal(Entry.model_validate(entry(kind="void"))) == Verdict(EntryStatus.REJECTED, "voids")


DOUBTED = VoidTarget("P1", taken_back=False, wrote=False, stands=False)


def correction(target: VoidTarget | None) -> tuple[bool, bool, list[str | None]]:
    sent = Entry.model_validate(entry(corrects=str(uuid.uuid4())))
    result = take_correction(sent, target)
    return (
        result.take_back,
        result.undo,
        [doubt.why for doubt in result.doubts if isinstance(doubt, UncertainVoid)],
    )


@pytest.mark.parametrize(
    ("target", "result"),
    [
        (DOUBTED, (True, False, [])),
        (STANDS, (True, True, [])),
        (None, (False, False, [])),
        (replace(DOUBTED, pupil="P2"), (False, False, ["another pupil"])),
        (replace(DOUBTED, same_kiosk=False), (False, False, ["another kiosk"])),
        (replace(DOUBTED, taken_back=True), (False, False, ["taken back before"])),
    ],
)
def test_a_correction_takes_back_the_same_kiosks_entry_of_the_same_pupil(
    target: VoidTarget | None, result: tuple[bool, bool, list[str]]
) -> None:
    assert correction(target) == result


def test_a_correction_that_cannot_be_carried_out_writes_no_mark() -> None:
    sent = Entry.model_validate(entry(corrects=str(uuid.uuid4())))
    doubts = take_correction(sent, replace(DOUBTED, pupil="P2")).doubts
    result = take(sent, current=None, pupil_known=True, date_right=True, doubts=doubts, **RECENT)
    assert (result.status, result.mark, kinds(result)) == (EntryStatus.REVIEW, None, [WorkKind.VOID])
