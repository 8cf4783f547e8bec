"""Finding names by their beginnings, and by beginnings with one mistake.

The names are one sorted list, and whatever begins alike stands together in it: a beginning is a stretch of
the list, found by bisection, and the letters after it are found by leaping from one stretch to the next. A
mistake is tried at each place of what was typed, and only with letters that some name has there; so the work
grows with what was typed and hardly with the number of pupils.

Measured for 20,000 pupils with 100,000 names: 0.6 ms a touch. A library that compares the typed letters with
every name (rapidfuzz, its `cdist` with OSA over the names' beginnings) took 57 ms, and does not tell which
letters lead on; a list of all misspellings made beforehand would be a hundred times as long as the names.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_AFTER_ALL_LETTERS = "\x7f"
_NAMES_OF_ONE = 8
"""More names than most owners have (five, of two or three words eight)."""


class Stretch(NamedTuple):
    """The names from `first` up to `end` (not included): all with the same beginning of `length` letters."""

    first: int
    end: int
    length: int


class NameIndex:
    """Names in capitals A–Z, and whose they are.

    Args:
        names: each with the number of its owner; the same name may have several owners, and the reverse.
    """

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        pairs = sorted(names)
        self._names = [name for name, _ in pairs]
        self._owners = [owner for _, owner in pairs]
        self._places: dict[int, list[int]] = {}
        for place, owner in enumerate(self._owners):
            self._places.setdefault(owner, []).append(place)

    def beginning(self, letters: str) -> Stretch:
        """The names that begin with these letters; an empty stretch where there are none."""
        return self._narrowed(Stretch(0, len(self._names), 0), letters)

    def owners(self, stretch: Stretch) -> set[int]:
        """Whose names those are."""
        return set(self._owners[stretch.first : stretch.end])

    def letters_after(self, stretch: Stretch, among: set[int] | None) -> set[str]:
        """The letters by which these names go on, counting only those owners' names; None: everybody's."""
        if among is not None and len(among) * _NAMES_OF_ONE < stretch.end - stretch.first:
            return self._letters_of_few(stretch, among)
        return {
            letter
            for letter, further in self.onwards(stretch)
            if among is None or not among.isdisjoint(self._owners[further.first : further.end])
        }

    def onwards(self, stretch: Stretch) -> Iterator[tuple[str, Stretch]]:
        """The letters that come next in these names, in order, each with the names that go on so."""
        position, length = stretch.first, stretch.length
        while position < stretch.end:
            name = self._names[position]
            if len(name) == length:  # a name that ends here
                position += 1
                continue
            further = name[: length + 1]
            end = bisect_left(self._names, further + _AFTER_ALL_LETTERS, position, stretch.end)
            yield name[length], Stretch(position, end, length + 1)
            position = end

    def nearly(self, letters: str) -> Iterator[Stretch]:
        """The names with a beginning that is one mistake away from these letters: one of them is wrong, too
        many, or missing, or two neighbours are swapped. The stretches may overlap.

        These letters themselves and what begins with them may be among the names.
        """
        right = Stretch(0, len(self._names), 0)
        for place, letter in enumerate(letters):
            before, after = letters[:place], letters[place + 1 :]
            yield from self._if_any(right, before + after)
            if after and after[0] != letter:
                yield from self._if_any(right, before + after[0] + letter + after[1:])
            for other, stretch in self.onwards(right):
                if other != letter:
                    yield from self._if_any(stretch, before + other + after)
                yield from self._if_any(stretch, before + other + letter + after)
            right = self._narrowed(right, letters[: place + 1])
            if right.first == right.end:
                return

    def _letters_of_few(self, stretch: Stretch, owners: set[int]) -> set[str]:
        """The same from the other side: by looking at all names of a few owners instead of the stretch."""
        first, end, length = stretch
        return {
            self._names[place][length]
            for owner in owners
            for place in self._places.get(owner, ())
            if first <= place < end and len(self._names[place]) > length
        }

    def _if_any(self, within: Stretch, letters: str) -> Iterator[Stretch]:
        stretch = self._narrowed(within, letters)
        if stretch.first < stretch.end:
            yield stretch

    def _narrowed(self, within: Stretch, letters: str) -> Stretch:
        first = bisect_left(self._names, letters, within.first, within.end)
        end = bisect_left(self._names, letters + _AFTER_ALL_LETTERS, first, within.end)
        return Stretch(first, end, len(letters))
