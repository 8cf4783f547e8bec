"""Whether somebody who wants to take a pupil away is known: for the office's eyes alone.

A name that was typed at a kiosk proves nothing. It is compared so that a member of staff sees at once what
the family has said; the decision stays theirs.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from anyascii import anyascii

ALIKE = 0.8
"""How alike two names must be (difflib's ratio) to be worth a second look: `Jon Smith`, `John Smyth`."""
WORD_ALIKE = 0.7
"""How alike each of their words must be for it to be perhaps one person: Lucia is not Orla."""


class Match(StrEnum):
    """What is known of the name."""

    BARRED = "barred"
    """Somebody of that name may not collect this pupil."""
    PERHAPS_BARRED = "perhaps barred"
    """The name is like that of somebody who may not."""
    MAY = "may collect"
    PERHAPS = "perhaps"
    """The name is like that of somebody who may collect."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """A contact of the pupil."""

    id: str
    name: str
    relationship: str
    may_collect: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known, and of whom."""

    match: Match
    contact: Known | None = None

    @property
    def barred(self) -> bool:
        """The name is that of somebody who may not collect, or like it: no release unless somebody has made
        sure, and says how."""
        return self.match in (Match.BARRED, Match.PERHAPS_BARRED)

    @property
    def unnamed(self) -> bool:
        """The family has named nobody like that: no release unless somebody says how they know."""
        return self.match is Match.UNKNOWN


def compare(name: str, contacts: Sequence[Known]) -> Verdict:
    """What the office should know about that name. Who may not collect comes before who may, and who is
    only like one who may not comes before one who is only like one who may.

    Args:
        name: as it was typed.
        contacts: all of the pupil's, those who may not collect too.
    """
    likeness = [(_likeness(name, contact.name), contact) for contact in contacts]
    named = [contact for ratio, contact in likeness if ratio == 1]
    barred = next((contact for contact in named if not contact.may_collect), None)
    if barred is not None:
        return Verdict(Match.BARRED, barred)
    if named:
        return Verdict(Match.MAY, named[0])
    alike = sorted(
        ((ratio, contact) for ratio, contact in likeness if _perhaps(name, contact, ratio)),
        key=lambda pair: (pair[1].may_collect, -pair[0]),
    )
    if not alike:
        return Verdict(Match.UNKNOWN)
    contact = alike[0][1]
    return Verdict(Match.PERHAPS if contact.may_collect else Match.PERHAPS_BARRED, contact)


def _perhaps(name: str, contact: Known, ratio: float) -> bool:
    """Whether the name may be that of the contact. Somebody who may not collect is pointed at for a likeness
    in the whole name, which is soon there in one family, and for fewer or more words of it: a middle name
    that was left out must hide nobody. That somebody perhaps may is said only for both."""
    whole, by_word = ratio >= ALIKE, _each_word_alike(name, contact.name)
    return (whole and by_word) if contact.may_collect else (whole or by_word)


def same(one: str, other: str) -> bool:
    """Whether two names are the same however they are written."""
    return _likeness(one, other) == 1


def _likeness(one: str, other: str) -> float:
    """1 where two names are the same but for case, accents, punctuation, titles and the order of words."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    if sorted(first) == sorted(second):
        return 1.0
    ratio = difflib.SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio()
    return min(ratio, 0.99)


def _each_word_alike(one: str, other: str) -> bool:
    """Whether every word of the shorter name is like another one of the longer; no word is like nothing."""
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
