"""The columns of a CSV file, found by their headings as English schools' systems write them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.register.roster.errors import RosterError
from sync.register.roster.rows import RosterField

NEEDED = (RosterField.FIRST, RosterField.LAST, RosterField.YEAR)

HEADINGS: dict[RosterField, tuple[str, ...]] = {
    RosterField.FIRST: (
        "Legal forename", "Forename", "Legal first name", "First name", "Given name", "Forenames",
        "First names", "Pupil forename", "Student forename", "Pupil first name", "Student first name",
    ),
    RosterField.LAST: (
        "Legal surname", "Surname", "Legal last name", "Last name", "Family name", "Legal family name",
        "Pupil surname", "Student surname", "Pupil last name", "Student last name", "Preferred surname",
        "Preferred last name",
    ),
    RosterField.PREFERRED: (
        "Preferred forename", "Preferred name", "Preferred first name", "Preferred given name", "Known as",
        "Chosen name", "Chosen forename", "Chosen first name", "Called name",
    ),
    RosterField.YEAR: (
        "NC year", "NC year actual", "NC year group", "National curriculum year",
        "National curriculum year group", "Curriculum year", "Year group", "Year", "Yr", "Year taught in",
        "Student year", "Pupil year", "Grade",
    ),
    RosterField.FORM: (
        "Reg group", "Registration group", "Reg form", "Registration form", "Registration class", "Reg",
        "Registration", "Form", "Form group", "Form name", "Tutor group", "Tutor group name", "Class",
        "Class name", "Homeroom",
    ),
    RosterField.UPN: ("UPN", "Unique pupil number", "Pupil UPN", "Student UPN"),
    RosterField.ADMISSION: (
        "Adm no", "Admission no", "Admission number", "Admissions number", "Adm number", "Admission num",
        "Ad no", "Student number", "Pupil number", "School admission number",
    ),
    RosterField.ID: (
        "MIS ID", "SIS ID", "Pupil ID", "Student ID", "SIMS ID", "Arbor ID", "Arbor student ID", "Bromcom ID",
        "Person ID", "External ID", "ID",
    ),
}  # fmt: skip
"""The headings of each field, best first. Only letters and digits count: `Adm. No` is `adm no` is `AdmNo`.

Legal names come before others: the preferred forename, which a kiosk shows, has a column of its own.
"""


def plain(heading: str) -> str:
    """A heading reduced to its letters and digits."""
    return "".join(filter(str.isalnum, heading)).casefold()


_PLACES = {
    plain(heading): (field, rank)
    for field, headings in HEADINGS.items()
    for rank, heading in enumerate(headings)
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each field."""

    headings: tuple[str, ...]
    at: Mapping[RosterField, int]

    @property
    def fields(self) -> list[tuple[RosterField, str]]:
        """Each detected field with its heading, for the user to confirm."""
        return [(field, self.headings[self.at[field]]) for field in RosterField if field in self.at]

    @property
    def unread(self) -> list[str]:
        """The headings that are not read."""
        read = set(self.at.values())
        return [heading for place, heading in enumerate(self.headings) if place not in read and heading]

    def cells(self, row: Sequence[str]) -> dict[RosterField, str]:
        """The text of each field in a row."""
        return {field: row[place] for field, place in self.at.items()}


def score(cells: Iterable[str]) -> int:
    """How many of a row's cells look like headings of a roster."""
    return sum(1 for cell in cells if plain(cell) in _PLACES)


def find(name: str, headings: Sequence[str], chosen: Mapping[RosterField, str]) -> Columns:
    """Find the columns.

    Args:
        name: the file's name, for error texts.
        headings: the file's headings.
        chosen: headings that the user has named; the other columns are detected.

    Raises:
        RosterError: a named heading does not exist, or a required column was not found.
    """
    at = {field: _place(name, headings, heading) for field, heading in chosen.items()}
    best: dict[RosterField, tuple[int, int]] = {}
    for place, heading in enumerate(headings):
        field, rank = _PLACES.get(plain(heading), (None, 0))
        if field and field not in at and place not in at.values():
            best[field] = min(best.get(field, (rank, place)), (rank, place))
    at |= {field: place for field, (_, place) in best.items()}
    missing = [field for field in NEEDED if field not in at]
    if missing:
        there = _words(heading for heading in headings if heading)
        raise RosterError(
            f"{name} has no column for {_words(missing)} among: {there}",
            advice=f"name it, for example --map {missing[0]}=“{HEADINGS[missing[0]][1]}”",
        )
    return Columns(tuple(headings), at)


def _place(name: str, headings: Sequence[str], chosen: str) -> int:
    for place, heading in enumerate(headings):
        if plain(heading) == plain(chosen):
            return place
    there = _words(heading for heading in headings if heading)
    raise RosterError(f"{name} has no column {chosen!r}; it has {there}")


def _words(items: Iterable[str]) -> str:
    texts = [str(item)[:40] for item in items]
    return ", ".join(texts[:20]) + (f" and {len(texts) - 20} more" if len(texts) > 20 else "")
