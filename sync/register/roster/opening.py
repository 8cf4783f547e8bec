"""Opens a roster and detects its format from the files and their contents."""

from collections.abc import Mapping, Sequence
from datetime import date

from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source, unpack
from sync.register.roster.formats.ctf import open_ctf
from sync.register.roster.formats.oneroster import open_oneroster
from sync.register.roster.formats.plain_csv import open_csv
from sync.register.roster.formats.sds import STUDENTS, open_sds
from sync.register.roster.roster import Format, RosterFile
from sync.register.roster.rows import RosterField

_XML_BEGINNINGS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")


def open_roster(
    sources: Sequence[Source],
    *,
    on: date,
    format_: Format | None = None,
    columns: Mapping[RosterField, str] | None = None,
    file_school: str | None = None,
    ours: tuple[str, ...] = (),
) -> RosterFile:
    """Open the files of one roster. A zip is replaced by the files in it.

    Args:
        sources: the files.
        on: today, at the school.
        format_: the format; `None` to detect it.
        columns: for CSV: the headings that the user has named.
        file_school: the school to import, as the file calls it, if the file has several.
        ours: the register's id and name of the school, to find it among several.

    Raises:
        RosterError: the files cannot be read, or are not a roster.
    """
    files = unpack(sources)
    if not files:
        raise RosterError("there is no CSV or XML file among the files")
    format_ = format_ or recognise(files)
    if columns and format_ is not Format.CSV:
        raise RosterError(f"columns can be named for CSV alone; this is {format_.label}")
    if format_ is Format.SDS:
        return open_sds(files, file_school, ours)
    if format_ is Format.ONEROSTER:
        return open_oneroster(files, file_school, ours, on)
    only = _only(files, format_)
    if format_ is Format.CTF:
        return open_ctf(only)
    return open_csv(only, columns or {})


def recognise(files: Sequence[Source]) -> Format:
    """The format of files that are not zips."""
    names = {file.name.casefold() for file in files}
    if "users.csv" in names and names & {"orgs.csv", "manifest.csv"}:
        return Format.ONEROSTER
    if STUDENTS.casefold() in names:
        return Format.SDS
    if len(files) == 1 and files[0].content.lstrip()[:4].startswith(_XML_BEGINNINGS):
        return Format.CTF
    return Format.CSV


def _only(files: Sequence[Source], format_: Format) -> Source:
    if len(files) == 1:
        return files[0]
    names = ", ".join(file.name[:40] for file in files[:5])
    raise RosterError(
        f"{format_.label} is one file, and there are {len(files)} ({names}); import one at a time"
    )
