"""A decision in words: one sentence for the pupil and one for the office, made from the decision alone.

The pupil's sentences never scold: a pupil with a U reads first that they are safely signed in.
"""

from collections.abc import Callable
from datetime import datetime, time

from attendance.codes import LATE
from attendance.reasons import AppointmentKind
from attendance.visits import FIRST_RULE, Decision, Outcome

Translate = Callable[[str], str]
"""Turns an English sentence with `{placeholders}` into the same sentence in the reader's language."""

_FOR_PUPIL = {
    Outcome.ON_TIME: "You came at {at}, before {late_after}, so you are on time.",
    Outcome.LATE: "You came at {at}, before {unauthorised_after}, so your mark is L, for late.",
    Outcome.AFTER_CLOSE: (
        "You are safely signed in: you came at {at}, after the register closed at {closes},"
        " so your mark is U."
    ),
    Outcome.EXCUSED: (
        "You came at {at}, and the school knew about your {appointment}, so your mark is {code}."
    ),
    Outcome.PLANNED: "You are here as planned: you came at {at}, and your mark is {code}.",
    Outcome.PLANNED_LATE: (
        "You came at {at}, {minutes} after {due}, as planned for you, so your mark is {code}."
    ),
    Outcome.REVIEW: "You came at {at}, and the office will choose your mark.",
    Outcome.MISSED_SESSION: (
        "You came at {at}, in time for the afternoon register, and the office will ask about the morning."
    ),
    Outcome.CLOSED: "The school day ended at {ended}, so there is no mark for {at}.",
    Outcome.NO_EFFECT: "You are leaving at {at}, and today’s marks stay as they are.",
    Outcome.BACK_LATE: (
        "You are leaving at {at}: sign in when you come back, and your mark will be decided then."
    ),
    Outcome.ABSENT_PM: "You are leaving at {at}, before the afternoon register is taken at {opens}.",
}

_FOR_OFFICE = {
    Outcome.ON_TIME: "Came at {at}, before {late_after}: on time, so the teacher’s register has the mark.",
    Outcome.LATE: (
        "Came at {at}, at or after {late_after} and before {unauthorised_after}: L, {minutes} after {since}."
    ),
    Outcome.AFTER_CLOSE: (
        "Came at {at}, at or after {unauthorised_after} (the register closes at {closes}):"
        " U, {minutes} after {since}."
    ),
    Outcome.EXCUSED: (
        "Came at {at}, at or after {unauthorised_after}, within an agreed {appointment}{until}: {code}."
    ),
    Outcome.PLANNED: "Came at {at}, as planned: {code}, which counts as no lateness.",
    Outcome.PLANNED_LATE: "Came at {at}, {minutes} after {due}, when the plan had the pupil due: {code}.",
    Outcome.REVIEW: "Came at {at}; for this reason the school decides the mark.",
    Outcome.MISSED_SESSION: (
        "Came at {at}, after the morning and before the afternoon’s {late_after}:"
        " the morning has no explanation yet."
    ),
    Outcome.CLOSED: "{at} is after the end of the school day at {ended}: no mark.",
    Outcome.NO_EFFECT: "Left at {at}{back}: no session’s mark depends on it.",
    Outcome.BACK_LATE: (
        "Left at {at}{back}, at or after {late_after} and before {unauthorised_after}:"
        " the sign-in on return decides."
    ),
    Outcome.ABSENT_PM: (
        "Left at {at}{back}, and will be away when the afternoon register is taken at {opens}{marked}."
    ),
}

_NOT_CONFIRMED_PUPIL = {
    Outcome.PLANNED: "You are here as planned: you came at {at}, and the office will confirm your mark.",
    Outcome.PLANNED_LATE: "You came at {at}, {minutes} after {due}, and the office will confirm your mark.",
}
_NOT_CONFIRMED_OFFICE = {
    Outcome.PLANNED: (
        "Came at {at}, as in a plan that the office has not confirmed: the school decides the mark."
    ),
    Outcome.PLANNED_LATE: (
        "Came at {at}, {minutes} after {due}, when the pupil was due by a plan that the office has not"
        " confirmed: the school decides the mark."
    ),
}
"""For a plan's code that is only suggested, because the office has not confirmed the plan."""

_WITH_SUGGESTED = {
    LATE: (
        "reg. 10(2) has the present mark only for who is there when the register begins",
        "the school does not hold it against the pupil, and no count of lates includes it",
    ),
    "Y1": ("only where the school is beyond walking distance",),
}
"""What the office must know beside a code that a policy suggests for its reason."""
_BACK_PUPIL = "You are back at {at}, and today’s marks stay as they are."
_BACK_OFFICE = (
    "Back at {at} after leaving at {left}, when this register had been taken: no mark depends on it."
)
_NO_SCHOOL_PUPIL = "There is no school today, so there is no mark."
_NO_SCHOOL_OFFICE = "Recorded at {at} on a day without school: no mark."
_OWN_TIMES_PUPIL = {
    Outcome.AFTER_CLOSE: (
        "You are safely signed in: you came at {at}, after {closes}, when your own register closes,"
        " so your mark is U."
    ),
}
_OWN_TIMES_OFFICE = {
    Outcome.AFTER_CLOSE: (
        "Came at {at}, at or after {unauthorised_after} (this pupil’s own register closes at {closes}):"
        " U, {minutes} after {since}."
    ),
}
"""By the first rule: for a pupil with an individual start, whose register closed at another time."""

