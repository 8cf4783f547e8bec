"""Several entries claim one mark and one of them is taken back: no child goes missing from the register."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from sync.register.marks.claims import Claim, choose
from sync.register.marks.marks import Mark
from sync.register.storage.models import MarkChangeRow, PupilRow, WorkItemRow
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from sync.wire import Kind
from tests.sync.register.api.test_entries import by_a_person, marks, work
from tests.sync.register.marks.test_amend import OFFICER, take_entry_back
from tests.sync.register.support import Clock, Kiosk, Running, entry, void

pytestmark = pytest.mark.both_databases

TakeBack = Callable[[dict[str, Any]], str]
AFTER_CLOSE = {"outcome": "after_close", "code": "U", "minutes_late": 35}


@pytest.fixture
def other(register: Running, kiosk: Kiosk) -> Kiosk:
    return register.enrol("Infants entrance")


@pytest.fixture(params=["kiosk", "office"])
def take_back(request: pytest.FixtureRequest, register: Running, kiosk: Kiosk) -> TakeBack:
    """Takes an entry back, at the kiosk or at the office; returns the answer."""
    seqs = iter(range(2, 10))

    def at_the_kiosk(sent: dict[str, Any]) -> str:
        return kiosk.statuses(void(sent, next(seqs)))[0]

    def at_the_office(sent: dict[str, Any]) -> str:
        return "accepted" if take_entry_back(register, sent, reason="it was a friend") else "review"

    return at_the_kiosk if request.param == "kiosk" else at_the_office


def own(seq: int = 1, /, **changes: Any) -> dict[str, Any]:
    """The pupil's own sign-in, a minute after a friend signed in under the pupil's name."""
    values = {"at": "2026-11-24T09:08:10Z", "decision": {"minutes_late": 23}}
    return entry(seq, **(values | changes))


def reasons(register: Running) -> list[tuple[str | None, str]]:
    """The code after each change, and its reason."""
    with register.database.read() as session:
        rows = session.scalars(select(MarkChangeRow).order_by(MarkChangeRow.id)).all()
        return [(row.amended["code"] if row.amended else None, row.reason) for row in rows]


def test_the_mark_stays_when_a_friends_sign_in_is_taken_back_but_the_pupil_signed_in_too(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    friends = entry()
    kiosk.send(friends)
    assert other.statuses(own()) == ["accepted"]
    assert take_back(friends) == "accepted"
    assert marks(register) == [("P1", "L", 23, "kiosk")]
    assert work(register) == []
    assert reasons(register)[-1][1].endswith("; the sign-in at Infants entrance stands")


def test_the_mark_is_empty_when_both_are_taken_back_in_either_order(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    friends, real = entry(), own()
    kiosk.send(friends)
    other.send(real)
    take_back(friends)
    assert take_back(real) == "accepted"
    assert (marks(register), work(register)) == ([], [])
    first, second = own(2, pupil="P2"), own(3, pupil="P2")
    other.send(first, second)
    take_back(second)
    assert marks(register) == [("P2", "L", 23, "kiosk")]
    assert take_back(first) == "accepted"
    assert (marks(register), work(register)) == ([], [])


def test_a_sign_in_after_the_other_was_taken_back_writes_the_mark(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    friends = entry()
    kiosk.send(friends)
    take_back(friends)
    assert other.statuses(own()) == ["accepted"]
    assert marks(register) == [("P1", "L", 23, "kiosk")]


def test_one_batch_has_the_same_effect_as_separate_batches(register: Running, kiosk: Kiosk) -> None:
    first, second, third = entry(1), own(2), own(3, pupil="P2")
    batch = [first, second, third, void(first, 4), void(second, 5), own(6, decision={"minutes_late": 40})]
    assert kiosk.statuses(*batch) == ["accepted"] * 6
    assert marks(register) == [("P1", "L", 40, "kiosk"), ("P2", "L", 23, "kiosk")]
    assert [code for code, _ in reasons(register)] == ["L", "L", "L", None, "L"]
    assert kiosk.statuses(*batch) == ["duplicate"] * 6


def test_the_earliest_of_several_counts_and_a_return_counts_like_an_arrival(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    friends = entry()
    kiosk.send(friends)
    back = own(1, kind="return", at="2026-11-24T09:14:00Z", decision={"minutes_late": 29})
    other.send(back, own(2))
    take_back(friends)
    assert marks(register) == [("P1", "L", 23, "kiosk")]


def test_a_sign_out_counts_only_when_there_is_no_sign_in(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack, clock: Clock
) -> None:
    clock.instant = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    with register.database.write() as session:
        session.get_one(PupilRow, ("oak-lane", "P1")).leaves_alone = True
    agreed = {"outcome": "absent_pm", "code": "M", "minutes_late": None}
    friends = entry(at="2026-11-24T13:05:00Z", session="PM", decision={"minutes_late": 5})
    kiosk.send(friends)
    left = own(1, kind="departure", at="2026-11-24T11:00:00Z", session="PM", decision=agreed)
    assert other.statuses(left) == ["review"]
    assert take_back(friends) == "accepted"
    assert marks(register) == [("P1", "M", None, "kiosk")]
    assert (work(register), [kind for kind, _ in work(register, resolved=True)]) == ([], ["conflict"])
    assert reasons(register)[-1][1].endswith("; the sign-out at Infants entrance stands")


def test_a_contested_code_is_written_when_the_other_entry_is_taken_back(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    friends = entry()
    kiosk.send(friends)
    assert other.statuses(own(decision=AFTER_CLOSE)) == ["review"]
    assert take_back(friends) == "accepted"
    assert marks(register) == [("P1", "U", 35, "kiosk")]
    assert (work(register), [kind for kind, _ in work(register, resolved=True)]) == ([], ["conflict"])


def test_a_mark_confirmed_by_a_user_against_another_entry_stays(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    friends = entry()
    kiosk.send(friends)
    other.send(own(decision=AFTER_CLOSE))
    with register.database.write() as session:
        item = session.scalars(select(WorkItemRow.id)).one()
        resolve(
            session, item, OfficeDecision(Choice.KEEP), OFFICER, reason="seen at 9:07", now=register.clock()
        )
    assert take_back(friends) == "review"
    assert marks(register) == [("P1", "L", 22, "kiosk")]


def test_an_earlier_sign_in_does_not_overrule_a_users_later_decision(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack, clock: Clock
) -> None:
    other.send(own())
    clock.forward(minutes=1)
    by_a_person(register, "N")
    clock.forward(minutes=1)
    friends = entry()
    kiosk.send(friends)
    take_back(friends)
    assert marks(register) == [("P1", "N", None, "person")]


def test_a_users_mark_from_before_both_entries_returns_when_both_are_taken_back(
    register: Running, kiosk: Kiosk, other: Kiosk, take_back: TakeBack
) -> None:
    by_a_person(register, "N")
    friends, real = entry(), own()
    kiosk.send(friends)
    other.send(real)
    take_back(friends)
    take_back(real)
    assert marks(register) == [("P1", "N", None, "person")]


@pytest.mark.parametrize(
    "doubtful",
    [
        {"clock": {"trust": "unknown"}},
        {"date": "2026-11-23"},
        {"session": "PM"},
        {"pupil": "P2"},
        {"decision": {"code": None, "minutes_late": None}},
    ],
)
def test_an_entry_of_another_mark_or_with_a_doubtful_time_claims_no_mark(
    register: Running, kiosk: Kiosk, other: Kiosk, doubtful: dict[str, Any]
) -> None:
    friends = entry()
    kiosk.send(friends)
    other.send(own(**doubtful))
    kiosk.send(void(friends, 2))
    assert [mark for mark in marks(register) if mark[0] == "P1"] == (
        [("P1", "L", 23, "kiosk")] if "session" in doubtful else []
    )


def test_a_corrected_sign_in_leaves_the_mark_to_the_other_and_agrees_with_it(
    register: Running, kiosk: Kiosk, other: Kiosk
) -> None:
    wrong = entry()
    kiosk.send(wrong)
    other.send(own())
    assert kiosk.statuses(own(2, corrects=wrong["id"], decision={"minutes_late": 28})) == ["accepted"]
    assert marks(register) == [("P1", "L", 23, "kiosk")]
    assert reasons(register)[-1] == (
        "L",
        "the kiosk's clock was set; the sign-in at Infants entrance stands",
    )


def claim(at: str, kind: Kind = Kind.ARRIVAL, **how: bool) -> Claim:
    instant = datetime.fromisoformat(f"2026-11-24T{at}+00:00")
    return Claim(
        Mark("L", 1, "kiosk", UUID(int=instant.hour * 60 + instant.minute)), kind, instant, "A", **how
    )


@pytest.mark.parametrize(
    ("claims", "chosen"),
    [
        ([], None),
        ([claim("09:20"), claim("09:10")], "09:10"),
        ([claim("09:10", contested=True), claim("09:20")], "09:20"),
        ([claim("08:30", Kind.DEPARTURE), claim("09:20", Kind.RETURN)], "09:20"),
        ([claim("08:30", Kind.DEPARTURE)], "08:30"),
        ([claim("09:10", refused=True)], None),
    ],
)
def test_the_mark_goes_by(claims: list[Claim], chosen: str | None) -> None:
    found = choose(claims)
    assert (found and f"{found.at:%H:%M}") == chosen
