"""One row of a roster, independent of the file's format: its pupil, or what is wrong with it."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync.register.roster import upn as upns
from sync.register.roster.errors import CellError
from sync.register.roster.years import normal_year

LONGEST_NAME = 100
LONGEST_ID = 64
"""The longest `pupil` of an entry (`sync.wire.Entry`)."""


_LONGEST_UNCOMPOSED = 2 * LONGEST_NAME
"""Accents may be characters of their own, and become one with their letter. The time for that grows with the
square of the accents on a letter: one cell took a minute."""


_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
"""Soft hyphens, spaces without width and marks of the writing direction, which spreadsheets and web pages
leave in names: with one, a name is not found, or reads backwards. The joiners of Urdu and Punjabi stay."""


class RosterField(StrEnum):
    """A field that is read. The values are the names that `--map` takes."""

    FIRST = "first"
    LAST = "last"
    PREFERRED = "preferred"
    YEAR = "year"
    FORM = "form"
    UPN = "upn"
    ADMISSION = "admission"
    ID = "id"


@dataclass(frozen=True, slots=True)
class FilePosition:
    """The position of a row."""

    file: str
    line: int
    """Counted from 1, as in an editor."""

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class PupilNumbers:
    """The numbers by which a row's pupil can be recognised; empty when the row has none."""

    upn: str = ""
    admission: str = ""
    id: str = ""

    @property
    def any(self) -> bool:
        """Whether the row has at least one."""
        return bool(self.upn or self.admission or self.id)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A pupil as the file has them.

    `None` means that the file has no such column, an empty text that the pupil has none.
    """

    place: FilePosition
    keys: PupilNumbers
    first: str
    last: str
    preferred: str | None
    year: str
    form: str | None


class Weight(StrEnum):
    """The consequence of a fault for its row."""

    REFUSED = "refused"
    """The row was refused; its pupil stays as they are."""
    WARNING = "warning"
    """The row was accepted without the faulty value."""
    NOTE = "note"
    """The row is not a pupil's, such as a total at the end of a report."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault in one row."""

    place: FilePosition
    reason: str
    weight: Weight = Weight.REFUSED
    keys: PupilNumbers = PupilNumbers()
    """The numbers of the row's pupil, as far as known: a pupil with a faulty row has not left."""
    name: tuple[str, str] | None = None
    """The first and last name, likewise, for a row without numbers."""

    @property
    def could_be_any(self) -> bool:
        """Whether a row was refused and could be any pupil's: then no pupil can be said to have left."""
        recognisable = self.keys.any or (self.name is not None and all(self.name))
        return self.weight is Weight.REFUSED and not recognisable

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def check(place: FilePosition, cells: Mapping[RosterField, str]) -> Iterator[RosterRow | RowFault]:
    """Check one row of a file: at most one `RosterRow`, and each fault found in it.

    Args:
        place: the row's position.
        cells: the text of each field that the file has.
    """
    upn, wrong_upn = _upn(cells.get(RosterField.UPN, ""))
    keys = PupilNumbers(
        upn, _squeezed(cells.get(RosterField.ADMISSION, "")), _squeezed(cells.get(RosterField.ID, ""))
    )
    try:
        row = RosterRow(
            place=place,
            keys=_short_enough(keys),
            first=_name(cells, RosterField.FIRST, "first name"),
            last=_name(cells, RosterField.LAST, "last name"),
            preferred=_optional(cells, RosterField.PREFERRED, "preferred name"),
            year=normal_year(cells.get(RosterField.YEAR, "")),
            form=_optional(cells, RosterField.FORM, "form"),
        )
    except CellError as error:
        name = (_squeezed(cells.get(RosterField.FIRST, "")), _squeezed(cells.get(RosterField.LAST, "")))
        yield RowFault(place, str(error), keys=keys, name=name)
        return
    if wrong_upn:
        yield RowFault(place, wrong_upn, Weight.WARNING, keys)
    yield row


def _upn(text: str) -> tuple[str, str | None]:
    """The UPN, or none and the reason. A pupil with a wrong UPN is on roll all the same, so the row is
    accepted."""
    tidy = upns.tidy(text)
    wrong = upns.fault(tidy) if tidy else None
    if wrong is None:
        return tidy, None
    return "", f"the UPN {tidy[:20]!r} {wrong}; the pupil is imported without it"


def _name(cells: Mapping[RosterField, str], field: RosterField, label: str) -> str:
    text = _text(cells.get(field, ""), label)
    if not text:
        raise CellError(f"there is no {label}")
    return text


def _optional(cells: Mapping[RosterField, str], field: RosterField, label: str) -> str | None:
    return _text(cells[field], label) if field in cells else None


def _text(text: str, label: str) -> str:
    # The fast path for nearly all names.
    if text.isascii() and text.isprintable() and len(text) <= LONGEST_NAME:
        return _squeezed(text)
    # A line break in a name means that a quotation mark was not closed.
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text.strip()):
        raise CellError(f"the {label} contains a line break or a control character")
    squeezed = _squeezed(text)
    if len(squeezed) > LONGEST_NAME:
        raise CellError(f"the {label} is longer than {LONGEST_NAME} characters")
    return squeezed


def _squeezed(text: str) -> str:
    """Normalised text: single spaces, no invisible marks, and accents in one form, so that equal names
    compare equal. A text too long for any field keeps its accents as they are."""
    spaced = " ".join(text.translate(_INVISIBLE).split())
    return spaced if len(spaced) > _LONGEST_UNCOMPOSED else unicodedata.normalize("NFC", spaced)


def _short_enough(keys: PupilNumbers) -> PupilNumbers:
    for label, text in (("admission number", keys.admission), ("id", keys.id)):
        if len(text) > LONGEST_ID:
            raise CellError(f"the {label} is longer than {LONGEST_ID} characters")
        if not text.isprintable():
            raise CellError(f"the {label} contains a control character")
    return keys
