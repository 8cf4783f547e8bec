"""What the family's list says about a collector, in words."""

from dataclasses import dataclass

from sync.register.departures.collectors import CollectorMatch, Match, PupilContact
from sync.register.office.views import wording


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a collector."""

    text: str
    tone: str
    """The colour: late or closed."""


def name_and_relationship(contact: PupilContact) -> str:
    """A contact's name with the relationship to the pupil."""
    return wording.related(contact.name, contact.relationship)


def doubt_of(verdict: CollectorMatch) -> Doubt | None:
    """The doubt; `None` when the family lists this name or a similar one as allowed to collect."""
    if verdict.unnamed:
        return Doubt("Not on the family’s list", "late")
    if verdict.contact is None or not verdict.barred:
        return None
    return Doubt(barred_warning(verdict.match, name_and_relationship(verdict.contact)), "closed")


def barred_warning(match: Match, contact: str) -> str:
    """The warning that a collector has the name of a barred contact, or a similar name.

    Args:
        match: which of the two.
        contact: the barred contact, with the relationship.
    """
    if match is Match.BARRED:
        return f"May NOT collect: {contact}"
    return f"Perhaps may NOT collect: the name is like {contact}"
