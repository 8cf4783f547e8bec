"""`/departures/{id}`: a request for a pupil's release, the office's answer, and releases with a PIN."""

from enum import StrEnum

from pydantic import Field

from sync.wire.message import Instant, Message


class DepartureRequest(Message):
    """An adult at the kiosk asks to collect a pupil. Every adult gets an answer in the same words."""

    pupil: str = Field(min_length=1, max_length=64)
    collector: str = Field(min_length=1, max_length=200)
    relationship: str | None = Field(default=None, max_length=64)
    reason: str | None = Field(default=None, max_length=64)
    expected_back: Instant | None = None
    evidence: str | None = Field(default=None, max_length=200)


class PinReleaseAnswer(Message):
    """Whether a PIN at the kiosk may release the pupil to this adult. Nothing says why not."""

    may: bool
    """`False`: only the office may release the pupil."""


class DepartureState(StrEnum):
    """The state of a request."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """The adult gave up, or a member of staff released the pupil at the kiosk."""


class DepartureAnswer(Message):
    """The office's answer so far. The reason for a refusal is never sent to a kiosk."""

    state: DepartureState
    released_by: str | None = None
    released_position: str | None = None
    """The releaser's job title, such as `Attendance officer`."""
    released_at: Instant | None = None
