"""The checker: its findings in the five schools' policies, and each finding by itself."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.policy.check import Finding, Severity, check
from attendance.policy.files import available, load
from attendance.policy.model import Policy
from attendance.reasons import Reason
from attendance.years import YEARS

SOUND: dict[str, Any] = {
    "name": "oak-lane",
    "title": "Oak Lane School",
    "years": ["7", "8"],
    "am": {"opens": "08:45", "late_after": "08:50", "closes": "09:15", "ends": "12:00"},
    "pm": {"opens": "13:00", "late_after": "13:05", "closes": "13:30", "ends": "15:00"},
}


def policy(**changes: Any) -> Policy:
    """A sound policy with changes; changes of `am` and `pm` name single times."""
    for session in ("am", "pm"):
        changes[session] = SOUND[session] | changes.get(session, {})
    return Policy.model_validate(SOUND | changes)


def summaries(policy_under_test: Policy) -> list[tuple[str, str, str]]:
    return [(finding.severity.value, finding.id, finding.key) for finding in check(policy_under_test)]


def only_finding(policy_under_test: Policy) -> Finding:
    [finding] = check(policy_under_test)
    return finding


def findings_in(name: str) -> list[tuple[str, str, str | None]]:
    """The findings in a school's policy, except for provisional values."""
    findings = check(load(name))
    return [(each.id, each.key, each.paragraph) for each in findings if each.id != "unstated"]


# --- The five schools -----------------------------------------------------------------------------


def test_wessex_keeps_entries_too_briefly_uses_h_and_has_no_late_window_in_the_afternoon() -> None:
    assert findings_in("wessex-mat") == [
        ("retention-too-short", "retention_years", "6.7"),
        ("withdrawn-code", "codes_used", "6.3"),
        ("sessions-differ", "pm.closes", "4.4, fourth point; 4.4, second point"),
        ("no-late-window", "pm.late_after", "4.4, third point; 4.4, fourth point"),
    ]
    messages = [finding.message for finding in check(load("wessex-mat"))]
    assert messages[0] == "entries are kept for 3 years, but the 2024 Regulations require 6 (6.7)"
    assert "code H, which was withdrawn in August 2024; use C (6.3)" in messages[1]
    assert "the AM register is open for 30 minutes and the PM register for 15" in messages[2]


def test_charlton_park_gives_l_after_the_register_has_closed_in_the_morning_alone() -> None:
    paragraph = "Punctuality, third point; Student absence, fourth point"

    assert findings_in("charlton-park-academy") == [("late-after-close", "am.unauthorised_after", paragraph)]
    message = check(load("charlton-park-academy"))[0].message
    assert "the AM register closes at 10:00, but L is given until 10:30, 30 minutes later" in message
    assert message.endswith(f"({paragraph})")


def test_burbage_uses_y_which_became_y1_to_y7() -> None:
    assert findings_in("burbage") == [("withdrawn-code", "codes_used", "7.3 and 8.2")]
    assert "use Y1 to Y7" in check(load("burbage"))[0].message


@pytest.mark.parametrize("name", ["psa", "kings-cross-academy"])
def test_the_other_schools_have_no_findings(name: str) -> None:
    assert findings_in(name) == []


@pytest.mark.parametrize("name", available())
def test_every_provisional_value_is_reported_with_its_nearest_paragraph(name: str) -> None:
    school = load(name)
    unstated = [finding for finding in check(school) if finding.id == "unstated"]

    assert tuple(finding.key for finding in unstated) == school.provisional
    for finding in unstated:
        session, key = finding.key.split(".")
        assert (
            f"{finding.key} ({getattr(getattr(school, session), key):%H:%M}) is not stated" in finding.message
        )
        assert finding.paragraph in school.sources.values()
        assert finding.message.endswith(f"(see {finding.paragraph})")


def test_wessexs_document_does_not_state_when_the_afternoon_ends() -> None:
    [unstated] = [finding for finding in check(load("wessex-mat")) if finding.id == "unstated"]

    assert unstated.message == (
        "pm.ends (15:15) is not stated in the document; the school must confirm it (see 4.4, fourth point)"
    )


# --- Each finding by itself -----------------------------------------------------------------------


