"""One row of a roster, whatever the file's format: what was read, or what is wrong with it."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync.register.roster import upn as upns
from sync.register.roster.errors import CellError, UnknownYearGroupError
from sync.register.roster.years import normal_year

LONGEST_NAME = 100
LONGEST_ID = 64
"""As long as an entry's `pupil` may be (`sync.wire.Entry`)."""


class RosterField(StrEnum):
    """What is read of a pupil. The values are what `--map` calls them."""

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
    """Where a row stands."""

    file: str
    line: int
    """Counted from 1, as an editor does."""

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class PupilNumbers:
    """The numbers by which a row's pupil can be recognised; empty where the row has none."""

    upn: str = ""
    admission: str = ""
    id: str = ""

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.upn or self.admission or self.id)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A pupil as the file has them.

    None: the file does not speak of it; empty: it says that there is none.
    """

    place: FilePosition
    keys: PupilNumbers
    first: str
    last: str
    preferred: str | None
    year: str
    form: str | None


class Weight(StrEnum):
    """What a fault means for its row."""

    REFUSED = "refused"
    """The row was not taken; its pupil stays as they are."""
    WARNING = "warning"
    """The row was taken, without what is wrong."""
    NOTE = "note"
    """The row is no pupil's, such as a total at the end of a report."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """Something wrong with one row."""

    place: FilePosition
    reason: str
    weight: Weight = Weight.REFUSED
    keys: PupilNumbers = PupilNumbers()
    """Whose row it is, as far as can be told: a pupil whose row is bad has not left."""
    name: tuple[str, str] | None = None
    """First and last name, likewise, for a row without numbers."""

    @property
    def anybodys(self) -> bool:
        """Whether a pupil's row is lost and there is no telling whose: then nobody is known to have left."""
        told = self.keys.any or (self.name is not None and all(self.name))
        return self.weight is Weight.REFUSED and not told

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def check(place: FilePosition, cells: Mapping[RosterField, str]) -> Iterator[RosterRow | RowFault]:
    """What one row of a file is worth: at most one `Row`, and each fault that was found in it.

    Args:
        place: where it stands.
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
    except (CellError, UnknownYearGroupError) as error:
        name = (_squeezed(cells.get(RosterField.FIRST, "")), _squeezed(cells.get(RosterField.LAST, "")))
        yield RowFault(place, str(error), keys=keys, name=name)
        return
    if wrong_upn:
        yield RowFault(place, wrong_upn, Weight.WARNING, keys)
    yield row


def _upn(text: str) -> tuple[str, str | None]:
    """The UPN, or none and why. A pupil with a wrong one is on roll all the same, so the row is taken."""
    tidy = upns.tidy(text)
    wrong = upns.what_is_wrong(tidy) if tidy else None
    if wrong is None:
        return tidy, None
    return "", f"the UPN {tidy[:20]!r} {wrong}; the pupil is taken without it"


def _name(cells: Mapping[RosterField, str], field: RosterField, called: str) -> str:
    text = _text(cells.get(field, ""), called)
    if not text:
        raise CellError(f"there is no {called}")
    return text


def _optional(cells: Mapping[RosterField, str], field: RosterField, called: str) -> str | None:
    return _text(cells[field], called) if field in cells else None


def _text(text: str, called: str) -> str:
    if text.isascii() and text.isprintable() and len(text) <= LONGEST_NAME:  # nearly all, quickly
        return _squeezed(text)
    # A line break in a name is a quotation mark that was not closed, not a name.
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text.strip()):
        raise CellError(f"the {called} has a line break or a control character in it")
    squeezed = _squeezed(text)
    if len(squeezed) > LONGEST_NAME:
        raise CellError(f"the {called} is longer than {LONGEST_NAME} characters")
    return squeezed


def _squeezed(text: str) -> str:
    """One space between words, none around them, and accents in one form, so that equal looks equal."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _short_enough(keys: PupilNumbers) -> PupilNumbers:
    for called, text in (("admission number", keys.admission), ("id", keys.id)):
        if len(text) > LONGEST_ID:
            raise CellError(f"the {called} is longer than {LONGEST_ID} characters")
        if not text.isprintable():
            raise CellError(f"the {called} has a control character in it")
    return keys
