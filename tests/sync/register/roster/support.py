"""Rosters of fictitious pupils, and the whole way from bytes to the register."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.register.roster.applying import apply_plan
from sync.register.roster.files import Source
from sync.register.roster.opening import open_roster
from sync.register.roster.plan import Plan, make_plan
from sync.register.roster.reading import RosterContents, read
from sync.register.roster.roll import RollPupil, roll
from sync.register.roster.upn import check_letter
from sync.register.storage.database import Database

TODAY = date(2026, 11, 24)
SCHOOL = "oak-lane"


def upn(number: int) -> str:
    """A valid UPN, of a local authority that does not exist."""
    rest = f"000{number:09d}"
    return check_letter(rest) + rest


def csv(*lines: str, name: str = "pupils.csv", encoding: str = "utf-8") -> Source:
    return Source(name, ("\r\n".join(lines) + "\r\n").encode(encoding))


def zipped(files: Mapping[str, str | bytes], name: str = "roster.zip") -> Source:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return Source(name, buffer.getvalue())


def reading(*sources: Source, **how: Any) -> RosterContents:
    return read(open_roster(sources, on=TODAY, **how))


def names(of: RosterContents) -> list[str]:
    return [f"{row.first} {row.last}" for row in of.rows]


def faults(of: RosterContents) -> list[str]:
    return [str(fault) for fault in of.faults]


def plan(database: Database, *sources: Source, **how: Any) -> Plan:
    with database.read() as session:
        return make_plan(session, SCHOOL, reading(*sources), **how)


def import_(database: Database, *sources: Source, shrink: bool = False, on: date = TODAY) -> Plan:
    """Import a roster as a user who confirms at once."""
    read_ = reading(*sources)
    with database.read() as session:
        agreed = make_plan(session, SCHOOL, read_)
    with database.write() as session:
        return apply_plan(session, SCHOOL, read_, agreed=agreed.fingerprint, on=on, shrink=shrink)


def pupils(database: Database) -> dict[str, RollPupil]:
    with database.read() as session:
        return {pupil.id: pupil for pupil in roll(session, SCHOOL)}