def test_a_sound_policy_has_no_findings() -> None:
    assert check(policy()) == []


@pytest.mark.parametrize("session", ["am", "pm"])
def test_l_after_close_is_an_error_in_either_session(session: str) -> None:
    closes = SOUND[session]["closes"]
    a_minute_later = f"{closes[:-1]}{int(closes[-1]) + 1}"

    finding = only_finding(policy(**{session: {"unauthorised_after": a_minute_later}}))

    assert (finding.severity, finding.id) == (Severity.ERROR, "late-after-close")
    assert finding.key == f"{session}.unauthorised_after"
    assert f"L is given until {a_minute_later}, 1 minute later" in finding.message


@pytest.mark.parametrize(("years", "expected"), [(0, 1), (5, 1), (6, 0), (7, 0)])
def test_entries_are_kept_for_six_years(years: int, expected: int) -> None:
    assert (
        summaries(policy(retention_years=years))
        == [("error", "retention-too-short", "retention_years")] * expected
    )


def test_each_withdrawn_code_is_a_separate_error() -> None:
    findings = check(policy(codes_used=["Y", "L", "J1", "J", "Y1", "H"]))

    assert [finding.id for finding in findings] == ["withdrawn-code"] * 3
    assert [finding.message.partition(",")[0] for finding in findings] == [
        "the document uses code H",
        "the document uses code J",
        "the document uses code Y",
    ]


@pytest.mark.parametrize(
    ("am", "pm", "key", "message"),
    [
        ({"opens": "08:51"}, {}, "am.late_after", "AM: late after 08:50 is earlier than opens 08:51"),
        ({"late_after": "09:16"}, {}, "am.closes", "AM: closes 09:15 is earlier than late after 09:16"),
        (
            {},
            {"unauthorised_after": "13:29"},
            "pm.unauthorised_after",
            "PM: unauthorised after 13:29 is earlier than closes 13:30",
        ),
        ({"ends": "09:14"}, {}, "am.ends", "AM ends at 09:14, before unauthorised after 09:15"),
        (
            {},
            {"ends_by_year": {"7": "13:29"}},
            "pm.ends_by_year.7",
            "PM ends at 13:29 for year 7, before unauthorised after 13:30",
        ),
        (
            {"ends": "13:01"},
            {},
            "pm.opens",
            "AM ends at 13:01, after the PM register opens at 13:00: the sessions overlap",
        ),
        (
            {"ends_by_year": {"8": "13:15"}},
            {},
            "pm.opens",
            "AM ends at 13:15 for year 8, after the PM register opens at 13:00: the sessions overlap",
        ),
    ],
)
def test_times_out_of_order_are_an_error(
    am: dict[str, Any], pm: dict[str, Any], key: str, message: str
) -> None:
    errors = [finding for finding in check(policy(am=am, pm=pm)) if finding.severity is Severity.ERROR]

    assert [(finding.id, finding.key, finding.message) for finding in errors] == [("order", key, message)]


def test_equal_times_are_in_order() -> None:
    all_at_once = dict.fromkeys(("opens", "late_after", "closes", "unauthorised_after", "ends"), "12:00")

    assert {id_ for _, id_, _ in summaries(policy(am=all_at_once, pm=all_at_once))} == {"no-late-window"}


@pytest.mark.parametrize(("closes", "expected"), [("09:15", []), ("09:16", ["am.closes"])])
def test_a_register_open_for_more_than_thirty_minutes_is_a_warning(closes: str, expected: list[str]) -> None:
    findings = check(policy(am={"closes": closes}))

    assert [finding.key for finding in findings if finding.id == "open-too-long"] == expected


def test_sessions_open_for_different_times_are_a_warning() -> None:
    finding = only_finding(policy(pm={"closes": "13:20"}))

    assert (finding.severity, finding.id) == (Severity.WARNING, "sessions-differ")
    assert "open for 30 minutes and the PM register for 20" in finding.message


def test_a_register_that_closes_before_it_opens_is_out_of_order_and_not_also_different() -> None:
    ids = {id_ for _, id_, _ in summaries(policy(am={"closes": "08:00"}))}

    assert ids == {"order"}


def test_a_session_without_a_late_window_is_an_info() -> None:
    finding = only_finding(policy(am={"late_after": "09:15"}))

    assert (finding.severity, finding.id, finding.key) == (Severity.INFO, "no-late-window", "am.late_after")


