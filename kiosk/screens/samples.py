"""Frames for the pictures and the tests: every screen in every state that matters. All people are made up."""

from datetime import datetime, time
from uuid import UUID

from kiosk.attendance.calendar import HALF_TERM, WEEKEND
from kiosk.attendance.decide import Agreed, Arrival, Decision, decide
from kiosk.attendance.policy import Policy, ReviewRule, SessionName, SessionTimes
from kiosk.attendance.reasons import AppointmentKind, Reason
from kiosk.views import (
    DoneView,
    FindView,
    Frame,
    HomeView,
    Link,
    Listed,
    Look,
    ProblemView,
    Progress,
    ReasonView,
    SavingView,
    Status,
    Trouble,
    View,
)

SCHOOL = "Oak Lane School"
CONNECTED = Status(Link.CONNECTED)
ENTRY = UUID("019ab4d6-7c00-7000-8000-000000000001")
AMELIA = Listed("p1", "Amelia K.", "7B", "Amelia")
NINE_REASONS = tuple(reason for reason in Reason if reason is not Reason.INTERVIEW)
LONG_NAME = Listed("p9", "Oluwaseun-Bartholomew F.", "12SJK", "Oluwaseun-Bartholomew")

MORNING = SessionTimes(
    opens=time(8, 45),
    late_after=time(9),
    closes=time(9, 15),
    unauthorised_after=time(9, 15),
    ends=time(13, 15),
)
AFTERNOON = SessionTimes(
    opens=time(13, 55),
    late_after=time(14, 10),
    closes=time(14, 10),
    unauthorised_after=time(14, 10),
    ends=time(15, 15),
)
"""A register with no late zone."""
POLICY = Policy(
    name="oak-lane",
    title=SCHOOL,
    years=("7", "8", "9", "10", "11", "12", "13"),
    am=MORNING,
    pm=AFTERNOON,
    review={Reason.SCHOOL_TRANSPORT: ReviewRule(before_close="present", after_close="Y1")},
    consequence="This must never be seen on a screen",
)
LONG_LATE = SessionTimes(
    opens=time(9, 30),
    late_after=time(9, 30),
    closes=time(10),
    unauthorised_after=time(10, 30),
    ends=time(12),
)
"""A register with no on-time zone of its own, and L for a while after it closed."""
LONG_LATE_POLICY = POLICY.model_copy(update={"am": LONG_LATE})

FOUND = (
    AMELIA,
    Listed("p2", "Amelie R.", "9A", "Amelie"),
    Listed("p3", "Amelia-Rose T.", "8C", "Amelia-Rose"),
)
SIX = (
    *FOUND,
    Listed("p4", "Améline D’A.", "10D", "Améline"),
    LONG_NAME,
    Listed("p6", "Amy O’H.", "11F", "Amy"),
)


def at(clock: str) -> datetime:
    """A moment on the Tuesday of the pictures, at the school: `09:07` or `09:14:13`."""
    return datetime.combine(datetime(2026, 11, 24), time.fromisoformat(clock))  # noqa: DTZ001  # wall time


def home(clock: str, *, times: SessionTimes = MORNING, card_reader: bool = True) -> HomeView:
    """Home in the morning, or in the afternoon with the afternoon's times."""
    session = SessionName.PM if times.opens >= time(12) else SessionName.AM
    return HomeView(at(clock), session, times, card_reader=card_reader)


def find(letters: str, leads_on: str, found: tuple[Listed, ...] = (), *, more: bool = False) -> FindView:
    """Find after some letters."""
    return FindView(at("09:07"), letters, frozenset(leads_on), found, more)


def decided(clock: str, reason: Reason | None = None, agreed: Agreed | None = None) -> Decision:
    """What the rule says of an arrival at that time."""
    return decide(POLICY, Arrival(at=at(clock), year="7", reason=reason, agreed=agreed), school_day=True)


def done(
    clock: str,
    decision: Decision,
    *,
    progress: Progress = Progress.SENT,
    link: Link = Link.CONNECTED,
    pupil: Listed = AMELIA,
    clock_trusted: bool = True,
    already: bool = False,
) -> DoneView:
    """Done at that time with that decision."""
    return DoneView(ENTRY, pupil, at(clock), decision, None, progress, link, clock_trusted, already)


def _frame(
    view: View, status: Status = CONNECTED, *, demo_clock: bool = False, school: str = SCHOOL
) -> Frame:
    return Frame(school, status, view, demo_clock)


def _homes() -> dict[str, Frame]:
    return {
        "home": _frame(home("09:07"), demo_clock=True),
        "home-before-opening": _frame(home("08:31:20")),
        "home-on-time": _frame(home("08:52")),
        "home-last-two-minutes": _frame(home("09:13:29")),
        "home-one-second": _frame(home("09:14:59")),
        "home-after-close": _frame(home("09:31")),
        "home-afternoon": _frame(home("14:03", times=AFTERNOON)),
        "home-no-on-time-zone": _frame(home("10:12", times=LONG_LATE)),
        "home-weekend": _frame(HomeView(at("10:20"), closed_because=WEEKEND)),
        "home-closed-day": _frame(HomeView(at("10:20"), closed_because="Staff training day")),
        "home-half-term": _frame(HomeView(at("10:20"), closed_because=HALF_TERM)),
        "home-clock-not-trusted": _frame(HomeView(at("10:20"), clock_trusted=False)),
        "home-after-school": _frame(HomeView(at("16:20"))),
        "home-offline": _frame(home("09:07"), Status(Link.OFFLINE, 3), demo_clock=True),
        "home-refused": _frame(home("09:07"), Status(Link.REFUSED, 128), demo_clock=True),
        "home-starting": _frame(home("09:07"), Status(Link.STARTING)),
        "home-no-reader": _frame(home("09:07", card_reader=False)),
        "home-long-school-name": _frame(
            home("09:07"),
            Status(Link.REFUSED, 128),
            demo_clock=True,
            school="St Ethelburga’s Church of England Voluntary Aided Primary School and Nursery",
        ),
    }


