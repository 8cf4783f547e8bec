"""Pupils' names on public screens: the first name, and as few letters of the surname as make it unique in the
form.

Mohammed Ali and Mohammed Ahmed of 7B are shown as “Mohammed Al.” and “Mohammed Ah.”; of an Ali and an Alim
the first is “Mohammed Ali”. Two pupils with the same full name cannot be distinguished.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from kiosk.school.letters import plain_letters
from sync.wire import Pupil


class DisplayNames:
    """The display names of one school's pupils.

    Args:
        pupils: all pupils of the school.
    """

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        alike: defaultdict[tuple[str, str, str], list[Pupil]] = defaultdict(list)
        for pupil in pupils:
            alike[(_sound_key(given_name(pupil)), _sound_key(pupil.last[:1]), pupil.form)].append(pupil)
        self._names: dict[str, str] = {}
        self._same: set[str] = set()
        for group in alike.values():
            if len(group) > 1:
                self._distinguish(group)

    def of(self, pupil: Pupil) -> str:
        """First name and initial, with more letters if needed; also for a pupil who has left the roster."""
        return self._names.get(pupil.id) or _display(pupil, 1)

    def is_shared(self, pupil: Pupil) -> bool:
        """Whether another pupil of the form has the same full name."""
        return pupil.id in self._same

    def _distinguish(self, group: Sequence[Pupil]) -> None:
        times = Counter(map(_whole, group))
        self._same.update(pupil.id for pupil in group if times[_whole(pupil)] > 1)
        # In sorted order, the surname that shares the most letters is a neighbour.
        order = sorted(((_folded(pupil.last), pupil) for pupil in group), key=lambda each: each[0])
        shared = [0, *(_in_common(one, next_one) for (one, _), (next_one, _) in pairwise(order)), 0]
        for (_, pupil), before, after in zip(order, shared, shared[1:], strict=False):
            self._names[pupil.id] = _display(pupil, max(before, after) + 1)


def given_name(pupil: Pupil) -> str:
    """The first name that the pupil goes by."""
    return pupil.preferred or pupil.first


def _display(pupil: Pupil, length: int) -> str:
    """The name with `length` letters of the surname, or more if it would end in a hyphen or space."""
    parts = _parts(pupil.last)
    while length < len(parts) and not parts[length - 1][0].isalnum():
        length += 1
    last = "".join(parts[:length])
    dot = "." if length < len(parts) or len(parts) == 1 else ""
    return f"{given_name(pupil)} {last}{dot}" if last else given_name(pupil)


def _parts(name: str) -> list[str]:
    """The letters of a name, each with its combining marks, so that no accent or vowel sign is cut off."""
    parts: list[str] = []
    for letter in unicodedata.normalize("NFC", name):
        if parts and unicodedata.category(letter).startswith("M"):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def _folded(name: str) -> list[str]:
    """The letters for comparison, without case: Ali and ALI look alike at a glance."""
    return [part.casefold() for part in _parts(name)]


def _in_common(one: list[str], other: list[str]) -> int:
    """How many letters the two names share at the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _whole(pupil: Pupil) -> tuple[str, ...]:
    return (*_folded(given_name(pupil)), " ", *_folded(pupil.last))


@lru_cache(maxsize=4096)  # first names and initials repeat within a school
def _sound_key(name: str) -> str:
    """A key that is equal for names easily confused, such as Zoe and Zoë."""
    return plain_letters(name) or name.casefold()
