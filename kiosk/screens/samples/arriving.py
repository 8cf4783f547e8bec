"""Samples of arriving: home, finding a pupil, the reason, the done screen."""

from dataclasses import replace
from datetime import time
from string import ascii_uppercase, digits

from attendance.plans import DayPlan, day_plan
from attendance.policy.model import SessionTimes
from attendance.reasons import AppointmentKind, Reason
from attendance.rule import AgreedAppointment, Arrival, Decision, decide
from attendance.sessions import HALF_TERM, WEEKEND, SessionName
from kiosk.screens.samples.common import (
    AFTERNOON,
    AMELIA,
    ENTRY,
    FOUND,
    LONG_LATE,
    LONG_LATE_POLICY,
    LONG_NAME,
    MORNING,
    NINE_REASONS,
    POLICY,
    SIX,
    at,
    frame,
    with_cards_waiting,
)
from kiosk.views import (
    DoneView,
    FindView,
    Frame,
    HomeView,
    Link,
    LinkStatus,
    Progress,
    PupilLabel,
    Purpose,
    ReasonView,
    SavingView,
    UnlistedView,
)


def home(clock: str, *, times: SessionTimes = MORNING, card_reader: bool = True) -> HomeView:
    """The home screen at a time of day; the session follows from `times`."""
    session = SessionName.PM if times.opens >= time(12) else SessionName.AM
    in_late_window = times.late_after <= at(clock).time() < time(times.closes.hour + 1, times.closes.minute)
    return HomeView(
        at(clock),
        session,
        times,
        card_reader=card_reader,
        in_late_window=in_late_window,
        anyone_out=True,
        may_bring=True,
    )


def find(
    letters: str, next_letters: str, matches: tuple[PupilLabel, ...] = (), *, has_more: bool = False
) -> FindView:
    """The find screen after some letters."""
    return FindView(at("09:07"), letters, frozenset(next_letters), matches, has_more, may_be_unlisted=True)


PLAN = day_plan("C2:10:30-15:00")


def decision_at(
    clock: str,
    reason: Reason | None = None,
    agreed: AgreedAppointment | None = None,
    plan: DayPlan | None = None,
) -> Decision:
    """The rule's decision for an arrival at a time."""
    arrival = Arrival(at=at(clock), year="7", reason=reason, agreed=agreed, plan=plan)
    return decide(POLICY, arrival, school_day=True)


def done(
    clock: str,
    decision: Decision,
    *,
    progress: Progress = Progress.SENT,
    link: Link = Link.CONNECTED,
    pupil: PupilLabel = AMELIA,
    clock_trusted: bool = True,
    already: bool = False,
) -> DoneView:
    """The done screen for a time and a decision."""
    return DoneView(ENTRY, pupil, at(clock), decision, None, progress, link, clock_trusted, already)


def _homes() -> dict[str, Frame]:
    return {
        "home": frame(home("09:07"), demo_clock=True),
        "home-youngest": frame(replace(home("09:07"), youngest=True)),
        "home-before-opening": frame(home("08:31:20")),
        "home-on-time": frame(home("08:52")),
        "home-last-two-minutes": frame(home("09:13:29")),
        "home-one-second": frame(home("09:14:59")),
        "home-after-close": frame(home("09:31")),
        "home-afternoon": frame(home("14:03", times=AFTERNOON)),
        "home-noon": frame(replace(home("12:05"), may_leave_alone=True)),
        "home-late-four-choices": frame(replace(home("09:31"), may_leave_alone=True)),
        "home-nobody-out": frame(replace(home("09:07"), anyone_out=False)),
        "home-no-on-time-zone": frame(home("10:12", times=LONG_LATE)),
        "home-weekend": frame(HomeView(at("10:20"), closed_because=WEEKEND)),
        "home-closed-day": frame(HomeView(at("10:20"), closed_because="Staff training day")),
        "home-half-term": frame(HomeView(at("10:20"), closed_because=HALF_TERM)),
        "home-clock-not-trusted": frame(HomeView(at("10:20"), clock_trusted=False, anyone_out=True)),
        "home-after-school": frame(HomeView(at("16:20"))),
        "home-offline": frame(home("09:07"), LinkStatus(Link.OFFLINE, 3), demo_clock=True),
        "home-dimmed": replace(frame(home("09:07")), dimmed=True),
        "home-staff-door": replace(frame(home("09:07")), staff_can_enter=True),
        "home-refused": frame(home("09:07"), LinkStatus(Link.REFUSED, 128), demo_clock=True),
        "home-starting": frame(home("09:07"), LinkStatus(Link.STARTING)),
        "home-no-reader": frame(home("09:07", card_reader=False)),
        "home-long-school-name": frame(
            home("09:07"),
            LinkStatus(Link.REFUSED, 128),
            demo_clock=True,
            school="St Ethelburga’s Church of England Voluntary Aided Primary School and Nursery",
        ),
    }


def _finds() -> dict[str, Frame]:
    return {
        "find-empty": frame(find("", "ABCDEFGHIJKLMNOPRSTUVWYZ")),
        "find-one-letter": frame(find("A", "ABDEGHIJLMNRSTVY")),
        "find-three": frame(find("AME", "RLN", FOUND)),
        "find-one": frame(find("AMELIA R", "O", FOUND[2:])),
        "find-six": frame(find("AM", "AEIY ", SIX, has_more=True), LinkStatus(Link.OFFLINE, 3)),
        "find-nobody": frame(find("QX", "")),
        "find-letter-refused": frame(replace(find("AME", "RLN", FOUND), refused_letter="Q")),
        "find-many-letters": frame(find("OLUWASEUN BARTHOLOMEW", "F", (LONG_NAME,))),
    }


