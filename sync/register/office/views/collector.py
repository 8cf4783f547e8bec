"""What the family's list says about a collector, in words."""

from dataclasses import dataclass

from sync.register.departures.collectors import CollectorMatch, Match, PupilContact
from sync.register.office.views import wording


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a collector."""

    says: str
    tone: str
    """The colours: late, closed."""


def named(contact: PupilContact) -> str:
    """A contact with the relationship to the pupil."""
    return wording.related(contact.name, contact.relationship)


def doubt_of(verdict: CollectorMatch) -> Doubt | None:
    """The doubt, or `None` when the family lists this name or a similar one as allowed to collect."""
    if verdict.unnamed:
        return Doubt("Not on the family’s list", "late")
    if verdict.contact is None or not verdict.barred:
        return None
    return Doubt(barred(verdict.match, named(verdict.contact)), "closed")


def barred(match: Match, contact: str) -> str:
    """The warning about a name that may not collect, or about a similar one.

    Args:
        match: which of the two.
        contact: the person who may not, with the relationship.
    """
    if match is Match.BARRED:
        return f"May NOT collect: {contact}"
    return f"Perhaps may NOT collect: the name is like {contact}"
