"""Who there is to be found: pupils by the letters of a name, and by card.

Immutable and in memory; a new bundle makes a new roster, which takes the old one's place whole.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from sync.wire import Cards, Pupil, card_hash

MOST_FOUND = 6
"""The most names that are ever shown: the roster is not for browsing."""

FEWEST_LETTERS = 2
"""Before this many letters no name is shown."""

_AFTER_ALL_LETTERS = "\x7f"
_SPACE = " "


@dataclass(frozen=True, slots=True)
class Found:
    """What some letters lead to."""

    pupils: tuple[Pupil, ...]
    leads_on: frozenset[str]
    more: bool


def plain_letters(text: str) -> str:
    """The text in capitals A–Z with everything else left out: `Zoë O’Neill` → `ZOEONEILL`."""
    return re.sub("[^A-Z]", "", anyascii(text).upper())


class Roster:
    """The pupils of one school."""

    def __init__(self, pupils: Iterable[Pupil], cards: Cards) -> None:
        self._pupils = tuple(sorted(pupils, key=_shelf))
        self._by_id = {pupil.id: pupil for pupil in self._pupils}
        self._cards = cards
        keys = sorted((key, index) for index, pupil in enumerate(self._pupils) for key in _search_keys(pupil))
        self._keys = [key for key, _ in keys]
        self._whose = [index for _, index in keys]

    def __len__(self) -> int:
        return len(self._pupils)

    def __iter__(self) -> Iterator[Pupil]:
        return iter(self._pupils)

    def by_id(self, pupil_id: str) -> Pupil | None:
        """The pupil with that id."""
        return self._by_id.get(pupil_id)

    def by_card(self, names: Iterable[str]) -> Pupil | None:
        """The pupil whose card that is; a card may have several names, the likeliest first."""
        for name in names:
            pupil_id = self._cards.pupils.get(card_hash(self._cards.key, name))
            if pupil_id is not None:
                return self._by_id.get(pupil_id)
        return None

    def find(self, letters: str) -> Found:
        """The pupils whose names begin with these letters, and the letters that lead on from here.

        Args:
            letters: capitals A–Z; a space begins another of the pupil's names, in either order.
        """
        *whole, last = letters.split(_SPACE)
        within: set[int] | None = None
        for part in filter(None, whole):
            matching = set(self._matching(part))
            within = matching if within is None else within & matching
        matching = set(self._matching(last)) if within is None else within & set(self._matching(last))
        leads_on = self._leads_on(last, within)
        if matching and last:
            leads_on.add(_SPACE)
        if len(letters.replace(_SPACE, "")) < FEWEST_LETTERS:
            return Found((), frozenset(leads_on - {_SPACE}), more=False)
        found = [self._pupils[index] for index in sorted(matching)[:MOST_FOUND]]
        return Found(tuple(found), frozenset(leads_on), more=len(matching) > MOST_FOUND)

    def _matching(self, prefix: str) -> Sequence[int]:
        begin = bisect_left(self._keys, prefix)
        end = bisect_right(self._keys, prefix + _AFTER_ALL_LETTERS, lo=begin)
        return self._whose[begin:end]

    def _leads_on(self, prefix: str, within: set[int] | None) -> set[str]:
        """The next letters after `prefix`, jumping from each to the next through the sorted keys."""
        letters: set[str] = set()
        position = bisect_left(self._keys, prefix)
        while position < len(self._keys) and self._keys[position].startswith(prefix):
            key = self._keys[position]
            if len(key) == len(prefix):
                position += 1
                continue
            letter = key[len(prefix)]
            begin, position = (
                position,
                bisect_right(self._keys, prefix + letter + _AFTER_ALL_LETTERS, lo=position),
            )
            if within is None or not within.isdisjoint(self._whose[begin:position]):
                letters.add(letter)
        return letters


def _shelf(pupil: Pupil) -> tuple[str, str, str, str]:
    """The order in which pupils are listed: by the name they are called, then form."""
    return plain_letters(pupil.preferred or pupil.first), plain_letters(pupil.last), pupil.form, pupil.id


def _search_keys(pupil: Pupil) -> set[str]:
    """All that a pupil's name may be begun with: each word, each whole name, and both run together."""
    firsts = [pupil.first, *([pupil.preferred] if pupil.preferred else [])]
    written = {*firsts, pupil.last}
    written.update(word for name in (*firsts, pupil.last) for word in re.split(r"\W+", name))
    written.update(first + pupil.last for first in firsts)
    written.update(pupil.last + first for first in firsts)
    return {plain_letters(name) for name in written} - {""}
