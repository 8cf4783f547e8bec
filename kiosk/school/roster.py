"""The pupils of a school, found by the letters of a name or by card.

Immutable and in memory; a new bundle makes a new roster, which replaces the old one.

The search tolerates one typing mistake in all of the typed text, in a word of at least four letters:

- Exact matches come first, and while there are any, no inexact match is listed: it would show a pupil's name
  needlessly, and might be touched in haste. `more` then says that further letters lead to other pupils.
- A key is grey when no name continues with its letter. Up to the fourth letter no mistake is tolerated, so
  most mistakes cannot even be typed. From the fifth on, the next letter may be the mistake: then a key is
  grey only when it leads to no pupil even with one mistake. Once a mistake has been made, few keys are not
  grey.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import inf
from string import ascii_uppercase

from kiosk.school.display_names import DisplayNames, called
from kiosk.school.letters import plain_letters, search_keys
from kiosk.school.name_index import NameIndex, Stretch
from sync.wire import BundleCards, Pupil, card_hash

MOST_FOUND = 6
"""The most names shown at once, since the roster is not for browsing."""
FEWEST_LETTERS = 2
"""The fewest letters for which names are shown."""
FORGIVING_FROM = 4
"""The fewest letters of a word in which one mistake is tolerated."""

_SPACE = " "
_BARCODE = "barcode:"
_LETTERS = frozenset(ascii_uppercase)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The pupils found for some letters, and the keys that lead on."""

    pupils: tuple[Pupil, ...]
    """Sorted by first name, surname, form."""
    leads_on: frozenset[str]
    """Letters A–Z that can follow, and ` ` if a space can."""
    more: bool
    """Whether further letters lead to other pupils."""
    forgiven: bool = False
    """Whether the pupils match only with one mistake: a letter wrong, surplus, missing or swapped."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The pupils who match the words before the last one."""

    exact: set[int] | None
    """`None` means all pupils."""
    nearly: set[int]
    """Pupils who match with the one mistake in these words; the last word must then be exact."""

    def of(self, owners: set[int]) -> set[int]:
        """Those of the owners who match without a mistake."""
        return owners if self.exact is None else owners & self.exact


class Roster:
    """The pupils of one school."""

    def __init__(self, pupils: Iterable[Pupil], cards: BundleCards) -> None:
        self._pupils = tuple(sorted(pupils, key=_sort_key))
        self._by_id = {pupil.id: pupil for pupil in self._pupils}
        self._cards = cards
        self._display_names = DisplayNames(self._pupils)
        self._names = NameIndex(
            (key, number)
            for number, pupil in enumerate(self._pupils)
            for key in search_keys(pupil)
            if len(key) >= FEWEST_LETTERS  # a name of one letter can never be listed
        )
        self._in_year: dict[str, set[int]] = {}
        for number, pupil in enumerate(self._pupils):
            self._in_year.setdefault(pupil.year, set()).add(number)

    def __len__(self) -> int:
        return len(self._pupils)

    def __iter__(self) -> Iterator[Pupil]:
        return iter(self._pupils)

    def by_id(self, pupil_id: str) -> Pupil | None:
        """The pupil with that id, or `None`."""
        return self._by_id.get(pupil_id)

    def by_card(self, names: Sequence[str]) -> Pupil | None:
        """The pupil whose card that is; None, too, where it may be one of several pupils' (see `owners`)."""
        owners = self.owners(names)
        return owners[0] if len(owners) == 1 else None

    def owners(self, names: Sequence[str]) -> tuple[Pupil, ...]:
        """The pupils whose card this may be. With more than one, the caller must take neither.

        The first name decides alone when it is a card's full number. All other names are guesses at the
        reader's spelling, as is a `barcode:`, which may be part of a card's number.

        A guess that leads to exactly one pupil is accepted. A reader that sends three of a card's four bytes
        could then take an unknown card for that pupil's, with a chance of one in 16 million (2 to the 24th);
        refusing it would make cards enrolled at another reader useless there.

        Args:
            names: the card's possible names, likeliest first (see `card_names.candidates`).
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

    def display_name(self, pupil: Pupil) -> str:
        """The pupil's name for public screens, no longer than needed to be unique in the form."""
        return self._display_names.of(pupil)

    def has_namesake(self, pupil: Pupil) -> bool:
        """Whether another pupil of the form has the same full name, so that a list cannot distinguish
        them."""
        return self._display_names.is_shared(pupil)

    def years(self) -> tuple[str, ...]:
        """The year groups that have pupils, youngest first; used to search by year, then name."""
        return tuple(sorted(self._in_year, key=_age))

    def find(self, letters: str, *, year: str | None = None) -> SearchResult:
        """The pupils whose names begin with these letters, and the letters that can follow.

        Args:
            letters: capitals A–Z; a space starts another of the pupil's names, in either order.
            year: limits the search to a year group; `None` for all. The fewest letters apply here, too.
        """
        *whole, last = letters.split(_SPACE)
        words = self._words(filter(None, whole), year)
        typed = self._names.with_prefix(last)
        leads_on = self._leads_on(words, last, typed)
        if len(letters.replace(_SPACE, "")) < FEWEST_LETTERS:
            return SearchResult((), leads_on, more=False)
        exact, nearly = self._matching(words, last, typed)
        listed = exact or nearly
        if listed and last:
            leads_on |= {_SPACE}
        return SearchResult(
            tuple(self._pupils[number] for number in nsmallest(MOST_FOUND, listed)),
            leads_on,
            more=len(listed) > MOST_FOUND or bool(exact and nearly - exact),
            forgiven=bool(nearly and not exact),
        )

    def _words(self, whole: Iterable[str], year: str | None) -> _Words:
        exact = None if year is None else self._in_year.get(year, set())
        words = _Words(exact, set())
        for word in whole:
            words = _Words(*self._matching(words, word, self._names.with_prefix(word)))
        return words

    def _matching(self, words: _Words, word: str, typed: Stretch) -> tuple[set[int], set[int]]:
        """The pupils who also match this word: exactly, and with one mistake in all words together."""
        if not word:  # no letters after the space yet
            return words.exact or set(), words.nearly
        owners = self._names.owners(typed)
        nearly = words.nearly & owners
        if len(word) >= FORGIVING_FROM:
            for stretch in self._names.nearly(word):
                nearly |= words.of(self._names.owners(stretch))
        return words.of(owners), nearly

    def _leads_on(self, words: _Words, last: str, typed: Stretch) -> frozenset[str]:
        found = self._names.letters_after(typed, words.exact)
        if words.nearly:
            found |= self._names.letters_after(typed, words.nearly)
        if len(last) < FORGIVING_FROM:
            return frozenset(found)
        if words.of(self._names.owners(typed)):
            return _LETTERS  # any next letter may be a surplus one
        for stretch in self._names.nearly(last):
            found |= self._names.letters_after(stretch, words.exact)
        return frozenset(found)


def _sort_key(pupil: Pupil) -> tuple[str, str, str, str]:
    """Sort key of pupils in lists: first name, surname, form."""
    return plain_letters(called(pupil)), plain_letters(pupil.last), pupil.form, pupil.id


def _age(year: str) -> tuple[float, str]:
    """Sort key of year groups: N, R, 1 and on, then names unknown to any policy."""
    before_1 = {"N": -1, "R": 0}
    return (int(year) if year.isdecimal() else before_1.get(year, inf)), year
