"""A roster file that has been opened: what it is, what is read of it, and its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sync.register.roster.errors import RosterError
from sync.register.roster.rows import RosterField, RosterRow, RowFault


class Format(StrEnum):
    """The formats that are read. The values are what `--format` calls them."""

    CSV = "csv"
    SDS = "sds"
    ONEROSTER = "oneroster"
    CTF = "ctf"

    @property
    def called(self) -> str:
        """As people call it."""
        return _CALLED[self]


_CALLED = {
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
    """What was found out of how it is written: its version, or its encoding and delimiter."""
    found: tuple[tuple[RosterField, str], ...]
    """Each field that is read and where it was found, to be accepted by somebody."""
    passed_over: tuple[str, ...]
    """Headings that are not read."""
    expected: int
    """About how many rows there are."""
    whole: bool
    """Whether a pupil who is not in it has left."""
    rows: Callable[[], Iterator[RosterRow | RowFault]]
    """Read it, from the beginning, in the order of the file. Raises RosterError where it cannot go on."""


@dataclass(frozen=True, slots=True)
class FileSchool:
    """A school as a file of several schools names it."""

    id: str
    name: str


def choose_school(
    file: str, schools: list[FileSchool], chosen: str | None, ours: tuple[str, ...]
) -> str | None:
    """Which school of a file is meant: its id, or None where the file names none.

    Args:
        file: its name.
        schools: those in it.
        chosen: the id that somebody has chosen, if somebody has.
        ours: what the register calls the school: its id, its name.

    Raises:
        RosterError: the file has several and it is not clear which, or it has not the one that was chosen.
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
        f"{file} has {len(schools)} schools ({listed})", say=f"say which with --file-school {schools[0].id}"
    )


def _listed(schools: list[FileSchool]) -> str:
    shown = ", ".join(f"{school.id} {school.name}".strip()[:60] for school in schools[:10])
    return shown + (" …" if len(schools) > 10 else "") or "none"
