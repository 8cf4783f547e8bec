"""What the family has said of somebody who has come for a pupil, in words, the words first."""

from dataclasses import dataclass

from sync.register.departures.collectors import CollectorMatch, Match, PupilContact
from sync.register.office.views import wording


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why to look again at who has taken a pupil."""

    says: str
    tone: str
    """The colours: late, closed."""


def named(contact: PupilContact) -> str:
    """A contact, and what they are to the pupil."""
    return wording.related(contact.name, contact.relationship)


def doubt_of(verdict: CollectorMatch) -> Doubt | None:
    """None: the family has named this person, or one whose name is like it, as somebody who may collect."""
    if verdict.unnamed:
        return Doubt("Not on the family’s list", "late")
    if verdict.contact is None or not verdict.barred:
        return None
    return Doubt(barred(verdict.match, named(verdict.contact)), "closed")


def barred(match: Match, contact: str) -> str:
    """What is said of the name of somebody who may not collect, or of one like it.

    Args:
        match: which of the two.
        contact: who may not, with what they are to the pupil.
    """
    if match is Match.BARRED:
        return f"May NOT collect: {contact}"
    return f"Perhaps may NOT collect: the name is like {contact}"
