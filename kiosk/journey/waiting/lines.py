"""The requests that wait, as home and the list of requests show them."""

from datetime import time

from kiosk.desk import Desk
from kiosk.journey.labels import label_of
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.journey.waiting.requests import WaitingRequests
from kiosk.school.school import School
from kiosk.views import ReleaseState, RequestLine, RequestProgress
from sync.wire import Trust

UNSEEN = (ReleaseState.OFFLINE, ReleaseState.STAFF_ONLY)
"""The states in which the office does not see the request."""


def request_lines(requests: WaitingRequests, desk: Desk, school: School) -> tuple[RequestLine, ...]:
    """The requests that wait, or have a result that the adult has not looked at; the oldest first."""
    return tuple(_line(each, desk, school) for each in requests.listed)


def asked_at(waiting: WaitingRequest, desk: Desk) -> time | None:
    """The wall time of the request; `None` if the clock was not trusted."""
    if waiting.asked.trust == Trust.UNKNOWN:
        return None
    return desk.wall(waiting.asked.at).time().replace(second=0, microsecond=0)


def _line(waiting: WaitingRequest, desk: Desk, school: School) -> RequestLine:
    releases = waiting.undecided or waiting.releases
    return RequestLine(
        id=waiting.id,
        pupils=tuple(label_of(school, each.pupil) for each in releases),
        asked_at=asked_at(waiting, desk),
        progress=_progress(waiting),
    )


def _progress(waiting: WaitingRequest) -> RequestProgress:
    if waiting.is_settled:
        all_out = len(waiting.sign_outs) == len(waiting.releases)
        return RequestProgress.SIGNED_OUT if all_out else RequestProgress.SEE_OFFICE
    return RequestProgress.ASK_STAFF if waiting.in_state(*UNSEEN) else RequestProgress.WAITING