_CLOCK_IN_DOUBT_PUPIL = "You are signed in, and the office will confirm your time."
_CLOCK_IN_DOUBT_OFFICE = (
    "The kiosk’s clock showed {at} but could not be trusted: the office must confirm the time."
)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_APPOINTMENT = {
    AppointmentKind.MEDICAL: "medical appointment",
    AppointmentKind.INTERVIEW: "interview",
    AppointmentKind.EXCEPTIONAL: "leave",
}


def _untranslated(text: str) -> str:
    return text


def for_pupil(decision: Decision, translate: Translate = _untranslated) -> str:
    """One sentence for the pupil, with times to the minute."""
    template = _BACK_PUPIL
    if not _is_settled_return(decision):
        own = _NOT_CONFIRMED_PUPIL if _waits_for_plan(decision) else _OWN_TIMES_PUPIL
        template = _template(decision, _FOR_PUPIL, own, _NO_SCHOOL_PUPIL, _CLOCK_IN_DOUBT_PUPIL)
    at = f"{decision.at:%H:%M}" if decision.at else ""
    return translate(template).format(**_placeholders(decision, at, translate))


def for_office(decision: Decision, translate: Translate = _untranslated) -> str:
    """One sentence for the office: the time to the second, the policy's paragraph and the suggested code."""
    if not decision.clock_trusted:
        return translate(_CLOCK_IN_DOUBT_OFFICE).format(at=_day_and_time(decision.at, translate))
    at = f"{decision.at:%H:%M:%S}" if decision.at else ""
    template = _BACK_OFFICE
    if not _is_settled_return(decision):
        own = _NOT_CONFIRMED_OFFICE if _waits_for_plan(decision) else _OWN_TIMES_OFFICE
        template = _template(decision, _FOR_OFFICE, own, _NO_SCHOOL_OFFICE, _CLOCK_IN_DOUBT_OFFICE)
    sentence = translate(template).format(**_placeholders(decision, at, translate))
    grounds = []
    if decision.starts:
        grounds.append(translate("own start: {time}").format(time=_text(decision.starts)))
    if decision.plan and _rests_on_plan(decision):
        grounds.append(translate("plan: {plan}").format(plan=decision.plan))
    if decision.paragraph:
        grounds.append(translate("policy: {paragraph}").format(paragraph=decision.paragraph))
    if decision.suggested:
        grounds.append(translate("suggested: {code}").format(code=decision.suggested))
        if decision.outcome is Outcome.REVIEW and decision.rule > FIRST_RULE:
            grounds.extend(translate(each) for each in _WITH_SUGGESTED.get(decision.suggested, ()))
    if decision.consequence:
        grounds.append(decision.consequence)
    return f"{sentence[:-1]} ({'; '.join(grounds)})." if grounds else sentence


def _rests_on_plan(decision: Decision) -> bool:
    """Whether the decision, of an arrival or a departure, rests on the pupil's plan."""
    if decision.outcome is Outcome.ABSENT_PM:
        return decision.plan is not None and decision.plan.code in (decision.code, decision.suggested)
    return decision.outcome in (Outcome.PLANNED, Outcome.PLANNED_LATE) or decision.due is not None


def _waits_for_plan(decision: Decision) -> bool:
    """Whether the plan's code is only suggested, because the office has not confirmed the plan."""
    return decision.outcome in _NOT_CONFIRMED_OFFICE and decision.code is None


def _is_settled_return(decision: Decision) -> bool:
    return decision.clock_trusted and decision.left is not None


def _template(
    decision: Decision, plain: dict[Outcome, str], own: dict[Outcome, str], no_school: str, in_doubt: str
) -> str:
    if not decision.clock_trusted:
        return in_doubt
    if decision.outcome is Outcome.CLOSED and decision.ended is None:
        return no_school
    if (decision.starts is not None or _waits_for_plan(decision)) and decision.outcome in own:
        return own[decision.outcome]
    return plain[decision.outcome]


def _placeholders(decision: Decision, at: str, translate: Translate) -> dict[str, str]:
    agreed = decision.agreed
    until = agreed.until if agreed else None
    return {
        "at": at,
        "opens": _text(decision.opens),
        "due": _text(decision.due),
        "since": _text(decision.due or decision.opens),
        "ended": _text(decision.ended),
        "late_after": _text(decision.late_after),
        "left": _text(decision.left),
        "closes": _text(decision.closes),
        "unauthorised_after": _text(decision.unauthorised_after),
        "code": decision.code or "",
        "minutes": _minutes(decision.minutes_late, translate),
        "appointment": translate(_APPOINTMENT[agreed.kind]) if agreed else "",
        "until": translate(" until {time}").format(time=_text(until)) if until else "",
        "back": translate(", back at {time}").format(time=_text(decision.back)) if decision.back else "",
        "marked": f": {decision.code}" if decision.code else "",
    }


def _minutes(count: int | None, translate: Translate) -> str:
    if count is None:
        return ""
    return translate("{count} minute" if count == 1 else "{count} minutes").format(count=count)


def _day_and_time(at: datetime | None, translate: Translate) -> str:
    # `%B` would give the month in the language of the machine's locale.
    return f"{at:%d} {translate(_MONTHS[at.month - 1])} {at:%Y, %H:%M:%S}" if at else "an unknown time"


def _text(at: time | datetime | None) -> str:
    return f"{at:%H:%M}" if at else ""
