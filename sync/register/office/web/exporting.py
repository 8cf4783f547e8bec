"""Lists as CSV, for whoever opens them in a spreadsheet: one way for every page."""

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
"""Without it Excel takes UTF-8 for the machine's old code page, and Wójcik for WÃ³jcik."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"). Names, notes and what a
visitor has typed at a kiosk are not ours: they must stay text."""


def export_list(
    request: Request,
    register: Register,
    person: Person,
    *,
    what: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    on: date | None = None,
    takes: Permission = Permission.EXPORT,
) -> Response:
    """A list as a file for somebody who may have it; that they took it is in the audit.

    Args:
        request: the request that it answers.
        register: the register.
        person: who is logged in.
        what: the list's name, such as `today`; with the school's name and the day it names the file.
        header: the columns' names.
        rows: the cells, as they are shown on the page.
        on: the day that the list is of; left out: today at the school.
        takes: what they must be allowed; of a list that tells nothing of pupils, something else.

    Raises:
        NotAllowedError: they may not.
    """
    require(person.role, takes)
    now = register.now()
    cells = [list(row) for row in rows]
    with register.database.write() as session:
        school = session.get_one(SchoolRow, person.school)
        day = on or now.astimezone(ZoneInfo(school.zone)).date()
        name = f"{school.name} {what} {day.isoformat()}"
        who = person.actor(client_of(request))
        audit.note(session, who, audit.Action.EXPORT, now=now, subject=what, rows=len(cells))
    log.info("list.exported", what=what, rows=len(cells))
    return csv_answer(name, header, cells)


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file to be saved. `export_list` is for pages: it also checks the role and keeps it in the audit.

    Args:
        name: the file's name without its ending, in any letters.
        header: the columns' names.
        rows: the cells. None is an empty one, numbers stay numbers, an instant is written as its own time
            zone's clocks show it (twice the same in the hour when they go back), everything else is text.
    """
    return Response(
        csv_text(header, rows),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(name)}.csv"',
            "Cache-Control": "no-store",  # it has pupils in it
        },
    )


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The file's text: RFC 4180, with a byte order mark and no cell that a spreadsheet would carry out."""
    text = io.StringIO(newline="")
    text.write(BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: object) -> object:
    """The cell as it may stand in a spreadsheet: text that begins like a formula has an apostrophe before it.

    Blanks before it do not help a formula's author: some programs take them away first.
    """
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):  # so that a spreadsheet knows it for a time, in whatever language
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    text = str(cell)
    if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA):
        return f"'{text}"
    return text


def file_name(name: str) -> str:
    """Plain letters, digits and hyphens, so that every computer can keep a file of that name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "list"
