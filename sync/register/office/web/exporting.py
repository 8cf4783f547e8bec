"""Lists as CSV files for a spreadsheet. Every page exports through this module."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from fastapi import Request
from fastapi.responses import Response

from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, client_of
from sync.register.permissions import Permission, require
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()

BOM = "\ufeff"
"""Without it Excel reads UTF-8 in the computer's old code page and shows Wójcik as WÃ³jcik."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The characters that begin a formula in a spreadsheet (OWASP, "CSV Injection"). Names, notes and visitors'
input are untrusted and must stay text."""


def export_list(
    request: Request,
    register: Register,
    person: Person,
    *,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    on: date | None = None,
    permission: Permission = Permission.EXPORT,
) -> Response:
    """A list as a file, for a user who may export it. The export is recorded in the audit.

    Args:
        request: the request that it answers.
        register: the register.
        person: the user who is logged in.
        name: the list's name, such as `today`. The file is named after the school, the list and the day.
        header: the columns' names.
        rows: the cells, as the page shows them.
        on: the day of the list; by default today at the school.
        permission: the permission required; another one for a list without pupils.

    Raises:
        NotAllowedError: the user may not export it.
    """
    require(person.role, permission)
    now = register.now()
    cells = [list(row) for row in rows]
    with register.database.write() as session:
        school = session.get_one(SchoolRow, person.school)
        day = on or now.astimezone(ZoneInfo(school.zone)).date()
        file = f"{school.name} {name} {day.isoformat()}"
        actor = person.actor(client_of(request))
        audit.note(session, actor, audit.Action.EXPORT, now=now, subject=name, rows=len(cells))
    log.info("list.exported", list=name, rows=len(cells))
    return csv_response(file, header, cells)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to download. Pages call `export_list`, which also checks the role and records the export.

    Args:
        name: the file's name without its ending, in any script.
        header: the columns' names.
        rows: the cells. `None` becomes an empty cell, numbers stay numbers, an instant is written as local
            time in its own time zone (ambiguous in the hour when clocks go back), anything else is text.
    """
    return Response(
        csv_text(header, rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(name)}.csv"',
            "Cache-Control": "no-store",  # it contains pupils' data
        },
    )


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The file's text: RFC 4180 with a byte order mark, and no cell that a spreadsheet would execute."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: object) -> object:
    """The cell, with an apostrophe before a text that a spreadsheet would take for a formula.

    Leading blanks are ignored, because some programs strip them.
    """
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):  # a format that spreadsheets read as a time in every locale
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    text = str(cell)
    if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA):
        return f"'{text}"
    return text


def file_name(name: str) -> str:
    """The name in ASCII letters, digits and hyphens, which every file system accepts."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "list"
