"""The office finds the pupil of an arrival whose name was not on the kiosk's list."""

from typing import Any

import pytest
from sqlalchemy import select

from attendance.policy.files import load
from sync.register.departures.whereabouts import whereabouts
from sync.register.errors import AlreadyResolvedError, MarkConflictError, ResolutionError
from sync.register.schools import policies
from sync.register.schools.plans import take_over
from sync.register.storage.models import AuditRow
from sync.register.worklist.resolve import Choice, OfficeDecision
from tests.kiosk.reception import LONDON
from tests.sync.register.api.test_entries import by_a_person, marks, work
from tests.sync.register.support import PART_TIME, PUPILS, Clock, Kiosk, Running, entry
from tests.sync.register.worklist.test_resolve import Decide, decide, last_change

pytestmark = pytest.mark.both_databases
__all__ = ["decide"]  # the fixture

TO_P1 = OfficeDecision(Choice.ASSIGN, pupil="P1")
NAMED = {"unlisted": {"name": "Jamie O’Neill", "form": "7B"}}


def unlisted(policy_version: str, **changes: Any) -> dict[str, Any]:
    """An arrival at 09:07 of a pupil who is not on the kiosk's list, as the kiosk decides it."""
    decision = {
        "outcome": "review",
        "code": None,
        "minutes_late": None,
        "needs_office": True,
        "policy_version": policy_version,
    }
    more = {"pupil": "unlisted:0193", "decision": decision, "reason": "overslept"}
    return entry(**{**more, **NAMED, **changes})


@pytest.fixture
def version(register: Running, clock: Clock) -> str:
    """The version of the policy that the kiosk was sent."""
    policy = load("wessex-mat")
    with register.database.write() as session:
        policies.keep(session, "oak-lane", policy.model_dump(mode="json"), now=clock())
    return policy.version


def test_an_unlisted_arrival_is_put_before_the_office_and_writes_no_mark(
    register: Running, kiosk: Kiosk, version: str
) -> None:
    assert kiosk.statuses(unlisted(version)) == ["review"]
    assert work(register) == [("unlisted", NAMED["unlisted"])]
    assert marks(register) == []


@pytest.mark.parametrize(
    ("at", "code", "minutes"), [("2026-11-24T09:07:42Z", "L", 22), ("2026-11-24T09:20:00Z", "U", 35)]
)
def test_the_pupils_mark_is_the_rules_for_the_entrys_own_time(
    register: Running,
    kiosk: Kiosk,
    decide: Decide,
    *,
    clock: Clock,
    version: str,
    at: str,
    code: str,
    minutes: int,
) -> None:
    kiosk.send(unlisted(version, at=at))
    clock.forward(hours=2)
    decide("unlisted", TO_P1, reason="new this week")
    assert marks(register) == [("P1", code, minutes, "person")]
    assert work(register) == []
    assert last_change(register)[:3] == (None, code, "new this week")
    with register.database.read() as session:
        noted = session.scalars(select(AuditRow).where(AuditRow.action == "resolution")).one()
        assert noted.subject == "P1"


def test_a_plan_counts_once_the_pupil_is_known(
    register: Running, kiosk: Kiosk, decide: Decide, version: str
) -> None:
    with register.database.write() as session:
        part_time = PUPILS[0].model_copy(update={"plans": [PART_TIME]})
        take_over(session, "oak-lane", part_time, now=register.clock())
    kiosk.send(unlisted(version))
    decide("unlisted", TO_P1)
    assert marks(register) == [("P1", "L", None, "person")]


def test_the_office_can_choose_another_code(
    register: Running, kiosk: Kiosk, decide: Decide, version: str
) -> None:
    kiosk.send(unlisted(version))
    decide("unlisted", OfficeDecision(Choice.ASSIGN, code="M", pupil="P1"))
    assert marks(register) == [("P1", "M", None, "person")]


def test_a_policy_that_is_not_known_here_needs_a_code(
    register: Running, kiosk: Kiosk, decide: Decide
) -> None:
    kiosk.send(unlisted("000000000000"))
    with pytest.raises(ResolutionError, match="choose a code as well"):
        decide("unlisted", TO_P1)
    assert [kind for kind, _ in work(register)] == ["unlisted"], "it is still open"


def test_a_doubtful_time_needs_a_code(register: Running, kiosk: Kiosk, decide: Decide, version: str) -> None:
    kiosk.send(unlisted(version, clock={"trust": "unknown"}))
    with pytest.raises(ResolutionError, match="not certain; choose a code"):
        decide("unlisted", TO_P1)
    decide("unlisted", OfficeDecision(Choice.ASSIGN, code="L", pupil="P1"))
    assert [mark[:2] for mark in marks(register)] == [("P1", "L")]
    assert work(register) == []


def test_a_mark_that_the_pupil_has_already_is_not_overwritten_unseen(
    register: Running, kiosk: Kiosk, decide: Decide, version: str
) -> None:
    by_a_person(register, "/")
    kiosk.send(unlisted(version))
    with pytest.raises(MarkConflictError):
        decide("unlisted", OfficeDecision(Choice.ASSIGN, pupil="P1", seen=None))
    assert [mark[1] for mark in marks(register)] == ["/"]


def test_it_is_dismissed_once_and_with_a_reason(
    register: Running, kiosk: Kiosk, decide: Decide, version: str
) -> None:
    kiosk.send(unlisted(version))
    dismissed = OfficeDecision(Choice.DISMISS)
    with pytest.raises(ResolutionError, match="a reason is needed"):
        decide("unlisted", dismissed, reason=" ")
    decide("unlisted", dismissed, reason="signed in twice")
    assert (marks(register), work(register)) == ([], [])
    with pytest.raises(AlreadyResolvedError):
        decide("unlisted", dismissed)


def test_the_pupil_is_on_site_under_the_typed_name_until_found_and_then_under_their_own(
    register: Running, kiosk: Kiosk, decide: Decide, clock: Clock, version: str
) -> None:
    def on_site() -> set[str]:
        with register.database.read() as session:
            return set(whereabouts(session, "oak-lane", now=clock(), zone=LONDON))

    kiosk.send(unlisted(version))
    assert on_site() == {"unlisted:0193"}
    decide("unlisted", TO_P1)
    assert on_site() == {"P1"}


def test_a_dismissed_arrival_is_not_counted_on_site(
    register: Running, kiosk: Kiosk, decide: Decide, clock: Clock, version: str
) -> None:
    kiosk.send(unlisted(version))
    clock.forward(minutes=1)
    decide("unlisted", OfficeDecision(Choice.DISMISS), reason="signed in twice")
    with register.database.read() as session:
        assert whereabouts(session, "oak-lane", now=clock(), zone=LONDON) == {}
