"""The checker: its findings in the five schools' policies, and each finding by itself."""

from datetime import date, timedelta
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
        ("revoked-law", "document.rests_on_2006", "1.1"),
        ("no-late-window", "pm.late_after", "4.4, third point; 4.4, fourth point"),
    ]
    messages = [finding.message for finding in check(load("wessex-mat"))]
    assert messages[0] == (
        "entries are kept for 3 years, but the 2024 Regulations require 6 (reg. 7);"
        " write that every entry is kept for 6 years after it was made (6.7)"
    )
    assert "code H, which was withdrawn in August 2024 (reg. 10); use C (6.3)" in messages[1]
    assert "the AM register is open for 30 minutes and the PM register for 15" in messages[2]


def test_charlton_park_gives_l_after_the_register_has_closed_in_the_morning_alone() -> None:
    paragraph = "Punctuality, third point; Student absence, fourth point"

    assert findings_in("charlton-park-academy") == [
        ("late-after-close", "am.unauthorised_after", paragraph),
        ("own-register-times", "document.own_register_times", "Reintegration, second point"),
    ]
    message = check(load("charlton-park-academy"))[0].message
    assert "the AM register closes at 10:00, but L is given until 10:30, 30 minutes later" in message
    assert message.endswith(f"({paragraph})")


def test_burbage_gives_a_present_mark_after_the_register_began_uses_y_and_fines_from_six_sessions() -> None:
    assert findings_in("burbage") == [
        ("present-after-open", "review.school-transport.before_close", "8.5"),
        ("withdrawn-code", "codes_used", "7.3 and 8.2"),
        ("revoked-law", "document.rests_on_2006", "4.1"),
        ("threshold-differs", "document.penalty_sessions", "6.1"),
    ]
    present, y, law, threshold = check(load("burbage"))[:4]
    assert (present.severity, present.regulation) == (Severity.ERROR, "reg. 10(2), Table 1")
    assert present.instead == "write L, which the school need not hold against the pupil"
    assert "use Y1 to Y7" in y.message
    assert law.message.startswith(
        "the document rests on the Education (Pupil Registration) (England) Regulations"
    )
    assert "6 sessions of unauthorised absence, but the national threshold is 10" in threshold.message


def test_kings_cross_rests_on_revoked_law_and_psa_has_no_findings() -> None:
    assert findings_in("kings-cross-academy") == [("revoked-law", "document.rests_on_2006", "5")]
    assert findings_in("psa") == []


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("burbage", "2026-12-31"),
        ("charlton-park-academy", "2026-10-31"),
        ("psa", "2025-12-31"),
        ("wessex-mat", "2025-09-30"),
        ("kings-cross-academy", "2027-12-31"),
    ],
)
def test_a_document_is_overdue_from_the_day_after_its_review_date(name: str, last: str) -> None:
    day = date.fromisoformat(last)

    def overdue(on: date) -> list[Finding]:
        return [finding for finding in check(load(name), on) if finding.id == "review-overdue"]

    assert overdue(day) == []
    [finding] = overdue(day + timedelta(days=1))
    assert (finding.severity, finding.key) == (Severity.WARNING, "document.review_by")
    assert finding.message.startswith(f"the document was to be reviewed by {day.day} ")


@pytest.mark.parametrize("name", available())
def test_every_finding_says_what_to_do_and_all_but_unstated_ones_name_the_law(name: str) -> None:
    for finding in check(load(name), date(2028, 1, 1)):
        assert finding.instead in finding.message
        assert (finding.regulation is None) is (finding.id == "unstated")
        assert finding.regulation is None or f"({finding.regulation}); " in finding.message


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

    assert [(finding.id, finding.key) for finding in errors] == [("order", key)]
    assert errors[0].message.startswith(f"{message} (reg. 10(1)); write ")


@pytest.mark.parametrize(
    ("before", "after", "keys"),
    [
        ("L", "Y1", []),
        ("present", "Y1", ["before_close"]),
        ("/", "Y1", ["before_close"]),
        ("\\", "U", ["before_close"]),
        ("L", "/", ["after_close"]),
    ],
)
def test_a_present_mark_after_the_register_began_is_an_error(
    before: str, after: str, keys: list[str]
) -> None:
    findings = check(policy(review={"traffic": {"before_close": before, "after_close": after}}))

    assert [(each.severity, each.id, each.key) for each in findings] == [
        (Severity.ERROR, "present-after-open", f"review.traffic.{key}") for key in keys
    ]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"penalty_sessions": 10, "penalty_weeks": 10}, []),
        ({"penalty_sessions": 6}, ["threshold-differs"]),
        ({"penalty_weeks": 6}, ["threshold-differs"]),
        ({"own_register_times": True}, ["own-register-times"]),
        ({"rests_on_2006": True}, ["revoked-law"]),
        ({"review_by": "2020-01-01"}, []),
    ],
)
def test_what_the_document_says_against_the_law_is_a_warning(
    facts: dict[str, Any], expected: list[str]
) -> None:
    findings = check(policy(document=facts))

    assert [(each.severity, each.id) for each in findings] == [(Severity.WARNING, kind) for kind in expected]


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
