"""Requests for release as views show them."""

from kiosk.journey.people import left_view, pupil_label
from kiosk.journey.session import Session
from kiosk.journey.waiting.lines import asked_at
from kiosk.journey.waiting.request import PendingRelease, WaitingRequest
from kiosk.views import (
    LeftView,
    ProblemView,
    PupilLabel,
    PupilRelease,
    ReleaseState,
    ReleaseView,
    Trouble,
)

NOT_RELEASED = (ReleaseState.REFUSED, ReleaseState.WITHDRAWN, ReleaseState.ALREADY_OUT)
"""The states in which a pupil does not leave with this adult."""


def release_view(
    session: Session, waiting: WaitingRequest, *, just_asked: bool, office_only: bool
) -> ReleaseView:
    """A request that waits."""
    return ReleaseView(
        pupils=tuple(PupilRelease(pupil_label(session, each.pupil), each.state) for each in waiting.releases),
        asked_at=asked_at(waiting, session.desk),
        just_asked=just_asked,
        staff_can_release=session.parts.pins is not None and bool(session.school.staff),
        office_only=office_only,
    )


def result_view(session: Session, waiting: WaitingRequest) -> LeftView | ProblemView:
    """The result of a request. A refusal and its reasons look the same for every adult."""
    if sign_outs := waiting.sign_outs:
        staying = _labels(session, waiting.in_state(*NOT_RELEASED))
        not_saved = _labels(session, waiting.in_state(ReleaseState.NOT_SAVED))
        return left_view(session, sign_outs, not_released=staying, not_saved=not_saved)
    for state, trouble in (
        (ReleaseState.NOT_SAVED, Trouble.NOT_SAVED),
        (ReleaseState.REFUSED, Trouble.SPEAK_TO_OFFICE),
        (ReleaseState.WITHDRAWN, Trouble.NO_ANSWER),
    ):
        if waiting.in_state(state):
            return ProblemView(trouble)
    return ProblemView(Trouble.ALREADY_OUT, pupil_label(session, waiting.releases[0].pupil).name)


def undecided_labels(session: Session, waiting: WaitingRequest) -> tuple[PupilLabel, ...]:
    """The pupils who are neither released nor refused yet."""
    return _labels(session, waiting.undecided)


def _labels(session: Session, releases: list[PendingRelease]) -> tuple[PupilLabel, ...]:
    return tuple(pupil_label(session, each.pupil) for each in releases)
