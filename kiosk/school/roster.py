"""Who there is to be found: pupils by the letters of a name, and by card.

Immutable and in memory; a new bundle makes a new roster, which takes the old one's place whole.

A mistake is forgiven, one for all that was typed, in a word of at least four letters:

- Whoever is spelt as typed comes first, and while there is such a pupil nobody else is listed: beside a name
  that fits, one that does not is a child's name shown for nothing, and may be touched in haste. `more` then
  says that going on leads to others, and so it does: with more letters the ones that fit drop out.
- A key is grey when nobody's name goes on so. Up to the fourth letter that is all, as in the design's picture
  of AME, and most slips are not even possible. From the fifth on a letter may be the mistake, and only the
  keys that lead to nobody with the mistake allowed for stay grey: all others but one path, as soon as the
  mistake has been made.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import inf
from string import ascii_uppercase

from kiosk.school.display_names import ShownNames, called
from kiosk.school.letters import plain_letters, search_keys
from kiosk.school.name_index import NameIndex, Stretch
from sync.wire import BundleCards, Pupil, card_hash

MOST_FOUND = 6
"""The most names that are ever shown: the roster is not for browsing."""
FEWEST_LETTERS = 2
"""Before this many letters no name is shown."""
FORGIVING_FROM = 4
"""How many letters a word must have for one mistake in it to be forgiven."""

_SPACE = " "
_BARCODE = "barcode:"
_LETTERS = frozenset(ascii_uppercase)


@dataclass(frozen=True, slots=True)
class Found:
    """What some letters lead to."""

    pupils: tuple[Pupil, ...]
    """By the name they are called, then surname, then form."""
    leads_on: frozenset[str]
    """Upper-case A–Z, and ` ` where a space leads on."""
    more: bool
    """There are others, whom more letters lead to."""
    forgiven: bool = False
    """Nobody is spelt as typed: these would be with one letter other, more, fewer or swapped."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Whom the words before the last one leave over. None: everybody."""

    spelt_so: set[int] | None
    nearly: set[int]
    """With the one mistake in one of these words; the last one must then be right."""

    def of(self, owners: set[int]) -> set[int]:
        """Those of the owners who are left over without a mistake."""
        return owners if self.spelt_so is None else owners & self.spelt_so


