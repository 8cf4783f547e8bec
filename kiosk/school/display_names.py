"""How pupils are called where anybody may read it: the name they are called and as little of the surname as
tells them apart from everybody in their form.

Mohammed Ali and Mohammed Ahmed of 7B are “Mohammed Al.” and “Mohammed Ah.”; of an Ali and an Alim the first
is “Mohammed Ali”. Two who have the very same name cannot be told apart by any of it.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from kiosk.school.letters import plain_letters
from sync.wire import Pupil


class ShownNames:
    """The names of one school's pupils, decided once.

    Args:
        pupils: everybody in the school.
    """

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        alike: defaultdict[tuple[str, str, str], list[Pupil]] = defaultdict(list)
        for pupil in pupils:
            alike[(_heard(called(pupil)), _heard(pupil.last[:1]), pupil.form)].append(pupil)
        self._names: dict[str, str] = {}
        self._same: set[str] = set()
        for group in alike.values():
            if len(group) > 1:
                self._tell_apart(group)

    def of(self, pupil: Pupil) -> str:
        """First name and initial, or as much more as is needed. Also of a pupil who has left the roster."""
        return self._names.get(pupil.id) or _shown(pupil, 1)

    def is_shared(self, pupil: Pupil) -> bool:
        """Whether another pupil of the form has the very same name."""
        return pupil.id in self._same

    def _tell_apart(self, group: Sequence[Pupil]) -> None:
        times = Counter(map(_whole, group))
        self._same.update(pupil.id for pupil in group if times[_whole(pupil)] > 1)
        # In order, whatever begins most like a surname stands beside it.
        order = sorted(((_folded(pupil.last), pupil) for pupil in group), key=lambda each: each[0])
        shared = [0, *(_in_common(one, next_one) for (one, _), (next_one, _) in pairwise(order)), 0]
        for (_, pupil), before, after in zip(order, shared, shared[1:], strict=False):
            self._names[pupil.id] = _shown(pupil, max(before, after) + 1)


def called(pupil: Pupil) -> str:
    """The first name by which they are called."""
    return pupil.preferred or pupil.first


def _shown(pupil: Pupil, length: int) -> str:
    """With so many letters of the surname, or some more where they would end in a hyphen or a space."""
    parts = _parts(pupil.last)
    while length < len(parts) and not parts[length - 1][0].isalnum():
        length += 1
    last = "".join(parts[:length])
    dot = "." if length < len(parts) or len(parts) == 1 else ""
    return f"{called(pupil)} {last}{dot}" if last else called(pupil)


def _parts(name: str) -> list[str]:
    """The letters, each with the marks that belong to it: none is cut from its accent or its vowel sign."""
    parts: list[str] = []
    for letter in unicodedata.normalize("NFC", name):
        if parts and unicodedata.category(letter).startswith("M"):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def _folded(name: str) -> list[str]:
    """What is compared: Ali and ALI are no difference to somebody who reads in haste."""
    return [part.casefold() for part in _parts(name)]


def _in_common(one: list[str], other: list[str]) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _whole(pupil: Pupil) -> tuple[str, ...]:
    return (*_folded(called(pupil)), " ", *_folded(pupil.last))


@lru_cache(maxsize=4096)  # most first names of a school are several pupils', and most initials are many's
def _heard(name: str) -> str:
    """Zoe and Zoë are taken for one another."""
    return plain_letters(name) or name.casefold()
