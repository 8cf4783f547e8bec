"""A school's policy in sentences: what a kiosk decides, and the paragraph of the school's document."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from attendance.codes import PRESENT_MARK
from attendance.policy.check import Finding, check
from attendance.policy.model import Policy, SessionTimes
from attendance.sessions import SessionName
from sync.register.office.views.wording import reason_label
from sync.register.schools import policies

SESSIONS = {SessionName.AM: "Morning", SessionName.PM: "Afternoon"}


@dataclass(frozen=True, slots=True)
class PolicySentence:
    """One rule of the policy as a sentence."""

    text: str
    paragraph: str
    """The paragraph of the school's document; empty when unknown."""
    provisional: bool
    """Whether the school has yet to confirm it, because the document does not state it."""


@dataclass(frozen=True, slots=True)
class PolicySection:
    """The sentences about one session, or the other rules."""

    title: str
    sentences: list[PolicySentence]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy as the page shows it."""

    title: str
    name: str
    version: str
    sections: list[PolicySection]
    findings: list[Finding]
    retention_years: int


def policy_of(body: dict[str, Any]) -> Policy | None:
    """The policy, or `None` when this version of Latebook cannot read it."""
    try:
        return Policy.model_validate(body)
    except ValidationError:
        return None


def policy_view(policy: Policy, on: date) -> PolicyView:
    """The policy in sentences, with its checker's findings on that day."""
    return PolicyView(
        title=policy.title,
        name=policy.name,
        version=policies.version_of(policy.model_dump(mode="json")),
        sections=[
            *(
                PolicySection(title, list(_session(policy, session.lower(), policy.session(session))))
                for session, title in SESSIONS.items()
            ),
            PolicySection("Other rules", list(_other_rules(policy))),
        ],
        findings=check(policy, on),
        retention_years=policy.retention_years,
    )


def _session(policy: Policy, key: str, times: SessionTimes) -> Iterable[PolicySentence]:
    present = "/" if key == "am" else "\\"
    yield _sentence(
        policy,
        f"The register opens at {times.opens:%H:%M}; a pupil who arrives before {times.late_after:%H:%M} is "
        f"on time ({present}).",
        f"{key}.opens",
        f"{key}.late_after",
    )
    if times.late_after < times.unauthorised_after:
        yield _sentence(
            policy,
            f"From {times.late_after:%H:%M} to {times.unauthorised_after:%H:%M} a pupil is late: L.",
            policy.late_until(SessionName(key.upper())),
        )
    else:
        yield _sentence(policy, "No pupil gets L.", f"{key}.late_after")
    yield _sentence(
        policy,
        f"The register closes at {times.closes:%H:%M}; from {times.unauthorised_after:%H:%M} a pupil gets U.",
        f"{key}.closes",
        f"{key}.unauthorised_after",
    )
    ends = "".join(f"; year {year} at {end:%H:%M}" for year, end in times.ends_by_year.items())
    yield _sentence(policy, f"The session ends at {times.ends:%H:%M}{ends}.", f"{key}.ends")


def _other_rules(policy: Policy) -> Iterable[PolicySentence]:
    yield _sentence(policy, f"Applies to years {', '.join(policy.years)}.", "years")
    reasons = ", ".join(reason_label(each).lower() for each in policy.reasons)
    must = "must give" if policy.reason_required else "may give"
    yield _sentence(policy, f"Late pupils {must} a reason: {reasons}.", "reasons", "reason_required")
    for reason, rule in policy.review.items():
        before = (
            "L, which is not held against the pupil,"
            if rule.before_close == PRESENT_MARK
            else rule.before_close
        )
        yield _sentence(
            policy,
            f"{reason_label(reason)}: the office decides; suggested are {before} before the register"
            f" closes and {rule.after_close} after it.",
            f"review.{reason}",
        )
    if policy.consequence:
        yield _sentence(policy, f"The office is reminded at every U: {policy.consequence}", "consequence")
    if policy.offers_accompanied:
        yield _sentence(policy, "Adults may sign in the late children whom they bring.", "no_bringing")
    if policy.accompanied_years:
        years = ", ".join(policy.accompanied_years)
        yield _sentence(policy, f"An adult must bring late pupils of years {years}.", "accompanied_years")
    alone = ", ".join(policy.leaves_alone)
    text = f"Years {alone} may sign themselves out." if alone else "No year may sign itself out."
    yield _sentence(policy, text, "leaves_alone")
    if not policy.no_buses:
        routes = f": {', '.join(policy.bus_routes)}" if policy.bus_routes else " with a route that they type"
        yield _sentence(policy, f"Staff may sign in a late bus at the kiosk{routes}.", "bus_routes")
    if policy.youngest_years:
        youngest = ", ".join(policy.youngest_years)
        yield _sentence(
            policy,
            f"While the register is open, late pupils of years {youngest} may choose their name from a list"
            " of their class.",
            "youngest_years",
        )
    yield _sentence(
        policy, f"The document says entries are kept for {policy.retention_years} years.", "retention_years"
    )


def _sentence(policy: Policy, text: str, *keys: str) -> PolicySentence:
    paragraphs = dict.fromkeys(policy.sources[key] for key in keys if key in policy.sources)
    return PolicySentence(
        text=text,
        paragraph="; ".join(paragraphs),
        provisional=any(key in policy.provisional for key in keys),
    )
