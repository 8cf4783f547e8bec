"""Finds pupils by their initials: two letters, the first name's and the surname's, in either order.

In a school of several hundred, many pupils share the first two letters of a first name, and few share both
initials. So two letters are enough for nearly every pupil (`tests/kiosk/school/test_roster_touches.py`).
"""

from collections import defaultdict
from collections.abc import Iterable

from kiosk.school.display_names import given_name
from kiosk.school.letters import plain_letters, words_of
from sync.wire import Pupil


class Initials:
    """The initials of numbered pupils.

    A pupil has the initial of the name that they go by and of the one on the register, and one for each word
    of the surname: Isla St John is IS and IJ.

    Args:
        pupils: the pupils with their numbers.
    """

    def __init__(self, pupils: Iterable[tuple[int, Pupil]]) -> None:
        self._first_name_first: dict[str, set[int]] = defaultdict(set)
        self._surname_first: dict[str, set[int]] = defaultdict(set)
        for number, pupil in pupils:
            firsts = {plain_letters(name)[:1] for name in (given_name(pupil), pupil.first)} - {""}
            for first in firsts:
                for last in {word[0] for word in words_of(pupil.last)}:
                    self._first_name_first[first + last].add(number)
                    self._surname_first[last + first].add(number)

    def first_name_first(self, letters: str) -> set[int]:
        """The numbers of the pupils with these initials; none unless there are two letters."""
        return set(self._first_name_first.get(letters, ()))

    def surname_first(self, letters: str) -> set[int]:
        """The same with the initial of the surname first."""
        return set(self._surname_first.get(letters, ()))

    def after(self, letter: str, among: set[int] | None) -> set[str]:
        """The letters that make initials with that one.

        Args:
            letter: the first letter.
            among: the numbers of the pupils that count; `None` for all.
        """
        return {
            pair[1]
            for pairs in (self._first_name_first, self._surname_first)
            for pair, numbers in pairs.items()
            if pair[0] == letter and (among is None or numbers & among)
        }
