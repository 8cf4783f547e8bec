"""The pupils of a school, and the search for one of them by the letters of a name or by card.

A roster is immutable and in memory; a new bundle makes a new roster, which replaces the old one.

The search tolerates one typing mistake in all of the typed text, in a word of at least four letters:

- While there are exact matches, no inexact match is listed: it would show a pupil's name needlessly, and
  might be touched in haste. `has_more` then says that further letters lead to other pupils.
- An inexact match is marked (`SearchResult.approximate`): the user must say that it is the right pupil.
- First names that begin with the letters are listed before second names and surnames. Pupils of the same
  first name are listed together where they fit, the most frequent name first: a list that stops in the
  middle of a name would offer a child another pupil of that name and not the child.
- Two letters may also be a pupil's initials (`kiosk.school.initials`): those with the first name's initial
  first are listed after the first names that begin with the letters, those with the surname's first last.
- A pupil who is kept off lists (`Pupil.off_lists`) is found only by the whole name. No key is enabled for
  their sake, because the keys would spell the name letter by letter; in a school with such a pupil grey keys
  can be typed all the same (`takes_any_letter`).
- A key is grey when no name continues with its letter. In the first four letters no mistake is tolerated, so
  most mistakes cannot even be typed. From the fifth letter on, a key is grey only when it leads to no pupil
  even with one mistake. After a mistake, most keys are grey.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from math import inf
from string import ascii_uppercase

from kiosk.school.display_names import DisplayNames, given_name
from kiosk.school.initials import Initials
from kiosk.school.letters import plain_letters, search_keys
from kiosk.school.name_index import NameIndex, Stretch
from sync.wire import BundleCards, Pupil, card_hash

MOST_LETTERS = 24
"""The most letters that can be typed."""
MOST_FOUND = 6
"""The most names shown at once, because the roster is not for browsing."""
FEWEST_LETTERS = 2
"""The fewest letters for which names are shown."""
TOLERANT_FROM = 4
"""The fewest letters of a word in which a mistake is tolerated."""

_SPACE = " "
_BARCODE = "barcode:"
_LETTERS = frozenset(ascii_uppercase)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The pupils found for some letters, and the letters that can follow."""

    pupils: tuple[Pupil, ...]
    """Those whose first name begins with the letters, those with these initials, then the others; each sorted
    by first name, surname, form."""
    next_letters: frozenset[str]
    """Letters A–Z that can follow, and ` ` if a space can."""
    has_more: bool
    """Whether further letters lead to other pupils."""
    approximate: bool = False
    """Whether the pupils match only with one mistake: a letter wrong, surplus, missing or swapped."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The pupils who match the words before the last one."""

    exact: set[int] | None
    """`None` means all pupils."""
    inexact: set[int]
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
        self._off_lists = tuple(pupil for pupil in self._pupils if pupil.off_lists)
        self._listed = [(number, each) for number, each in enumerate(self._pupils) if not each.off_lists]
        self._for_staff: Roster | None = None
        self._names = NameIndex(
            (key, number)
            for number, pupil in self._listed
            for key in search_keys(pupil)
            if len(key) >= FEWEST_LETTERS  # a name of one letter can never be listed
        )
        self._given = [plain_letters(given_name(pupil)) for pupil in self._pupils]
        self._by_first_name = tuple(
            NameIndex((plain_letters(first + pupil.last), number) for number, first, pupil in named)
            for named in (
                [(number, given_name(pupil), pupil) for number, pupil in self._listed],
                [(number, pupil.first, pupil) for number, pupil in self._listed],
            )
        )
        """The names from the first name on: the one that the pupil goes by, and the one on the register."""
        self._initials = Initials(self._listed)
        self._in_year: dict[str, set[int]] = {}
        for number, pupil in self._listed:
            self._in_year.setdefault(pupil.year, set()).add(number)

    def __len__(self) -> int:
        return len(self._pupils)

    def __iter__(self) -> Iterator[Pupil]:
        return iter(self._pupils)

    def by_id(self, pupil_id: str) -> Pupil | None:
        """The pupil with that id, or `None`."""
        return self._by_id.get(pupil_id)

    def by_card(self, names: Sequence[str]) -> Pupil | None:
        """The card's owner; `None` if the card is unknown or its owner uncertain (see `owners`)."""
        owners = self.owners(names)
        return owners[0] if len(owners) == 1 else None

    def owners(self, names: Sequence[str]) -> tuple[Pupil, ...]:
        """The pupils whose card this may be. If there are several, the caller must not choose one.

        The first name decides alone when it is a card's full number. All other names are guesses at the
        reader's spelling, as is a `barcode:`, which may be part of a card's number.

        A guess that leads to exactly one pupil is accepted. With a reader that sends three of a card's four
        bytes, an unknown card could then pass for that pupil's, with a chance of one in 16 million (2 to the
        24th). Refusing guesses would make cards enrolled at another reader useless there.

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
        return tuple(sorted(self._in_year, key=age_of_year))

    @property
    def takes_any_letter(self) -> bool:
        """Whether a grey key may be typed all the same; see the module's docstring."""
        return bool(self._off_lists)

    def find(self, letters: str, *, year: str | None = None, by_staff: bool = False) -> SearchResult:
        """The pupils whose names begin with these letters, and the letters that can follow.

        Args:
            letters: capitals A–Z; a space starts another of the pupil's names, in either order.
            year: limits the search to a year group; `None` for all. `FEWEST_LETTERS` applies here, too.
            by_staff: whether a member of staff searches, who also finds pupils kept off lists.
        """
        if not self._off_lists:
            return self._find_listed(letters, year)
        if by_staff:
            return self._find_as_staff(letters, year)
        result = self._find_listed(letters, year)
        if not (named := self._with_whole_name(letters, year)):
            return result
        others = () if result.approximate else result.pupils
        return replace(result, pupils=(*named, *others)[:MOST_FOUND], approximate=False)

    def _find_as_staff(self, letters: str, year: str | None) -> SearchResult:
        if self._for_staff is None:
            everyone = [pupil.model_copy(update={"off_lists": False}) for pupil in self._pupils]
            self._for_staff = Roster(everyone, self._cards)
        result = self._for_staff.find(letters, year=year)
        return replace(result, pupils=tuple(self._by_id[pupil.id] for pupil in result.pupils))

    def _with_whole_name(self, letters: str, year: str | None) -> tuple[Pupil, ...]:
        """The pupils kept off lists whose first and last name these are, in either order."""
        typed = letters.replace(_SPACE, "")
        cut = len(letters) >= MOST_LETTERS
        return tuple(
            pupil
            for pupil in self._off_lists
            if year in (None, pupil.year)
            and any(typed == name or (cut and name.startswith(typed)) for name in _whole_names(pupil))
        )

    def _find_listed(self, letters: str, year: str | None) -> SearchResult:
        *whole, last = letters.split(_SPACE)
        words = self._words(filter(None, whole), year)
        typed = self._names.with_prefix(last)
        next_letters = self._next_letters(words, last, typed)
        if len(letters.replace(_SPACE, "")) < FEWEST_LETTERS:
            in_year = None if year is None else self._in_year.get(year, set())
            return SearchResult((), next_letters | self._initials.after(letters, in_year), has_more=False)
        exact, inexact = self._matching(words, last, typed)
        matches = exact or inexact
        if matches and last:
            next_letters |= {_SPACE}
        own, turned = self._by_initials(letters, year)
        listed = self._first_six(matches, letters, own, turned, exact=bool(exact))
        return SearchResult(
            tuple(self._pupils[number] for number in listed),
            next_letters,
            has_more=len(matches | own | turned) > MOST_FOUND or bool(exact and inexact - exact),
            approximate=bool(inexact and not exact),
        )

    def _by_initials(self, letters: str, year: str | None) -> tuple[set[int], set[int]]:
        """The pupils with these initials: with the first name's first, and with the surname's first."""
        found = self._initials.first_name_first(letters), self._initials.surname_first(letters)
        if year is None:
            return found
        in_year = self._in_year.get(year, set())
        return found[0] & in_year, found[1] & in_year

    def _first_six(
        self, found: set[int], letters: str, own: set[int], turned: set[int], *, exact: bool
    ) -> list[int]:
        """The numbers of the pupils to list, in order; see the module's docstring.

        Args:
            found: the pupils who match by the letters of a name.
            letters: the letters.
            own: those who match by their initials, the first name's first.
            turned: the same, the surname's first.
            exact: whether those found match without a mistake.
        """
        word = letters.split(maxsplit=1)[0]
        listed: list[int] = []
        for names in self._by_first_name:
            begins = names.owners(names.with_prefix(word))
            if not exact:
                begins.update(*map(names.owners, names.near_misses(word)))
            listed += self._most_of(found & begins - set(listed), MOST_FOUND - len(listed))
        for others in (own, found, turned):
            listed += self._most_of(others - set(listed), MOST_FOUND - len(listed))
        return listed

    def _most_of(self, found: set[int], places: int) -> list[int]:
        """As many of these pupils as fit, whole groups of a first name before parts of one."""
        if len(found) <= places:
            return sorted(found)
        same_name: dict[str, list[int]] = {}
        for number in sorted(found):
            same_name.setdefault(self._given[number], []).append(number)
        fitting: list[int] = []
        for group in sorted(same_name.values(), key=len, reverse=True):  # stable: then by name
            if len(fitting) + len(group) <= places:
                fitting += group
        rest = nsmallest(places - len(fitting), found.difference(fitting))
        return sorted(fitting + rest)

    def _words(self, whole: Iterable[str], year: str | None) -> _Words:
        exact = None if year is None else self._in_year.get(year, set())
        words = _Words(exact, set())
        for word in whole:
            words = _Words(*self._matching(words, word, self._names.with_prefix(word)))
        return words

    def _matching(self, words: _Words, word: str, typed: Stretch) -> tuple[set[int], set[int]]:
        """The pupils who also match this word: exactly, and with one mistake in all words together."""
        if not word:  # no letters after the space yet
            return words.exact or set(), words.inexact
        owners = self._names.owners(typed)
        inexact = words.inexact & owners
        if len(word) >= TOLERANT_FROM:
            for stretch in self._names.near_misses(word):
                inexact |= words.of(self._names.owners(stretch))
        return words.of(owners), inexact

    def _next_letters(self, words: _Words, last: str, typed: Stretch) -> frozenset[str]:
        letters = self._names.letters_after(typed, words.exact)
        if words.inexact:
            letters |= self._names.letters_after(typed, words.inexact)
        if len(last) < TOLERANT_FROM:
            return frozenset(letters)
        if words.of(self._names.owners(typed)):
            return _LETTERS  # any next letter may be a surplus one
        for stretch in self._names.near_misses(last):
            letters |= self._names.letters_after(stretch, words.exact)
        return frozenset(letters)


def _whole_names(pupil: Pupil) -> set[str]:
    last = plain_letters(pupil.last)
    firsts = {plain_letters(pupil.first), plain_letters(given_name(pupil))}
    return {first + last for first in firsts} | {last + first for first in firsts}


def _sort_key(pupil: Pupil) -> tuple[str, str, str, str]:
    """Sort key of pupils in lists: first name, surname, form."""
    return plain_letters(given_name(pupil)), plain_letters(pupil.last), pupil.form, pupil.id


def age_of_year(year: str) -> tuple[float, str]:
    """Sort key of year groups: N, R, 1 and on, then names unknown to any policy."""
    before_1 = {"N": -1, "R": 0}
    return (int(year) if year.isdecimal() else before_1.get(year, inf)), year
