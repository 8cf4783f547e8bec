"""An old entry, decided again with its own version of the policy, gets the same decision."""

from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from attendance.explain import for_office
from attendance.policy.files import load
from attendance.policy.model import Policy
from attendance.reasons import Reason
from kiosk.desk.departures import SELF, DepartureDraft
from kiosk.views import ReasonView
from kiosk.views.touches import ChooseReason, Finish
from sync.register.entries.replay import decide_again, replay, same_answer
from sync.register.errors import NotReproducibleError
from sync.register.schools.schools import load_school
from sync.wire import BundleCalendar, BundleClosure, Entry, PlanSent, Trust
from tests.kiosk.reception import (
    LONDON,
    PUPILS,
    TUESDAY,
    Reception,
    agreed,
    bundle,
    card_of,
    london,
    pupil,
    reception,
)
from tests.kiosk.walking import all_entries
from tests.sync.register.support import Clock, Kiosk, Running, school_record, void

pytestmark = pytest.mark.both_databases

INSET = BundleCalendar(closures=[BundleClosure(first=TUESDAY, reason="INSET day")])
PART_TIME = pupil("P9", "Nia", "Part", starts={"tue": "10:30"})


@pytest.mark.parametrize(
    ("at", "policy"),
    [
        ("08:50", "wessex-mat"),
        ("09:07:42", "wessex-mat"),
        ("09:31", "wessex-mat"),
        ("10:00", "wessex-mat"),
        ("13:20", "wessex-mat"),
        ("14:12", "wessex-mat"),
        ("10:20", "charlton-park-academy"),
        ("10:45", "charlton-park-academy"),
    ],
)
@pytest.mark.parametrize("trust", ["synced", "unknown"])
def test_an_arrival_is_decided_again_with_the_same_result(
    tmp_path: Path, at: str, policy: str, trust: str
) -> None:
    school = bundle(policy, (*PUPILS, PART_TIME), appointments=[agreed("P2", "10:30")])
    with reception(tmp_path, at=at, school=school, trust=trust) as desk:
        for who in ("P1", "P2", "P5", "P9"):
            desk.tap(who)
            if isinstance(desk.journey.view, ReasonView):
                desk.journey.handle(ChooseReason(Reason.MEDICAL))
            desk.settle()
            desk.journey.handle(Finish())
        entries = desk.entries()
    assert len(entries) == 4
    for entry in entries:
        assert same_answer(entry, decide_again(entry, load(policy), LONDON)), entry


def sign_out(desk: Reception, who: str, reason: Reason, back_at: time | None = None) -> None:
    """Sign a pupil out who leaves alone."""
    assert desk.desk.school
    known = desk.desk.school.roster.by_id(who)
    assert known
    leaving = DepartureDraft(pupil=known, reason=reason, back_at=back_at, collector=SELF)
    desk.desk.sign_out(leaving, on_saved=lambda _: None, on_failed=lambda error: pytest.fail(str(error)))
    desk.settle()


@pytest.mark.parametrize(
    ("at", "policy", "back_at", "outcome"),
    [
        ("10:00:59.4", "wessex-mat", None, "absent_pm"),
        ("10:00", "wessex-mat", time(11, 30), "no_effect"),
        ("13:20", "kings-cross-academy", time(13, 50), "back_late"),
        ("13:20", "kings-cross-academy", time(14, 30), "absent_pm"),
        ("14:30", "wessex-mat", time(15), "no_effect"),
        ("20:00", "wessex-mat", None, "closed"),
    ],
)
@pytest.mark.parametrize("trust", ["synced", "unknown"])
def test_a_departure_is_decided_again_with_the_same_result(
    tmp_path: Path, *, at: str, policy: str, back_at: time | None, outcome: str, trust: str
) -> None:
    years = load(policy).years
    leaving = tuple(pupil(f"P{n}", "Ana", "Out", year=years[-1]) for n in (1, 2, 3))
    school = bundle(policy, leaving, appointments=[agreed("P3", None)])
    with reception(tmp_path, at=at, school=school, trust=trust) as desk:
        sign_out(desk, "P1", Reason.UNWELL, back_at)
        sign_out(desk, "P2", Reason.OTHER, back_at)
        sign_out(desk, "P3", Reason.MEDICAL, back_at)
        entries = desk.entries()
    assert {entry.decision.outcome for entry in entries} == {outcome if trust == "synced" else "review"}
    for entry in entries:
        assert same_answer(entry, decide_again(entry, load(policy), LONDON)), entry


