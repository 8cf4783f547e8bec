"""A bundle between a kiosk and a register of different versions."""

import json
from datetime import date
from typing import Any

import pytest

from attendance.policy.files import load
from attendance.policy.model import Policy
from kiosk.school.school import School
from sync.wire import Bundle

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
