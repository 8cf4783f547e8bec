"""Finds names by prefix, and by a prefix with one typing mistake.

The names are one sorted list in which names with a common prefix are adjacent. A prefix is a stretch of that
list, found by bisection; the letters that can follow it are found by jumping from one sub-stretch to the
next. A mistake is tried at each position of the typed letters, only with letters that some name has there. So
the cost grows with the length of the typed text and hardly with the number of pupils.

Measured for 20,000 pupils with 100,000 names: 0.6 ms a key press. A library that compares the typed letters
with every name (rapidfuzz: `cdist` with OSA over the prefixes) took 57 ms and does not give the letters that
can follow; a precomputed list of all misspellings would be a hundred times as long as the names.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_AFTER_ALL_LETTERS = "\x7f"
_NAMES_EACH = 8
"""More names than most pupils have: five, or eight with names of two or three words."""


class Stretch(NamedTuple):
    """The names from `first` up to but not including `end`, which share a prefix of `length` letters."""

    first: int
    end: int
    length: int


class NameIndex:
    """An index of names in capitals A–Z and their owners.

    Args:
        names: pairs of a name and its owner's number; several owners may share a name, and an owner may have
            several names.
    """

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        pairs = sorted(names)
        self._names = [name for name, _ in pairs]
        self._owners = [owner for _, owner in pairs]
        self._places: dict[int, list[int]] = {}
        for place, owner in enumerate(self._owners):
            self._places.setdefault(owner, []).append(place)

    def with_prefix(self, letters: str) -> Stretch:
        """The names with this prefix; an empty stretch when there are none."""
        return self._narrowed(Stretch(0, len(self._names), 0), letters)

    def owners(self, stretch: Stretch) -> set[int]:
        """The owners of these names."""
        return set(self._owners[stretch.first : stretch.end])

    def letters_after(self, stretch: Stretch, among: set[int] | None) -> set[str]:
        """The letters that can follow in these names, for the owners in `among`; `None` means all owners."""
        if among is not None and len(among) * _NAMES_EACH < stretch.end - stretch.first:
            return self._letters_of_few(stretch, among)
        return {
            letter
            for letter, further in self.onwards(stretch)
            if among is None or not among.isdisjoint(self._owners[further.first : further.end])
        }

    def onwards(self, stretch: Stretch) -> Iterator[tuple[str, Stretch]]:
        """The letters that can follow, in order, each with the names that continue with it."""
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

    def near_misses(self, letters: str) -> Iterator[Stretch]:
        """The names with a prefix one mistake away from these letters: one letter wrong, missing or surplus,
        or two neighbours swapped.

        The stretches may overlap, and may include names with exactly these letters.
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
        """`letters_after` for few owners: examines all their names instead of the stretch."""
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
