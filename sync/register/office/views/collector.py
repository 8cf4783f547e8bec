"""What an adult states at a kiosk and what the family's list says, in words.

Every place where the two meet takes its words from here: the waiting requests, the pupils who are out, an
entry, a decision, and their files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.register.departures.collectors import CollectorMatch, Match, PupilContact

STATED = {"sibling": "brother or sister", "other": "someone else"}
"""The kiosk's answers that do not read as they are (`kiosk.views.Relationship`)."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a collector."""

    text: str
    tone: str
    """The colour: late or closed."""


def stated_relationship(relationship: str | None) -> str | None:
    """The relationship that the adult chose at the kiosk; `None` when they did not say."""
    return STATED.get(relationship, relationship) if relationship else None


def stated(name: str, relationship: str | None) -> str:
    """The adult as they introduced themselves at the kiosk: `Aunt May (aunt)`."""
    return f"{name} ({stated_relationship(relationship)})" if relationship else name


def headline(
    found: CollectorMatch, relationship: str | None, contacts: Sequence[PupilContact]
) -> tuple[str, str]:
    """What the family's list says about the collector, and the colour for it: ok, late or closed.

    Args:
        found: the outcome of the comparison.
        relationship: as the adult stated it.
        contacts: all of the pupil's contacts.
    """
    contact = found.contact
    if contact is None:
        if any(each.may_collect for each in contacts):
            return "Not on the family’s list: ring the family", "late"
        return "The family has listed no one who may collect: ring the family", "late"
    if found.match is Match.MAY:
        return ": ".join(filter(None, ("On the family’s list", contact.relationship))), "ok"
    if found.barred:
        return barred_warning(found.match, contact.named), "closed"
    return _difference(found, contact, relationship), "late"


def _difference(found: CollectorMatch, contact: PupilContact, relationship: str | None) -> str:
    if found.shared_with is not None:
        return f"{barred_warning(found.match, found.shared_with.named)}. {contact.named} may"
    if found.match is Match.DIFFERS:
        return f"Says {stated_relationship(relationship)}; the family’s list says {contact.relationship}"
    return f"Perhaps on the family’s list, spelt differently: {contact.named}"


def list_says(found: CollectorMatch) -> str:
    """What the family's list has, beside what the adult states: `mother`, `aunt, may collect`."""
    contact = found.contact
    if contact is None:
        return "no one of this name"
    says = {
        Match.MAY: ", ".join(filter(None, (contact.relationship, "may collect"))),
        Match.DIFFERS: contact.relationship,
        Match.PERHAPS: f"{contact.named}, a similar name",
        Match.BARRED: f"{contact.named}, may NOT collect",
        Match.PERHAPS_BARRED: f"{contact.named}, a similar name, may NOT collect",
    }
    if found.shared_with is not None:
        return f"{contact.named}, may collect; {found.shared_with.named}, may NOT collect"
    return says[found.match]


def list_said(family: str | None, listed: str | None) -> str | None:
    """What the family's list said when the office answered a request; `None` when it agreed, or is not kept.

    Args:
        family: the outcome of the comparison then, a `Match`.
        listed: the contact that was meant, with the relationship.
    """
    if family is None or family == Match.MAY:
        return None
    if listed is None:
        return "The family’s list had no one of this name"
    then = {
        Match.BARRED: ", who may NOT collect",
        Match.PERHAPS_BARRED: ", a similar name, who may NOT collect",
        Match.SHARED: ", and a person of such a name who may NOT collect",
        Match.PERHAPS: ", a similar name",
    }
    return f"The family’s list had {listed}{then.get(Match(family), '') if family in set(Match) else ''}"


def doubt_of(found: CollectorMatch, relationship: str | None) -> Doubt | None:
    """The doubt; `None` when the statement agrees with the family's list."""
    if found.match is Match.MAY:
        return None
    if found.contact is None:
        return Doubt("Not on the family’s list", "late")
    return Doubt(*headline(found, relationship, ()))


def barred_warning(match: Match, contact: str) -> str:
    """The warning that a collector has the name of a barred contact, or a similar name.

    Args:
        match: how the two names relate.
        contact: the barred contact, with the relationship.
    """
    if match is Match.BARRED:
        return f"May NOT collect: {contact}"
    if match is Match.SHARED:
        return f"Shares a name with a person who may NOT collect: {contact}"
    return f"Perhaps may NOT collect: the name is like {contact}"
