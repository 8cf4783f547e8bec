"""The table of rosters that somebody has handed in at the office page and not decided about yet."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class ImportState(StrEnum):
    """How far an import has come."""

    READING = "reading"
    READY = "ready"
    """Read, and it waits for somebody to look and to say yes."""
    FAILED = "failed"
    """The file cannot be imported; `said` tells why."""
    DONE = "done"
    """Taken over; `said` tells what that was."""
    PUT_AWAY = "put away"


class ImportRow(Base):
    """One roster. In the database, because the worker that reads it need not be the one that is asked.

    Never the file itself: it has more in it than the register may keep. What was read of it is erased as
    soon as somebody has decided, and at the latest with the row, an hour after it began.
    """

    __tablename__ = "imports"
    __table_args__ = (Index(None, "school_id", "begun_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    login: Mapped[str]
    by: Mapped[str]
    """The name of whoever handed it in."""
    file: Mapped[str]
    """The name of the file, or of the first of several."""
    state: Mapped[str]
    """One of `ImportState`."""
    begun_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    done: Mapped[int]
    """Rows read so far."""
    expected: Mapped[int]
    """About how many there are; 0 until the file has been opened."""
    whole: Mapped[bool | None]
    """Whether pupils who are not in it have left; None: as its format says."""
    opened: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the file is and where each field was found (`sync.register.roster.uploads.Opened`)."""
    reading: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What it says (`sync.register.roster.uploads`), while it waits for a decision."""
    said: Mapped[str | None]
