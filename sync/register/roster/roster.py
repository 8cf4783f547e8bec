"""A roster file that has been opened: its format, the fields found in it, and its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sync.register.roster.errors import RosterError
from sync.register.roster.rows import RosterField, RosterRow, RowFault


class Format(StrEnum):
    """The formats that can be read. The values are the names that `--format` takes."""

    CSV = "csv"
    SDS = "sds"
    ONEROSTER = "oneroster"
    CTF = "ctf"

    @property
    def label(self) -> str:
        """The format's usual name."""
        return _LABELS[self]


_LABELS = {
    Format.CSV: "CSV",
    Format.SDS: "Microsoft School Data Sync",
    Format.ONEROSTER: "OneRoster",
    Format.CTF: "Common Transfer File",
}


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster that can be read."""

    format: Format
    about: str
    """Details of the format: its version, or its encoding and delimiter."""
    fields: tuple[tuple[RosterField, str], ...]
    """Each field that is read, with its heading, for the user to confirm."""
    unread: tuple[str, ...]
    """Headings that are not read."""
    expected: int
    """The approximate number of rows."""
    whole: bool
    """Whether a pupil who is not in it has left."""
    rows: Callable[[], Iterator[RosterRow | RowFault]]
    """Reads the rows from the beginning, in the file's order. Raises RosterError when it cannot go on."""


@dataclass(frozen=True, slots=True)
class FileSchool:
    """A school in a file that holds several."""

    id: str
    name: str


def choose_school(
    file: str, schools: list[FileSchool], chosen: str | None, ours: tuple[str, ...]
) -> str | None:
    """The id of the school to import, or `None` when the file names no school.

    Args:
        file: the file's name.
        schools: the schools in it.
        chosen: the id that the user has chosen, if any.
        ours: the register's id and name of the school.

    Raises:
        RosterError: the file has several schools and it is not clear which is meant, or the chosen one is
            missing.
    """
    if chosen is not None:
        if any(school.id == chosen for school in schools):
            return chosen
        raise RosterError(f"{file} has no school {chosen!r}; it has {_listed(schools)}")
    if len(schools) <= 1:
        return schools[0].id if schools else None
    known = {text.casefold() for text in ours}
    same = [school for school in schools if {school.id.casefold(), school.name.casefold()} & known]
    if len(same) == 1:
        return same[0].id
    listed = _listed(schools)
    raise RosterError(
        f"{file} has {len(schools)} schools ({listed})",
        advice=f"choose one with --file-school {schools[0].id}",
    )


def _listed(schools: list[FileSchool]) -> str:
    names = ", ".join(f"{school.id} {school.name}".strip()[:60] for school in schools[:10])
    return names + (" …" if len(schools) > 10 else "") or "none"
