"""Files as uploaded or named: paths, folders and zips. Nothing is ever unpacked to disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sync.register.roster.errors import RosterError

MOST_BYTES = 32 * 1024 * 1024
"""The largest file, compressed or not. At 400 bytes a row, 20,000 pupils are 8 MB."""
MOST_BYTES_IN_ALL = 128 * 1024 * 1024
"""The most that the files in a zip may hold together."""
MOST_FILES = 200
MOST_ROWS = 60_000
"""The most rows of a file: three times a trust's 20,000 pupils. More would take minutes to read."""
TOO_MANY_ROWS = "{name} has more than 60,000 rows; export the pupils of one school alone"

_READ = (".csv", ".txt", ".tsv", ".xml")
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError, OSError,
    ValueError, NotImplementedError,
)  # fmt: skip
"""What the module raises for damaged files; IndexError for a file without a name."""
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SAVE_AS_CSV = "is an Excel workbook; save it as “CSV UTF-8” and import that"


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its name without folders, and its bytes."""

    name: str
    content: bytes


def from_paths(paths: Iterable[Path]) -> list[Source]:
    """Read files from disk; of a folder, the CSV and XML files directly in it.

    Raises:
        RosterError: a file cannot be read, or is too large.
    """
    sources: list[Source] = []
    for path in paths:
        try:
            files = sorted(_in_folder(path)) if path.is_dir() else [path]
            sources.extend(_read(file) for file in files)
        except OSError as error:
            raise RosterError(f"{path} cannot be read: {error.strerror}") from error
        if not files:
            raise RosterError(f"the folder {path} has no CSV or XML file in it")
    return sources


def unpack(sources: Sequence[Source]) -> list[Source]:
    """The files, with zips replaced by their contents.

    Raises:
        RosterError: a zip is damaged, locked, too large or suspicious, or a file is an Excel workbook.
    """
    plain: list[Source] = []
    for source in sources:
        if len(source.content) > MOST_BYTES:
            raise RosterError(f"{source.name} is too large; a file can have at most {_megabytes(MOST_BYTES)}")
        if source.content.startswith(_OLD_EXCEL):
            raise RosterError(f"{source.name} {_SAVE_AS_CSV}")
        if source.content.startswith((_ZIP, _EMPTY_ZIP)):
            plain.extend(_members(source))
        else:
            plain.append(source)
    return plain


def _in_folder(folder: Path) -> Iterator[Path]:
    return (file for file in folder.iterdir() if file.suffix.lower() in _READ and file.is_file())


def _read(path: Path) -> Source:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise RosterError(f"{path} is too large; a file can have at most {_megabytes(MOST_BYTES)}")
    return Source(path.name, content)


def _members(source: Source) -> list[Source]:
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            return list(_take(source.name, archive))
    except _DAMAGED as error:
        raise RosterError(f"{source.name} is a damaged zip file; export it again") from error


def _take(name: str, archive: zipfile.ZipFile) -> Iterator[Source]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise RosterError(f"{name} has more than {MOST_FILES} files in it; it is not a roster")
    if any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise RosterError(f"{name} {_SAVE_AS_CSV}")
    room = MOST_BYTES_IN_ALL
    for entry in entries:
        path = _safe(name, entry.filename)
        if path.suffix.lower() not in _READ or "__MACOSX" in path.parts or path.name.startswith("."):
            continue
        content = _bounded(name, archive, entry, min(room, MOST_BYTES))
        room -= len(content)
        yield Source(path.name, content)


def _safe(name: str, filename: str) -> PurePosixPath:
    """Nothing is written to disk, but no MIS makes a zip with paths outside its folder."""
    path = PurePosixPath(filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in filename:
        raise RosterError(f"{name} has a file that points outside it ({filename[:80]!r}); do not trust it")
    return path


def _bounded(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Read no more than `most`, whatever size the zip states."""
    if entry.flag_bits & 1:
        raise RosterError(f"{name} is locked with a password; export it without one")
    if entry.compress_type not in _COMPRESSIONS:
        raise RosterError(f"{name} is compressed in a way that no MIS uses; make an ordinary zip file of it")
    with archive.open(entry) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise RosterError(f"{name} unpacks to more than {_megabytes(most)}; it is not a roster")
    return content


def _megabytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MB"
