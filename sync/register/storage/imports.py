"""The table of roster imports: files uploaded at the office page that wait for a decision."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class ImportState(StrEnum):
    """The stage of an import."""

    READING = "reading"
    READY = "ready"
    """The file has been read; the import waits for a user's decision."""
    FAILED = "failed"
    """The file cannot be imported; `result` has the reason."""
    DONE = "done"
    """The roster has been imported; `result` has a summary."""
    DISCARDED = "discarded"
    """A user has discarded the import."""


class ImportRow(Base):
    """One import. It is kept in the database because another worker may answer the next request.

    The file itself is never kept: it contains more than the register may keep. The data read from it is
    erased at the decision, or with the row an hour after the import began.
    """

    __tablename__ = "imports"
    __table_args__ = (Index(None, "school_id", "begun_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    login: Mapped[str]
    uploaded_by: Mapped[str]
    """The name of the user who uploaded the file."""
    file: Mapped[str]
    """The name of the file, or of the first of several."""
    state: Mapped[str]
    """One of `ImportState`."""
    begun_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    done: Mapped[int]
    """Rows read so far."""
    expected: Mapped[int]
    """Estimated number of rows; 0 until the file has been opened."""
    whole: Mapped[bool | None]
    """Whether pupils missing from the file have left the school; `None` when its format decides."""
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The file's format and the column of each field (`sync.register.roster.uploads`)."""
    reading: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The data read from the file (`sync.register.roster.uploads`), until the decision."""
    result: Mapped[str | None]
    """The reason why the file cannot be imported, or a summary of the import; for the user."""
