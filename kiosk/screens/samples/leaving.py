"""Samples of collecting, leaving alone, coming back, and finding by year."""

from dataclasses import replace
from datetime import time
from uuid import UUID

from attendance.reasons import Reason
from attendance.years import YEARS
from kiosk.screens.samples.arriving import decision_at, done, find, home
from kiosk.screens.samples.common import (
    AMELIA,
    ENTRY,
    FOUND,
    LONG_NAME,
    NINE_REASONS,
    SIX,
    at,
    frame,
    with_cards_waiting,
)
from kiosk.views import (
    BackAtView,
    CardQuestionView,
    ConfirmQuestion,
    ConfirmView,
    EvidenceView,
    Frame,
    LeftView,
    Link,
    LinkStatus,
    NameView,
    Notice,
    Progress,
    PupilLabel,
    PupilRelease,
    Purpose,
    ReasonView,
    Relationship,
    RelationshipView,
    ReleaseState,
    ReleaseView,
    ReleaseYesView,
    RequestLine,
    RequestListView,
    RequestProgress,
    View,
    YearView,
)

NOAH = PupilLabel("p21", "Noah K.", "4A", "Noah")
FAMILY = (AMELIA, NOAH)
LARGE_FAMILY = (*FAMILY, LONG_NAME, PupilLabel("p22", "Zainab K.", "R", "Zainab"))
COLLECTOR = "Ruth Kaur"
LONG_COLLECTOR = "Ruth Anne-Marie O’Kane-Featherstonehaugh"
KEYS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ -’")
LEAVING_REASONS = (Reason.MEDICAL, Reason.UNWELL, Reason.FAMILY, Reason.INTERVIEW, Reason.OTHER)
TIMES = tuple(time(minutes // 60, minutes % 60) for minutes in range(11 * 60, 15 * 60, 15))


def release(
    *states: ReleaseState,
    pupils: tuple[PupilLabel, ...] = FAMILY,
    staff: bool = True,
    just_asked: bool = False,
    office_only: bool = False,
) -> ReleaseView:
    """The release screen, with a state for each pupil's request."""
    waiting = tuple(PupilRelease(pupil, state) for pupil, state in zip(pupils, states, strict=False))
    return ReleaseView(waiting, time(10, 41), just_asked, staff, office_only)


def request_line(
    *pupils: PupilLabel, progress: RequestProgress = RequestProgress.WAITING, number: int = 1
) -> RequestLine:
    """A request on home or in the list."""
    return RequestLine(UUID(int=number), pupils, time(10, 40 + number), progress)


def left(
    *pupils: PupilLabel,
    progress: Progress = Progress.SENT,
    link: Link = Link.CONNECTED,
    stay: tuple[PupilLabel, ...] = (),
    alone: bool = False,
    back_at: time | None = time(11, 30),
) -> LeftView:
    """The signed-out screen at 10:40."""
    released = None if alone else "Ms Example"
    return LeftView(
        (ENTRY,),
        pupils,
        at("10:40"),
        back_at,
        progress,
        link,
        alone=alone,
        released_by=released,
        not_released=stay,
    )


SEVERAL = (
    request_line(AMELIA),
    request_line(LONG_NAME, progress=RequestProgress.ASK_STAFF, number=2),
    request_line(NOAH, progress=RequestProgress.SIGNED_OUT, number=3),
    request_line(SIX[3], progress=RequestProgress.SEE_OFFICE, number=4),
)
RELEASE_YES = ReleaseYesView(
    (AMELIA,), COLLECTOR, Relationship.GRANDPARENT, Reason.MEDICAL, time(12), "R. Osei"
)


def _finds() -> dict[str, Frame]:
    collecting = replace(find("", "ABCDEN"), purpose=Purpose.COLLECTING, by_year=True, may_be_unlisted=False)
    approximate = replace(find("AMLEIA", "", FOUND[:2]), approximate=True)
    return {
        "home-leaving-alone": frame(replace(home("10:40"), may_leave_alone=True)),
        "find-by-year": frame(replace(find("", "ABCDEN"), by_year=True)),
        "find-nobody-by-year": frame(replace(find("QX", ""), by_year=True)),
        "find-in-year": frame(replace(find("AM", "E", FOUND), year="7")),
        "find-in-nursery": frame(
            replace(find("", "AEN"), year="N", purpose=Purpose.COLLECTING, may_be_unlisted=False)
        ),
        "find-approximate": frame(approximate),
        "find-approximate-one": frame(replace(approximate, matches=FOUND[2:])),
        "find-approximate-many": frame(replace(approximate, matches=SIX)),
        "find-approximate-collecting": frame(
            replace(approximate, purpose=Purpose.COLLECTING, may_be_unlisted=False)
        ),
        "find-collecting": frame(collecting),
        "find-collecting-another": frame(
            replace(
                find("AM", "EL ", SIX),
                purpose=Purpose.COLLECTING,
                chosen=FAMILY,
                year="10",
                may_be_unlisted=False,
            )
        ),
        "find-leaving": frame(replace(find("", "AEN"), purpose=Purpose.LEAVING, may_be_unlisted=False)),
        "find-returning": frame(replace(find("", "AEN"), purpose=Purpose.RETURNING)),
        "find-returning-nobody": frame(replace(find("QX", ""), purpose=Purpose.RETURNING)),
        "find-card": frame(replace(find("", "AEN"), purpose=Purpose.CARD, may_be_unlisted=False)),
        "year": frame(YearView(at("09:07"), YEARS[:8])),
        "year-few": frame(YearView(at("09:07"), ("10", "11", "12", "13"))),
        "year-all": frame(YearView(at("09:07"), YEARS, Purpose.COLLECTING)),
    }


def _steps() -> dict[str, Frame]:
    reason = ReasonView(AMELIA, at("10:40"), LEAVING_REASONS, required=True, purpose=Purpose.COLLECTING)
    evidence = EvidenceView((AMELIA,), COLLECTOR, Reason.MEDICAL, time(11, 30))
    typed = NameView((AMELIA,), COLLECTOR, KEYS, complete=True)
    return {
        "name-empty": frame(NameView((AMELIA,), "", KEYS - frozenset(" -’"), complete=False)),
        "name": frame(typed),
        "name-long": frame(replace(typed, name=LONG_COLLECTOR, pupils=LARGE_FAMILY)),
        "relationship": frame(RelationshipView((AMELIA,), COLLECTOR)),
        "evidence-still-there": replace(frame(evidence), seconds_left=15),
        "relationship-family": frame(RelationshipView(LARGE_FAMILY, COLLECTOR)),
        "reason-collecting": frame(reason),
        "reason-collecting-family": frame(replace(reason, others=(NOAH,), reasons=NINE_REASONS)),
        "reason-leaving": frame(replace(reason, purpose=Purpose.LEAVING, required=False)),
        "reason-returning": frame(replace(reason, purpose=Purpose.RETURNING)),
        "card-question": frame(CardQuestionView(AMELIA)),
        "card-question-leaving": frame(CardQuestionView(AMELIA, Purpose.LEAVING)),
        "back-at": frame(BackAtView((AMELIA,), TIMES)),
        "back-at-family": frame(BackAtView(FAMILY, TIMES[-3:])),
        "back-at-alone": frame(BackAtView((AMELIA,), TIMES[:7], Purpose.LEAVING)),
        "evidence": frame(evidence),
        "evidence-not-back": frame(replace(evidence, back_at=None, may_add=False)),
        "evidence-family": frame(replace(evidence, pupils=LARGE_FAMILY, collector=LONG_COLLECTOR)),
    }


def _releases() -> dict[str, Frame]:
    offline = LinkStatus(Link.OFFLINE, 1)
    mixed = (ReleaseState.RELEASED, ReleaseState.REFUSED, ReleaseState.WAITING, ReleaseState.NOT_SAVED)
    return {
        "release": frame(release(ReleaseState.WAITING)),
        "release-sending": frame(release(ReleaseState.SENDING)),
        "release-offline": frame(release(ReleaseState.OFFLINE), offline),
        "release-offline-no-pins": frame(release(ReleaseState.OFFLINE, staff=False), offline),
        "release-staff-only": frame(release(ReleaseState.STAFF_ONLY)),
        "release-staff-only-no-pins": frame(release(ReleaseState.STAFF_ONLY, staff=False)),
        "release-saving": frame(release(ReleaseState.SAVING)),
        "release-card-waits": with_cards_waiting(frame(release(ReleaseState.WAITING)), 1),
        "release-cards-wait-large": with_cards_waiting(
            frame(release(ReleaseState.OFFLINE), offline), 3, large=True
        ),
        "release-unknown-card": with_cards_waiting(
            frame(release(ReleaseState.WAITING)), 1, Notice.UNKNOWN_CARD
        ),
        "release-two-cards-large": with_cards_waiting(
            frame(release(ReleaseState.WAITING)), 0, Notice.TWO_CARDS, large=True
        ),
        "release-family": frame(release(ReleaseState.RELEASED, ReleaseState.WAITING)),
        "release-large-family": frame(release(*mixed, pupils=LARGE_FAMILY)),
        "release-just-asked": frame(release(ReleaseState.WAITING, just_asked=True)),
        "release-just-asked-family": frame(
            release(*[ReleaseState.WAITING] * 4, pupils=LARGE_FAMILY, just_asked=True)
        ),
        "release-just-asked-offline": frame(release(ReleaseState.OFFLINE, just_asked=True), offline),
        "release-office-only": frame(release(ReleaseState.WAITING, office_only=True)),
        "release-office-only-family": frame(
            release(ReleaseState.WAITING, ReleaseState.WAITING, office_only=True)
        ),
        "confirm-cancel-request": frame(ConfirmView(ConfirmQuestion.CANCEL_REQUEST, pupils=FAMILY)),
        "requests": frame(RequestListView(SEVERAL)),
        "requests-many": frame(
            RequestListView(tuple(request_line(each, number=n) for n, each in enumerate(SIX + SIX, 1)))
        ),
        "home-request": frame(replace(home("10:43"), requests=SEVERAL[:1])),
        "home-request-family": frame(replace(home("09:07"), requests=(request_line(*LARGE_FAMILY),))),
        "home-requests": frame(replace(home("10:43"), requests=SEVERAL)),
        "home-request-offline": frame(replace(home("10:43"), requests=SEVERAL[1:2]), offline),
        "home-request-signed-out": frame(replace(home("10:43"), requests=SEVERAL[2:3])),
        "home-request-answered": frame(replace(home("10:43"), requests=SEVERAL[3:])),
        "release-yes": frame(RELEASE_YES, offline),
        "release-yes-not-ready": frame(replace(RELEASE_YES, ready=False), offline),
        "release-yes-checking": frame(replace(RELEASE_YES, checking=True)),
        "release-yes-family": frame(
            replace(RELEASE_YES, pupils=LARGE_FAMILY, collector=LONG_COLLECTOR, relationship=None), offline
        ),
    }


def _lefts() -> dict[str, Frame]:
    saved = Progress.SAVED
    doubted = replace(left(AMELIA, progress=saved, link=Link.OFFLINE), clock_trusted=False)
    back = replace(done("11:31", decision_at("09:31")), returning=True)
    return {
        "left": frame(left(AMELIA)),
        "left-sending": frame(left(AMELIA, progress=saved), LinkStatus(Link.CONNECTED, 1)),
        "left-offline": frame(doubted, LinkStatus(Link.OFFLINE, 1)),
        "left-with-office": frame(left(AMELIA, progress=Progress.WITH_OFFICE)),
        "left-rejected": frame(left(AMELIA, progress=Progress.REJECTED)),
        "left-alone": frame(left(AMELIA, alone=True)),
        "left-not-back": frame(left(AMELIA, back_at=None)),
        "left-family": frame(left(*FAMILY)),
        "left-one-stays": frame(left(AMELIA, stay=(NOAH,))),
        "left-some-stay": frame(left(*LARGE_FAMILY[:2], stay=LARGE_FAMILY[2:])),
        "left-not-saved": frame(replace(left(AMELIA), not_saved=(NOAH,))),
        "left-some-not-saved": frame(
            replace(left(AMELIA, stay=LARGE_FAMILY[1:2]), not_saved=LARGE_FAMILY[2:])
        ),
        "left-nobody": frame(left(stay=(AMELIA,))),
        "done-returning": frame(back),
    }


def in_every_look() -> dict[str, View]:
    """The views that are drawn in other looks too."""
    return {
        "find-collecting": replace(
            find("AM", "EL", SIX), purpose=Purpose.COLLECTING, chosen=FAMILY, may_be_unlisted=False
        ),
        "name": NameView((AMELIA,), COLLECTOR, KEYS, complete=True),
        "relationship": RelationshipView((AMELIA,), COLLECTOR),
        "back-at": BackAtView(FAMILY, TIMES),
        "evidence": EvidenceView(FAMILY, LONG_COLLECTOR, Reason.MEDICAL, None),
        "release": release(ReleaseState.WAITING, ReleaseState.RELEASED),
        "release-yes": RELEASE_YES,
        "home-request": replace(home("10:43"), requests=SEVERAL[:1]),
        "left": left(AMELIA, stay=(NOAH,)),
    }


def frames() -> dict[str, Frame]:
    """Every sample of leaving and coming back, by name."""
    return {**_finds(), **_steps(), **_releases(), **_lefts()}
