"""A bundle between a kiosk and a register of different versions."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from attendance.policy.files import load
from attendance.policy.model import Policy
from kiosk.school.school import School
from sync.wire import Bundle, Pupil

POLICY = load("wessex-mat")
SENT = POLICY.model_dump(mode="json", exclude={"document"})


def bundle_with(policy: dict[str, Any], **more: object) -> Bundle:
    body = {
        "version": "1",
        "school": {"id": "oak-lane", "name": "Oak Lane"},
        "policy": policy,
        "cards": {"key": "0b"},
    }
    return Bundle.model_validate_json(json.dumps(body | more))


def test_a_bundle_has_its_policy_as_the_rules_own_type() -> None:
    bundle = bundle_with(POLICY.model_dump(mode="json"))
    assert bundle.policy == POLICY
    assert School.of(bundle).policy.version == POLICY.version


def test_a_policy_of_a_newer_register_is_kept_as_sent_and_refused_with_its_reason() -> None:
    newer = SENT | {"brunch": "11:00"}
    bundle = bundle_with(newer)
    assert json.loads(bundle.model_dump_json())["policy"] == newer
    with pytest.raises(ValueError, match="brunch"):
        School.of(bundle)


def test_a_policy_is_sent_with_the_keys_that_it_sets_and_no_others() -> None:
    # A key that only this version knows would make an older kiosk refuse the whole bundle.
    body = POLICY.model_dump(
        mode="json", exclude={"document": True, "retention_years": True, "am": {"ends_by_year"}}
    )
    assert Policy.model_validate(body).retention_years == 6
    assert json.loads(bundle_with(body).model_dump_json())["policy"] == body


@pytest.mark.parametrize("more", [{}, {"brunch": "11:00"}], ids=["a policy", "a newer register's policy"])
def test_what_a_document_says_for_the_checker_alone_is_not_sent(more: dict[str, Any]) -> None:
    whole = POLICY.model_dump(mode="json") | more
    assert whole["document"]
    assert json.loads(bundle_with(whole).model_dump_json())["policy"] == SENT | more


def test_keys_of_another_version_are_ignored() -> None:
    assert bundle_with(POLICY.model_dump(mode="json"), releases=[{"id": "1"}]).version == "1"


@pytest.mark.parametrize(
    ("day", "kept"), [("2026-11-16", False), ("2026-11-17", True), ("2026-11-24", True), ("2027-03-01", True)]
)
def test_an_appointment_is_kept_until_a_week_after_its_day(day: str, kept: bool) -> None:
    dentist = {"pupil": "P5", "date": day, "kind": "medical"}
    before = bundle_with(POLICY.model_dump(mode="json"), appointments=[dentist])
    after = before.without_past(date(2026, 11, 24))
    assert after.appointments == (before.appointments if kept else [])
    assert after.version == before.version


def test_contacts_of_an_older_register_are_dropped_as_they_are_read() -> None:
    aunt = {"id": "C1", "pupil": "P1", "name": "Aunt May", "relationship": "aunt"}
    bundle = bundle_with(POLICY.model_dump(mode="json"), contacts=[aunt])
    assert bundle.contacts == []
    assert "Aunt May" not in bundle.model_dump_json()
    assert json.loads(bundle.model_dump_json())["contacts"] == [], "a kiosk of an earlier version reads it"


PUPIL = {"id": "P5", "first": "Nia", "last": "Part", "year": "7", "form": "7B"}
"""Tuesdays from 10:30, never on Wednesdays."""
PLAN = {
    "code": "C2",
    "days": {"tue": {"due_in": "10:30"}, "wed": {}},
    "first": "2026-11-02",
    "review": "2026-11-27",
}


@pytest.mark.parametrize(
    ("day", "plan"),
    [
        ("2026-10-27", None),  # before its first day
        ("2026-11-03", "C2:10:30-"),
        ("2026-11-24", "C2:10:30-"),
        ("2026-11-25", "C2:none"),
        ("2026-11-26", None),  # Thursday, as usual
        ("2026-11-28", None),  # Saturday
        ("2026-12-01", None),  # past its review day
    ],
)
def test_a_plan_applies_from_its_first_day_to_its_review_day(day: str, plan: str | None) -> None:
    sent = Pupil.model_validate(PUPIL | {"plans": [PLAN], "starts": {"tue": "10:30", "thu": "10:30"}})
    its = sent.plan_on(date.fromisoformat(day))
    assert (str(its) if its else None) == plan
    assert its is None or its.confirmed


@pytest.mark.parametrize(
    ("today", "starts", "plans"),
    [
        ("2026-11-01", {"tue": "10:30"}, 1),
        ("2026-11-27", {"tue": "10:30"}, 1),
        ("2026-11-28", {}, 1),
        ("2026-12-05", {}, 0),
    ],
)
def test_an_earlier_kiosk_gets_todays_or_the_next_plan_as_starts(
    today: str, starts: dict[str, str], plans: int
) -> None:
    sent = bundle_with(SENT, pupils=[PUPIL | {"plans": [PLAN]}]).without_past(date.fromisoformat(today))
    [part_time] = json.loads(sent.model_dump_json())["pupils"]
    assert (part_time["starts"], len(part_time["plans"])) == (starts, plans)
    received = Pupil.model_validate(part_time)
    assert received.plan_on(date(2026, 12, 8)) is None, "a plan that is over leaves no start behind"


def test_a_start_of_an_earlier_register_is_a_plan_that_is_not_confirmed() -> None:
    sent = Pupil.model_validate(PUPIL | {"starts": {"tue": "10:30"}})
    plan = sent.plan_on(date(2026, 11, 24))
    assert plan is not None
    assert (str(plan), plan.confirmed, sent.plan_on(date(2026, 11, 25))) == ("C2:10:30-", False, None)


def test_a_plan_that_ends_before_it_begins_is_refused() -> None:
    backwards = PLAN | {"days": {"tue": {"due_in": "14:00", "due_out": "10:30"}}}
    with pytest.raises(ValidationError, match="ends before it begins"):
        Pupil.model_validate(PUPIL | {"plans": [backwards]})
