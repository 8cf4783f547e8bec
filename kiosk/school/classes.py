"""The classes of a school, and the first names of one class in groups by letter.

These are the only lists of pupils that can be browsed. A pupil who is kept off such lists (`Pupil.off_lists`)
is in none of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle

from kiosk.school.display_names import given_name
from kiosk.school.letters import plain_letters
from kiosk.school.roster import Roster, age_of_year
from sync.wire import Pupil

MOST_NAMES = 8
"""The most names shown at once: two rows of four large tiles."""


ANIMALS = ("rabbit", "bird", "squirrel", "fish", "turtle", "cat", "snail", "dog", "bug")
"""The animals that stand for classes."""
ANIMAL_OF_NAME = {
    "rabbit": "rabbit",
    "bunn": "rabbit",
    "hare": "rabbit",
    "owl": "bird",
    "bird": "bird",
    "robin": "bird",
    "squirrel": "squirrel",
    "fish": "fish",
    "turtle": "turtle",
    "tortoise": "turtle",
    "cat": "cat",
    "kitten": "cat",
    "snail": "snail",
    "dog": "dog",
    "pupp": "dog",
    "bug": "bug",
    "ladybird": "bug",
    "beetle": "bug",
}
"""The animals of classes that are named after one in English, by how the name begins."""


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class with the pupils who may be listed, by first name."""

    year: str
    form: str
    animal: str
    """One of `ANIMALS`; up to nine classes have one each."""
    colour: int
    """The number of its colour. Animal and colour stay the same while the classes do."""
    pupils: tuple[Pupil, ...]


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Some of a class's names, which are shown together."""

    label: str
    """The first letters of its names: `A – C`, or `A`."""
    names: tuple[tuple[Pupil, str], ...]
    """Each pupil with the name to show."""


def classes_of(roster: Roster, years: Iterable[str]) -> tuple[SchoolClass, ...]:
    """The classes of these years, the youngest first; none of a class whose pupils are all kept off lists."""
    wanted, listed = set(years), dict[tuple[str, str], list[Pupil]]()
    for pupil in roster:  # in the order of lists
        if pupil.year in wanted and not pupil.off_lists:
            listed.setdefault((pupil.year, pupil.form), []).append(pupil)
    in_order = sorted(listed, key=lambda each: (age_of_year(each[0]), each[1]))
    animals = _animals([form for _, form in in_order])
    return tuple(
        SchoolClass(year, form, animal, colour, tuple(listed[year, form]))
        for colour, ((year, form), animal) in enumerate(zip(in_order, animals, strict=True))
    )


def _animals(forms: Sequence[str]) -> list[str]:
    """An animal for each class: its own if it is named after one, otherwise one that no other class has, as
    long as there are any."""
    own: list[str | None] = []
    for form in forms:
        named = next(
            (each for name, each in ANIMAL_OF_NAME.items() if form.casefold().startswith(name)), None
        )
        own.append(named if named not in own else None)
    free = cycle([each for each in ANIMALS if each not in own] or ANIMALS)
    return [each or next(free) for each in own]


def name_groups(pupils: Sequence[Pupil], roster: Roster) -> tuple[NameGroup, ...]:
    """First names by letter, at most `MOST_NAMES` in a group; a letter is split only if it has more names.

    A first name that two pupils share is shown with as much of the surname as tells them apart.
    """
    times = Counter(given_name(pupil).casefold() for pupil in pupils)
    names = [
        (pupil, given_name(pupil) if times[given_name(pupil).casefold()] == 1 else roster.display_name(pupil))
        for pupil in pupils
    ]
    groups: list[list[tuple[Pupil, str]]] = []
    for letter in _by_letter(names):
        if groups and len(groups[-1]) + len(letter) <= MOST_NAMES:
            groups[-1] += letter
        else:
            groups += [letter[start : start + MOST_NAMES] for start in range(0, len(letter), MOST_NAMES)]
    return tuple(NameGroup(_label(group), tuple(group)) for group in groups)


def _by_letter(names: Sequence[tuple[Pupil, str]]) -> list[list[tuple[Pupil, str]]]:
    letters: dict[str, list[tuple[Pupil, str]]] = {}
    for pupil, name in names:
        letters.setdefault(_first_letter(name), []).append((pupil, name))
    return list(letters.values())


def _first_letter(name: str) -> str:
    return plain_letters(name)[:1] or name[:1].upper()


def _label(group: Sequence[tuple[Pupil, str]]) -> str:
    first, last = _first_letter(group[0][1]), _first_letter(group[-1][1])
    return first if first == last else f"{first} – {last}"