def test_a_departure_on_a_day_without_school_is_decided_again_with_the_same_result(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00", school=bundle(calendar=INSET)) as desk:
        sign_out(desk, "P1", Reason.FAMILY)
        [entry] = desk.entries()
    assert entry.decision.outcome == "closed"
    assert same_answer(entry, decide_again(entry, load("wessex-mat"), LONDON))


def test_a_departure_is_explained_as_a_departure(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        sign_out(desk, "P1", Reason.MEDICAL, time(11, 30))
        [entry] = desk.entries()
    sentence = for_office(decide_again(entry, load("wessex-mat"), LONDON))
    assert sentence.startswith("Left at 10:00:00, back at 11:30: no session’s mark depends on it")
    doubted = entry.model_copy(update={"clock": entry.clock.model_copy(update={"trust": Trust.UNKNOWN})})
    assert for_office(decide_again(doubted, load("wessex-mat"), LONDON)).startswith(
        "The kiosk’s clock showed"
    )


def test_a_departure_without_details_is_not_reproducible(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        sign_out(desk, "P1", Reason.MEDICAL)
        [entry] = desk.entries()
    bare = entry.model_copy(update={"departure": None})
    with pytest.raises(NotReproducibleError, match="does not say whether the pupil was expected back"):
        decide_again(bare, load("wessex-mat"), LONDON)


def test_a_reason_of_a_newer_version_is_not_reproducible(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        sign_out(desk, "P1", Reason.MEDICAL)
        [entry] = desk.entries()
    later = entry.model_copy(update={"reason": "eclipse"})
    with pytest.raises(NotReproducibleError, match="from 'eclipse', which this version of Latebook does not"):
        decide_again(later, load("wessex-mat"), LONDON)


def test_a_void_is_not_reproducible() -> None:
    back = Entry.model_validate(void({"id": str(uuid4()), "pupil": "P1"}, 2))
    with pytest.raises(NotReproducibleError, match="is a void: the rule made no decision about it"):
        decide_again(back, load("wessex-mat"), LONDON)


def decided_before_plans(entry: Entry, **decision: object) -> Entry:
    """The entry as a kiosk of the first rule made it: without a rule and a plan."""
    sent = entry.model_dump(mode="json")
    sent["decision"] |= decision
    for key in ("rule", "plan", "due"):
        del sent["decision"][key]
    return Entry.model_validate(sent)


def test_an_entry_of_the_first_rule_is_decided_and_explained_by_the_first_rule(tmp_path: Path) -> None:
    basis = {"year": "7", "school_day": True, "starts": "10:30", "returning": False}
    with reception(tmp_path, at="10:50", school=bundle("psa", (*PUPILS, PART_TIME))) as desk:
        desk.tap("P9")
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        [today] = desk.entries()
    before = decided_before_plans(
        today,
        outcome="after_close",
        code="U",
        suggested=None,
        needs_office=False,
        minutes_late=20,
        basis=basis,
    )
    again = decide_again(before, load("psa"), LONDON)
    assert same_answer(before, again)
    assert "own start: 10:30" in for_office(again)
    assert (today.decision.code, decide_again(today, load("psa"), LONDON).suggested) == (None, "C2")
    assert "plan: C2:10:30-" in for_office(decide_again(today, load("psa"), LONDON))


def test_a_departure_of_the_first_rule_keeps_its_suggestion(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        sign_out(desk, "P1", Reason.FAMILY)
        [today] = desk.entries()
    assert today.decision.suggested == "N"
    before = decided_before_plans(today, suggested="C")
    assert same_answer(before, decide_again(before, load("wessex-mat"), LONDON))


def test_a_rule_and_a_plan_of_a_newer_version_are_not_reproducible(tmp_path: Path) -> None:
    with reception(tmp_path, at="10:00") as desk:
        sign_out(desk, "P1", Reason.MEDICAL)
        [entry] = desk.entries()
    newer: list[tuple[dict[str, object], str]] = [
        ({"rule": 3}, "by version 3 of the rule, which this version of Latebook does not know"),
        ({"plan": PlanSent(code="C3")}, "from 'C3', which this version of Latebook does not know"),
        ({"plan": PlanSent(code="C2", due_out=time(10))}, "a plan whose times are not in order"),
    ]
    for change, why in newer:
        later = entry.model_copy(update={"decision": entry.decision.model_copy(update=change)})
        with pytest.raises(NotReproducibleError, match=why):
            decide_again(later, load("wessex-mat"), LONDON)


def twice_in_doubt(desk: Reception, right: str) -> list[Entry]:
    """A pupil taps twice, 2 minutes apart, while the clock is doubtful; the clock is set to `right` at the
    second tap. Returns the two corrections, of which the second only suggests its code."""
    for _ in range(2):
        desk.clock.passes(120)
        desk.journey.card([card_of("P1")], desk.clock.reading())
        if isinstance(desk.journey.view, ReasonView):
            desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        desk.journey.handle(Finish())
        desk.clock.at += timedelta(days=1)  # another date, so that the second tap is a new arrival
    desk.clock.at, desk.clock.trust = london(right), "synced"
    desk.desk.correct_times(desk.clock.reading())
    desk.settle()
    desk.settle()
    return [entry for entry in all_entries(desk) if entry.corrects]


@pytest.mark.parametrize(("right", "suggested"), [("08:40", None), ("09:10", "L"), ("09:41", "U")])
def test_a_second_arrival_that_only_suggests_its_code_is_decided_again_with_the_same_result(
    tmp_path: Path, right: str, suggested: str | None
) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        first, second = twice_in_doubt(desk, right)
    assert first.decision.code == suggested
    assert (second.decision.code, second.decision.suggested) == (None, suggested)
    assert second.decision.needs_office
    for entry in (first, second):
        assert same_answer(entry, decide_again(entry, load("wessex-mat"), LONDON))


def test_an_arrival_that_only_suggests_its_code_without_correcting_is_another_result(tmp_path: Path) -> None:
    with reception(tmp_path, at="1970-01-01T01:10", trust="unknown") as desk:
        _, noted = twice_in_doubt(desk, "09:10")
    again = decide_again(noted, load("wessex-mat"), LONDON)
    assert not same_answer(noted.model_copy(update={"corrects": None}), again)
    other = noted.model_copy(update={"decision": noted.decision.model_copy(update={"suggested": "U"})})
    assert not same_answer(other, again)


def test_another_version_of_the_policy_is_not_accepted(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        [entry] = desk.entries()
    later = load("wessex-mat").model_dump(mode="json")
    later["am"]["closes"] = "09:05"
    with pytest.raises(NotReproducibleError, match="was decided by version"):
        decide_again(entry, Policy.model_validate(later), LONDON)


def test_an_entry_without_the_facts_of_its_decision_is_not_reproducible(tmp_path: Path) -> None:
    with reception(tmp_path) as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        [entry] = desk.entries()
    bare = entry.model_copy(update={"decision": entry.decision.model_copy(update={"basis": None})})
    with pytest.raises(NotReproducibleError, match="does not contain the facts"):
        decide_again(bare, load("wessex-mat"), LONDON)


def test_an_entry_is_explained_by_the_policy_of_its_day(
    tmp_path: Path, register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    then = load("wessex-mat").model_dump(mode="json")
    with register.database.write() as session:
        load_school(session, school_record(policy=then))
    kiosk.get("/bundle")  # the register sends that version and therefore keeps it
    with reception(tmp_path) as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.OTHER))
        desk.settle()
        [entry] = desk.entries()
    assert kiosk.statuses(entry.model_dump(mode="json")) == ["accepted"]
    now = {**then, "am": {**then["am"], "closes": "09:05", "unauthorised_after": "09:05"}}
    with register.database.write() as session:
        load_school(session, school_record(policy=now))
    clock.forward(days=400)
    with register.database.read() as session:
        result = replay(session, entry.id)
    assert result.same
    assert result.policy == f"wessex-mat, version {Policy.model_validate(then).version}"
    assert result.sentence.startswith(
        "Came at 09:07:00, at or after 09:00 and before 09:15: L, 22 minutes after 08:45"
    )


def test_an_unknown_entry_is_reported_in_one_sentence(register: Running) -> None:
    with register.database.read() as session, pytest.raises(NotReproducibleError, match="there is no entry"):
        replay(session, uuid4())