class Roster:
    """The pupils of one school."""

    def __init__(self, pupils: Iterable[Pupil], cards: BundleCards) -> None:
        self._pupils = tuple(sorted(pupils, key=_shelf))
        self._by_id = {pupil.id: pupil for pupil in self._pupils}
        self._cards = cards
        self._shown = ShownNames(self._pupils)
        self._names = NameIndex(
            (key, number)
            for number, pupil in enumerate(self._pupils)
            for key in search_keys(pupil)
            if len(key) >= FEWEST_LETTERS  # a name of one letter alone can list nobody
        )
        self._in_year: dict[str, set[int]] = {}
        for number, pupil in enumerate(self._pupils):
            self._in_year.setdefault(pupil.year, set()).add(number)

    def __len__(self) -> int:
        return len(self._pupils)

    def __iter__(self) -> Iterator[Pupil]:
        return iter(self._pupils)

    def by_id(self, pupil_id: str) -> Pupil | None:
        """The pupil with that id."""
        return self._by_id.get(pupil_id)

    def by_card(self, names: Sequence[str]) -> Pupil | None:
        """The pupil whose card that is; None, too, where it may be one of several pupils' (see `owners`)."""
        owners = self.owners(names)
        return owners[0] if len(owners) == 1 else None

    def owners(self, names: Sequence[str]) -> tuple[Pupil, ...]:
        """The pupils whose card that may be. Of more than one nobody may be taken: it may be the other's.

        The first name is believed alone where it is a card's, read in full. All others are guesses at what a
        reader means, and so is a `barcode:`, which may be a part of a card's number.

        A guess that leads to one pupil alone is believed, though a reader that tells three of a card's four
        bytes may have read a card that nobody has: otherwise it would know no card that another reader has
        enrolled. Of other cards one in 16 million (2 to the 24th) has the three bytes of a given pupil's.

        Args:
            names: what the card may be called, the likeliest first.
        """
        if names and not names[0].startswith(_BARCODE):
            owner = self._owner(names[0])
            if owner is not None:
                return (owner,)
        owners = {owner.id: owner for name in names if (owner := self._owner(name)) is not None}
        return tuple(owners.values())

    def _owner(self, name: str) -> Pupil | None:
        pupil_id = self._cards.pupils.get(card_hash(self._cards.key, name))
        return None if pupil_id is None else self._by_id.get(pupil_id)

    def shown_name(self, pupil: Pupil) -> str:
        """That pupil's name as anybody may read it: no more of it than tells them apart from their form."""
        return self._shown.of(pupil)

    def has_namesake(self, pupil: Pupil) -> bool:
        """Whether another pupil of the form has the very same name, so that no list tells who is who."""
        return self._shown.is_shared(pupil)

    def years(self) -> tuple[str, ...]:
        """The year groups that have pupils, the youngest first; for finding by year, then name."""
        return tuple(sorted(self._in_year, key=_age))

    def find(self, letters: str, *, year: str | None = None) -> Found:
        """The pupils whose names begin with these letters, and the letters that lead on from here.

        Args:
            letters: capitals A–Z; a space begins another of the pupil's names, in either order.
            year: only pupils of that year group, and only keys that lead to them; None for all. There, too,
                nobody is listed before two letters.
        """
        *whole, last = letters.split(_SPACE)
        words = self._words(filter(None, whole), year)
        typed = self._names.beginning(last)
        leads_on = self._leads_on(words, last, typed)
        if len(letters.replace(_SPACE, "")) < FEWEST_LETTERS:
            return Found((), leads_on, more=False)
        spelt_so, nearly = self._matching(words, last, typed)
        listed = spelt_so or nearly
        if listed and last:
            leads_on |= {_SPACE}
        return Found(
            tuple(self._pupils[number] for number in nsmallest(MOST_FOUND, listed)),
            leads_on,
            more=len(listed) > MOST_FOUND or bool(spelt_so and nearly - spelt_so),
            forgiven=bool(nearly and not spelt_so),
        )

    def _words(self, whole: Iterable[str], year: str | None) -> _Words:
        spelt_so = None if year is None else self._in_year.get(year, set())
        words = _Words(spelt_so, set())
        for word in whole:
            words = _Words(*self._matching(words, word, self._names.beginning(word)))
        return words

    def _matching(self, words: _Words, word: str, typed: Stretch) -> tuple[set[int], set[int]]:
        """Of those left over, who is spelt so in this word too, and who is but for one mistake in all."""
        if not word:  # a space, and nothing after it yet
            return words.spelt_so or set(), words.nearly
        owners = self._names.owners(typed)
        nearly = words.nearly & owners
        if len(word) >= FORGIVING_FROM:
            for stretch in self._names.nearly(word):
                nearly |= words.of(self._names.owners(stretch))
        return words.of(owners), nearly

    def _leads_on(self, words: _Words, last: str, typed: Stretch) -> frozenset[str]:
        found = self._names.letters_after(typed, words.spelt_so)
        if words.nearly:
            found |= self._names.letters_after(typed, words.nearly)
        if len(last) < FORGIVING_FROM:
            return frozenset(found)
        if words.of(self._names.owners(typed)):
            return _LETTERS  # whatever comes next may be a letter too many
        for stretch in self._names.nearly(last):
            found |= self._names.letters_after(stretch, words.spelt_so)
        return frozenset(found)


def _shelf(pupil: Pupil) -> tuple[str, str, str, str]:
    """The order in which pupils are listed: by the name they are called, then form."""
    return plain_letters(called(pupil)), plain_letters(pupil.last), pupil.form, pupil.id


def _age(year: str) -> tuple[float, str]:
    """Where a year stands among the others: N, R, 1 and on, then what is no year of any policy."""
    before_1 = {"N": -1, "R": 0}
    return (int(year) if year.isdecimal() else before_1.get(year, inf)), year
