"""Entries that a kiosk should never send: from long ago, without a release, or with endless texts."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sync.register.storage.models import PupilRow, SchoolRow
from tests.sync.register.api.test_entries import marks, work
from tests.sync.register.departures.test_collectors import page
from tests.sync.register.departures.test_whereabouts import leaves, presence
from tests.sync.register.support import Clock, Kiosk, Running, entry, void

ALONE = {"collector": "self", "relationship": None, "released_by": None, "released_at": None}
EXCUSED = {"outcome": "excused", "code": "M"}


@pytest.fixture(autouse=True)
def shortly_after_ten(clock: Clock) -> None:
    clock.instant = datetime(2026, 11, 24, 10, 3, tzinfo=UTC)


def test_a_back_dated_entry_is_kept_without_a_mark_and_is_nowhere_today(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    sent = leaves(at="2020-03-02T10:00:00Z", date="2020-03-02", decision=EXCUSED)
    assert kiosk.send(sent)[0]["status"] == "review"
    assert marks(register) == []
    assert ("clock", {"why": "old", "code": "M"}) in work(register)
    assert presence(register) == {}
    assert "That was more than 14 days before the entry arrived." in page(office, "/needs")


def test_an_entry_from_before_the_enrolment_is_for_the_office(
    register: Running, clock: Clock, office: httpx.Client
) -> None:
    clock.instant = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    kiosk = register.enrol(for_days=0)
    clock.forward(minutes=20)
    assert kiosk.statuses(entry(1, at="2026-11-24T08:59:59Z"), entry(2, pupil="P2")) == ["review", "accepted"]
    assert [pupil for pupil, *_ in marks(register)] == ["P2"]
    assert "That was before this kiosk was enrolled." in page(office, "/needs")


def test_no_one_leaves_alone_who_may_not(register: Running, kiosk: Kiosk, office: httpx.Client) -> None:
    left = leaves(departure=ALONE, decision=EXCUSED)
    assert kiosk.send(left)[0] == {"id": left["id"], "status": "review", "detail": "unreleased"}
    assert marks(register) == []
    assert work(register) == [("unreleased", {})]
    needs = page(office, "/needs")
    assert "Signed out without a release" in needs
    assert "This pupil may not leave alone, and no one released them. Ring the family." in needs
    assert "decide: no one released them" in page(office, "/")
    assert kiosk.statuses(void(left, 2, at="2026-11-24T10:01:00Z")) == ["accepted"]
    assert work(register) == []


@pytest.mark.parametrize("by", ["the pupil's record", "the policy"])
def test_a_pupil_who_may_leave_alone_needs_no_release(register: Running, kiosk: Kiosk, by: str) -> None:
    with register.database.write() as session:
        if by == "the policy":
            session.get_one(SchoolRow, "oak-lane").policy = {"name": "oak-lane", "leaves_alone": ["7"]}
        else:
            session.get_one(PupilRow, ("oak-lane", "P1")).leaves_alone = True
    assert kiosk.statuses(leaves(departure=ALONE)) == ["accepted"]
    assert work(register) == []


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("departure.collector", 200),
        ("departure.relationship", 64),
        ("departure.evidence", 200),
        ("departure.released_by", 500),
        ("departure.released_position", 500),
        ("decision.outcome", 64),
        ("decision.suggested", 64),
        ("decision.consequence", 2000),
        ("decision.paragraph", 500),
        ("decision.policy", 500),
        ("decision.policy_version", 64),
        ("clock.boot_id", 64),
        ("reason", 64),
        ("note", 500),
        ("pupil", 64),
    ],
)
def test_every_text_has_a_greatest_length(kiosk: Kiosk, field: str, longest: int) -> None:
    def with_length(seq: int, length: int) -> dict[str, Any]:
        part, _, name = field.rpartition(".")
        changes: dict[str, Any] = {name: "x" * length}
        return leaves(seq, **({part: changes} if part else changes))

    fits, too_long = kiosk.send(with_length(1, longest), with_length(2, longest + 1))
    assert fits["status"] in ("accepted", "review")
    assert (too_long["status"], too_long["detail"]) == ("rejected", field)


def test_an_unknown_key_does_not_carry_a_megabyte(kiosk: Kiosk) -> None:
    small, large = entry(1, pupil="P2", later="x" * 1000), entry(2, later="x" * 1_000_000)
    assert [each["detail"] for each in kiosk.send(small, large)] == [None, "entry"]
    assert kiosk.statuses(large, entry(3)) == ["rejected", "accepted"]
