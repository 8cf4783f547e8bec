"""Compare what an adult says at a kiosk with the pupil's contacts: shown to the office only. Pure.

A name and a relationship given at a kiosk prove nothing. The comparison shows staff at once what the family
has told the school; the decision stays theirs. Only a statement that agrees with the family's list in both is
released in one press.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from anyascii import anyascii

from sync.register.departures.relationships import fits

ALIKE = 0.8
"""How alike two names must be (difflib's ratio) to be worth a second look: `Jon Smith`, `John Smyth`."""
WORD_ALIKE = 0.7
"""How alike their individual words must be before the two may be one person: Lucia is not Orla."""


class Match(StrEnum):
    """How a collector's statement relates to the pupil's contacts."""

    BARRED = "barred"
    """A contact with this name may not collect the pupil."""
    PERHAPS_BARRED = "perhaps barred"
    """The name resembles that of a contact who may not collect."""
    SHARED = "shared name"
    """A contact who may collect has this name, and one who may not has the same name or a similar one."""
    MAY = "may collect"
    DIFFERS = "relationship differs"
    """A contact who may collect has this name, and another relationship."""
    PERHAPS = "perhaps"
    """The name resembles that of a contact who may collect."""
    UNKNOWN = "unknown"


class ReleaseNeeds(StrEnum):
    """What a release by the office needs."""

    PRESS = "press"
    REASON = "reason"
    """How the releaser knows that the adult may collect the pupil."""
    CHECK = "check"
    """That, and a tick that the releaser has checked."""


@dataclass(frozen=True, slots=True)
class PupilContact:
    """A contact of the pupil, as the family named them."""

    id: str
    name: str
    relationship: str
    may_collect: bool

    @property
    def named(self) -> str:
        """The name with the relationship, if known: `Aunt May (aunt)`."""
        return f"{self.name} ({self.relationship})" if self.relationship else self.name


@dataclass(frozen=True, slots=True)
class CollectorMatch:
    """The outcome of the comparison, with the contact that the name matches."""

    match: Match
    contact: PupilContact | None = None
    shared_with: PupilContact | None = None
    """For `SHARED`: the contact who may not collect."""

    @property
    def barred(self) -> bool:
        """Whether the name is, or resembles, that of a contact who may not collect, and no other's."""
        return self.match in (Match.BARRED, Match.PERHAPS_BARRED)

    @property
    def office_only(self) -> bool:
        """Whether only the office may release the pupil, and no PIN at the kiosk."""
        return self.barred or self.match is Match.SHARED

    @property
    def release_needs(self) -> ReleaseNeeds:
        """What a release by the office needs."""
        if self.barred:
            return ReleaseNeeds.CHECK
        return ReleaseNeeds.PRESS if self.match is Match.MAY else ReleaseNeeds.REASON


def compare(name: str, relationship: str | None, contacts: Sequence[PupilContact]) -> CollectorMatch:
    """Compare a collector's name and relationship with all contacts of the pupil.

    A contact who may not collect takes precedence over one who may. A relationship that was not given agrees
    with any.

    Args:
        name: the name, as typed.
        relationship: the relationship, as chosen; `None` when the adult did not say.
        contacts: all of the pupil's contacts, including those who may not collect.
    """
    likeness = sorted(
        ((_likeness(name, each.name), each) for each in contacts), key=lambda pair: (-pair[0], pair[1].id)
    )
    named = [contact for ratio, contact in likeness if ratio == 1]
    alike = [contact for ratio, contact in likeness if ratio == 1 or _perhaps(name, contact, ratio)]
    barred = [contact for contact in alike if not contact.may_collect]
    may = [contact for contact in named if contact.may_collect]
    if may and barred:
        return _shared(relationship, may, barred, same_name=barred[0] in named)
    if barred:
        return CollectorMatch(Match.BARRED if barred[0] in named else Match.PERHAPS_BARRED, barred[0])
    if may:
        fitting = [contact for contact in may if fits(relationship, contact.relationship)]
        return CollectorMatch(Match.MAY, fitting[0]) if fitting else CollectorMatch(Match.DIFFERS, may[0])
    return CollectorMatch(Match.PERHAPS, alike[0]) if alike else CollectorMatch(Match.UNKNOWN)


def _shared(
    relationship: str | None,
    may: Sequence[PupilContact],
    barred: Sequence[PupilContact],
    *,
    same_name: bool,
) -> CollectorMatch:
    """The outcome when the name is that of a contact who may collect, and is or resembles that of one who
    may not. The relationship tells them apart; where it does not, the stricter outcome holds.

    Args:
        relationship: as the adult stated it.
        may: the contacts of this name who may collect.
        barred: the contacts of this name, or of a similar one, who may not.
        same_name: whether the first of `barred` has this very name.
    """
    fitting = [contact for contact in may if relationship and fits(relationship, contact.relationship)]
    as_barred = [contact for contact in barred if fits(relationship, contact.relationship)]
    if fitting and not as_barred:
        return (
            CollectorMatch(Match.SHARED, fitting[0], barred[0])
            if same_name
            else CollectorMatch(Match.MAY, fitting[0])
        )
    if same_name:
        return CollectorMatch(Match.BARRED, barred[0])
    if relationship and as_barred and not fitting:
        return CollectorMatch(Match.PERHAPS_BARRED, as_barred[0])
    return CollectorMatch(Match.SHARED, (fitting or may)[0], barred[0])


def _perhaps(name: str, contact: PupilContact, ratio: float) -> bool:
    """Whether the name may be that of the contact.

    For a contact who may not collect, either test is enough: similarity of the whole name, or of every word
    of the shorter name. A middle name that was left out must not hide them. A contact who may collect must
    pass both.
    """
    whole, by_word = ratio >= ALIKE, _each_word_alike(name, contact.name)
    return (whole and by_word) if contact.may_collect else (whole or by_word)


def same(one: str, other: str) -> bool:
    """Whether two names differ only in how they are written (`_likeness` is 1)."""
    return _likeness(one, other) == 1


def may_be_one_person(one: str, other: str) -> bool:
    """Whether two names are the same or similar, as for a contact who may not collect."""
    ratio = _likeness(one, other)
    return ratio >= ALIKE or _each_word_alike(one, other)


def _likeness(one: str, other: str) -> float:
    """Similarity from 0 to 1; 1 when the names differ only in case, accents, punctuation, titles or the order
    of words."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second):
        return 1.0
    ratio = difflib.SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio()
    return min(ratio, 0.99)


def _each_word_alike(one: str, other: str) -> bool:
    """Whether every word of the shorter name resembles a different word of the longer one; false when a name
    has no words."""
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    if not shorter:
        return False
    for word in shorter:
        ratio, nearest = max((difflib.SequenceMatcher(None, word, each).ratio(), each) for each in longer)
        if ratio < WORD_ALIKE:
            return False
        longer = [each for each in longer if each != nearest] or [""]
    return True


_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr"}


def _words(name: str) -> list[str]:
    plain = anyascii(name).casefold()
    letters = (
        " " if character in "-. " else character
        for character in plain
        if character in "-. " or character.isalnum()
    )
    return [word for word in "".join(letters).split() if word not in _TITLES]
