"""`GET /on-site`: where reception last saw the pupils who came late or were signed out today."""

from enum import StrEnum

from pydantic import Field

from sync.wire.message import Instant, Message


class SiteState(StrEnum):
    """Where a pupil is, by all the school's kiosks and the office."""

    IN = "in"
    """Signed in at reception, or seen on site by the office."""
    OUT = "out"
    CHECK = "check"
    """Uncertain: released without a sign-out so far, or at a time that cannot be relied on. Look for them."""


class PupilOnSite(Message):
    """One pupil's state."""

    pupil: str
    state: SiteState
    since: Instant


class OnSiteResponse(Message):
    """The day's pupils of whom reception knows anything. All others are in the class registers only."""

    at: Instant
    """The register's time."""
    pupils: list[PupilOnSite] = Field(default_factory=list)