def test_every_provisional_value_is_reported_once_whatever_its_type() -> None:
    findings = check(
        policy(
            pm={"ends_by_year": {"7": "14:50"}},
            provisional=[
                "years",
                "pm.ends_by_year.7",
                "reason_required",
                "review",
                "years",
                "no.such.key",
            ],
        )
    )

    assert [finding.message.partition(" is not stated")[0] for finding in findings] == [
        "years (7, 8)",
        "pm.ends_by_year.7 (14:50)",
        "reason_required (no)",
        "review",
        "no.such.key",
    ]


def test_an_afternoon_value_never_quotes_a_paragraph_about_the_morning() -> None:
    policy_under_test = policy(provisional=["am.ends", "pm.opens"], sources={"am.opens": "4.3"})

    assert [(each.key, each.paragraph) for each in check(policy_under_test)] == [
        ("am.ends", "4.3"),
        ("pm.opens", None),
    ]
    assert check(policy_under_test)[1].message == (
        "pm.opens (13:00) is not stated in the document; the school must confirm it"
    )


def test_a_provisional_value_quotes_its_own_paragraph_first() -> None:
    finding = only_finding(policy(provisional=["am.ends"], sources={"am.ends": "4.9", "am.closes": "4.4"}))

    assert finding.paragraph == "4.9"


def test_errors_come_first_and_infos_last() -> None:
    severities = [finding.severity for finding in check(load("wessex-mat"))]

    assert severities == sorted(severities, key=list(Severity).index)
    assert set(severities) == set(Severity)


def test_a_finding_is_one_line_whatever_the_file_says() -> None:
    finding = only_finding(
        policy(retention_years=1, sources={"retention_years": "6.7,\nsecond\x1b[2J point\u2028"})
    )

    assert finding.message.endswith("(6.7, second [2J point)")
    assert finding.message.isprintable()


# --- Any policy at all ----------------------------------------------------------------------------

clocks = st.times().map(lambda value: f"{value:%H:%M}")
years = st.sampled_from(YEARS)
times = st.fixed_dictionaries(
    {"opens": clocks, "closes": clocks, "ends": clocks},
    optional={
        "late_after": clocks,
        "unauthorised_after": clocks,
        "ends_by_year": st.dictionaries(years, clocks, max_size=3),
    },
)
keys = (
    st.sampled_from(["am.opens", "pm.ends", "pm.ends_by_year.7", "years", "name.first", "review.medical"])
    | st.text()
)
policies = st.fixed_dictionaries(
    {"name": st.text(), "title": st.text(), "years": st.lists(years, min_size=1), "am": times, "pm": times},
    optional={
        "retention_years": st.integers(0, 100),
        "codes_used": st.lists(st.sampled_from(["H", "J", "Y", "L", "U", "Y1"])),
        "provisional": st.lists(keys),
        "sources": st.dictionaries(keys, st.text()),
        "reasons": st.lists(st.sampled_from([*Reason])),
    },
).map(Policy.model_validate)


@given(policies)
@settings(deadline=None)
def test_any_policy_can_be_checked(policy_under_test: Policy) -> None:
    findings = check(policy_under_test)

    for finding in findings:
        assert finding.message.isprintable()
    assert [finding.key for finding in findings if finding.id == "unstated"] == list(
        dict.fromkeys(policy_under_test.provisional)
    )
    ids = {(finding.id, finding.key) for finding in findings}
    for session in ("am", "pm"):
        its = getattr(policy_under_test, session)
        assert (("late-after-close", f"{session}.unauthorised_after") in ids) is (
            its.unauthorised_after > its.closes
        )
        in_order = its.opens <= its.late_after <= its.closes <= its.unauthorised_after <= its.ends
        if not in_order:
            assert "order" in {finding.id for finding in findings}
    if policy_under_test.am.ends > policy_under_test.pm.opens:
        assert ("order", "pm.opens") in ids


def test_a_policy_in_a_file_and_the_same_one_from_json_have_the_same_findings() -> None:
    for name in available():
        school = load(name)
        assert check(Policy.model_validate_json(school.model_dump_json())) == check(school)