def unlisted(typed: str, keys: str, form_of: str = "") -> UnlistedView:
    """The screen of “My name isn’t here”: for the name, or for the form of `form_of`."""
    return UnlistedView(at("09:07"), typed, frozenset(keys), complete=bool(typed or form_of), form_of=form_of)


def _unlisted() -> dict[str, Frame]:
    name = "Oluwaseun Bartholomew-Fitzgerald"
    return {
        "unlisted-name": frame(unlisted("Jamie O’N", ascii_uppercase + " -’")),
        "unlisted-name-empty": frame(unlisted("", ascii_uppercase)),
        "unlisted-name-long": frame(unlisted(name, ascii_uppercase + " -’")),
        "unlisted-form": frame(unlisted("7", ascii_uppercase + digits + " ", "Jamie O’Neill")),
        "unlisted-form-empty": frame(unlisted("", ascii_uppercase + digits, name)),
    }


def _reasons() -> dict[str, Frame]:
    return {
        "reason": frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS, required=True)),
        "reason-not-required": frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS, required=False)),
        "reason-cards-wait": with_cards_waiting(
            frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS, required=False)), 2
        ),
        "reason-many-cards-wait": with_cards_waiting(
            frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS, required=True)), 7
        ),
        "reason-all": frame(ReasonView(LONG_NAME, at("09:07"), tuple(Reason), required=False)),
        "reason-few": frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS[:4], required=True)),
        "saving": frame(SavingView(AMELIA)),
    }


def _dones() -> dict[str, Frame]:
    offline = LinkStatus(Link.OFFLINE, 3)
    appointment = AgreedAppointment(kind=AppointmentKind.MEDICAL, until=time(10, 30))
    interview = AgreedAppointment(kind=AppointmentKind.INTERVIEW, until=time(10, 30))
    away = AgreedAppointment(kind=AppointmentKind.EXCEPTIONAL, until=time(10, 30))
    saved, office = Progress.SAVED, Progress.WITH_OFFICE
    late, after = decision_at("09:07"), decision_at("09:31")
    long_late = decide(LONG_LATE_POLICY, Arrival(at=at("10:12"), year="7"), school_day=True)
    long_after = decide(LONG_LATE_POLICY, Arrival(at=at("10:31"), year="7"), school_day=True)
    return {
        "done-late": frame(done("09:07", late)),
        "done-late-sending": frame(done("09:07", late, progress=saved), LinkStatus(Link.CONNECTED, 1)),
        "done-late-long-name": frame(done("09:07", late, pupil=LONG_NAME)),
        "done-late-after-close": frame(done("10:12", long_late)),
        "done-after-long-late": frame(done("10:31", long_after)),
        "done-after-close": frame(done("09:31", after)),
        "done-after-close-offline": frame(done("09:31", after, progress=saved, link=Link.OFFLINE), offline),
        "done-after-close-medical": frame(
            done("09:31", decision_at("09:31", Reason.MEDICAL), progress=office)
        ),
        "done-on-time": frame(done("08:58", decision_at("08:58"))),
        "done-planned": frame(done("10:20", decision_at("10:20", plan=PLAN))),
        "done-planned-late": frame(done("10:42", decision_at("10:42", plan=PLAN))),
        "done-excused-medical": frame(done("10:05", decision_at("10:05", agreed=appointment))),
        "done-excused-interview": frame(done("10:05", decision_at("10:05", agreed=interview))),
        "done-excused-exceptional": frame(done("10:05", decision_at("10:05", agreed=away))),
        "done-unlisted": frame(
            replace(
                done("09:07", decision_at("09:07", Reason.SCHOOL_TRANSPORT), progress=office), unlisted=True
            )
        ),
        "done-review": frame(done("09:07", decision_at("09:07", Reason.SCHOOL_TRANSPORT), progress=office)),
        "done-missed-morning": frame(done("13:40", decision_at("13:40"), progress=office)),
        "done-clock-not-trusted": frame(
            done(
                "09:31", after.with_untrusted_clock(), progress=saved, link=Link.OFFLINE, clock_trusted=False
            ),
            offline,
        ),
        "done-already": frame(done("09:07", late, already=True)),
        "done-refused": frame(
            done("09:07", late, progress=saved, link=Link.REFUSED), LinkStatus(Link.REFUSED, 1)
        ),
        "done-rejected": frame(done("09:07", late, progress=Progress.REJECTED)),
    }


def _siblings() -> dict[str, Frame]:
    late = done("09:07", decision_at("09:07"))
    reason = ReasonView(FOUND[1], at("09:07"), NINE_REASONS, required=True, purpose=Purpose.SIBLING)
    return {
        "sibling-done": frame(replace(late, may_add=True)),
        "sibling-done-after-close": frame(replace(done("09:31", decision_at("09:31")), may_add=True)),
        "sibling-find": frame(replace(find("", "AEN"), purpose=Purpose.SIBLING)),
        "sibling-reason": frame(replace(reason, same=Reason.TRAFFIC)),
    }


def frames() -> dict[str, Frame]:
    """Every sample of arriving by name."""
    return {**_homes(), **_finds(), **_unlisted(), **_reasons(), **_dones(), **_siblings()}
