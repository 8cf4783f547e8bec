"""Compare a collector's name with the pupil's contacts: shown to the office only.

A name typed at a kiosk proves nothing. The comparison shows staff at once what the family has told the
school; the decision stays theirs.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from anyascii import anyascii

ALIKE = 0.8
"""How alike two names must be (difflib's ratio) to be worth a second look: `Jon Smith`, `John Smyth`."""
WORD_ALIKE = 0.7
"""How alike their individual words must be before the two may be one person: Lucia is not Orla."""


class Match(StrEnum):
    """How a collector's name relates to the pupil's contacts."""

    BARRED = "barred"
    """A contact with this name may not collect the pupil."""
    PERHAPS_BARRED = "perhaps barred"
    """The name resembles that of a contact who may not collect."""
    MAY = "may collect"
    PERHAPS = "perhaps"
    """The name resembles that of a contact who may collect."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PupilContact:
    """A contact of the pupil, as the family named them."""

    id: str
    name: str
    relationship: str
    may_collect: bool


@dataclass(frozen=True, slots=True)
class CollectorMatch:
    """The outcome of the comparison, with the contact that the name matches."""

    match: Match
    contact: PupilContact | None = None

    @property
    def barred(self) -> bool:
        """Whether the name is, or resembles, that of a contact who may not collect. A release then needs a
        check and a reason."""
        return self.match in (Match.BARRED, Match.PERHAPS_BARRED)

    @property
    def unnamed(self) -> bool:
        """Whether no contact has a similar name. A release then needs a reason."""
        return self.match is Match.UNKNOWN


def compare(name: str, contacts: Sequence[PupilContact]) -> CollectorMatch:
    """Compare a collector's name with all contacts of the pupil.

    A contact who may not collect takes precedence over one who may, among exact matches and among similar
    names alike.

    Args:
        name: the name, as typed.
        contacts: all of the pupil's contacts, including those who may not collect.
    """
    likeness = [(_likeness(name, contact.name), contact) for contact in contacts]
    named = [contact for ratio, contact in likeness if ratio == 1]
    barred = next((contact for contact in named if not contact.may_collect), None)
    if barred is not None:
        return CollectorMatch(Match.BARRED, barred)
    if named:
        return CollectorMatch(Match.MAY, named[0])
    alike = sorted(
        ((ratio, contact) for ratio, contact in likeness if _perhaps(name, contact, ratio)),
        key=lambda pair: (pair[1].may_collect, -pair[0]),
    )
    if not alike:
        return CollectorMatch(Match.UNKNOWN)
    contact = alike[0][1]
    return CollectorMatch(Match.PERHAPS if contact.may_collect else Match.PERHAPS_BARRED, contact)


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