def _finds() -> dict[str, Frame]:
    return {
        "find-empty": _frame(find("", "ABCDEFGHIJKLMNOPRSTUVWYZ")),
        "find-one-letter": _frame(find("A", "ABDEGHIJLMNRSTVY")),
        "find-three": _frame(find("AME", "RLN", FOUND)),
        "find-one": _frame(find("AMELIA R", "O", FOUND[2:])),
        "find-six": _frame(find("AM", "AEIY ", SIX, more=True), Status(Link.OFFLINE, 3)),
        "find-nobody": _frame(find("QX", "")),
        "find-many-letters": _frame(find("OLUWASEUN BARTHOLOMEW", "F", (LONG_NAME,))),
    }


def _reasons() -> dict[str, Frame]:
    return {
        "reason": _frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS, required=True)),
        "reason-not-required": _frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS, required=False)),
        "reason-all": _frame(ReasonView(LONG_NAME, at("09:07"), tuple(Reason), required=False)),
        "reason-few": _frame(ReasonView(AMELIA, at("09:07"), NINE_REASONS[:4], required=True)),
        "saving": _frame(SavingView(AMELIA)),
    }


def _dones() -> dict[str, Frame]:
    offline = Status(Link.OFFLINE, 3)
    appointment = Agreed(kind=AppointmentKind.MEDICAL, until=time(10, 30))
    interview = Agreed(kind=AppointmentKind.INTERVIEW, until=time(10, 30))
    away = Agreed(kind=AppointmentKind.EXCEPTIONAL, until=time(10, 30))
    saved, office = Progress.SAVED, Progress.WITH_OFFICE
    late, after = decided("09:07"), decided("09:31")
    long_late = decide(LONG_LATE_POLICY, Arrival(at=at("10:12"), year="7"), school_day=True)
    long_after = decide(LONG_LATE_POLICY, Arrival(at=at("10:31"), year="7"), school_day=True)
    return {
        "done-late": _frame(done("09:07", late)),
        "done-late-sending": _frame(done("09:07", late, progress=saved), Status(Link.CONNECTED, 1)),
        "done-late-long-name": _frame(done("09:07", late, pupil=LONG_NAME)),
        "done-late-after-close": _frame(done("10:12", long_late)),
        "done-after-long-late": _frame(done("10:31", long_after)),
        "done-after-close": _frame(done("09:31", after)),
        "done-after-close-offline": _frame(done("09:31", after, progress=saved, link=Link.OFFLINE), offline),
        "done-after-close-medical": _frame(done("09:31", decided("09:31", Reason.MEDICAL), progress=office)),
        "done-on-time": _frame(done("08:58", decided("08:58"))),
        "done-excused-medical": _frame(done("10:05", decided("10:05", agreed=appointment))),
        "done-excused-interview": _frame(done("10:05", decided("10:05", agreed=interview))),
        "done-excused-exceptional": _frame(done("10:05", decided("10:05", agreed=away))),
        "done-review": _frame(done("09:07", decided("09:07", Reason.SCHOOL_TRANSPORT), progress=office)),
        "done-missed-morning": _frame(done("13:40", decided("13:40"), progress=office)),
        "done-clock-not-trusted": _frame(
            done("09:31", after.doubted(), progress=saved, link=Link.OFFLINE, clock_trusted=False), offline
        ),
        "done-already": _frame(done("09:07", late, already=True)),
        "done-refused": _frame(
            done("09:07", late, progress=saved, link=Link.REFUSED), Status(Link.REFUSED, 1)
        ),
        "done-rejected": _frame(done("09:07", late, progress=Progress.REJECTED)),
    }


def _problems() -> dict[str, Frame]:
    detail = {Trouble.CLOSED_DAY: "Staff training day"}
    return {
        f"problem-{trouble.value.replace('_', '-')}": _frame(ProblemView(trouble, detail.get(trouble)))
        for trouble in Trouble
    }


def _looks() -> dict[str, Frame]:
    shown: dict[str, View] = {
        "home": home("09:07"),
        "find": find("AME", "RLN", FOUND),
        "done": done("09:31", decided("09:31")),
    }
    looks = {
        "large": Look(large=True),
        "contrast": Look(contrast=True),
        "large-contrast": Look(large=True, contrast=True),
        **{tag: Look(language=tag) for tag in ("pl", "ro", "ur", "pa")},
    }
    return {
        f"{screen}-look-{name}": Frame(SCHOOL, CONNECTED, view, look=look)
        for screen, view in shown.items()
        for name, look in looks.items()
    }


def frames() -> dict[str, Frame]:
    """Every sample by name, in the order in which a visit goes."""
    return {**_homes(), **_finds(), **_reasons(), **_dones(), **_problems(), **_looks()}
