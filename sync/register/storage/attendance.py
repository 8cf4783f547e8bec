"""Tables of what happened: kiosks, their entries, the marks, every change, and what waits for the office."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class KioskRow(Base):
    """An enrolled kiosk."""

    __tablename__ = "kiosks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256, hex. The token is 256 random bits, so a slow hash would add nothing."""
    enrolled_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    last_seen_at: Mapped[dt.datetime | None]
    """The last heartbeat, batch of entries, or question about a departure."""
    heartbeat_at: Mapped[dt.datetime | None]
    heartbeat: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The last heartbeat, as `sync.wire.Heartbeat`."""


FIRST_EPOCH = 1
"""The number of a kiosk's first numbering."""


class KioskEpochRow(Base):
    """A kiosk's numbering, from its first to its highest number so far (`entries.numbering`)."""

    __tablename__ = "kiosk_epochs"

    kiosk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("kiosks.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first; one more each time that the numbers went back."""
    first_seq: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    """The highest `seq` that has arrived in it; one less than the first before any has."""
    began_at: Mapped[dt.datetime]


class EnrolmentCodeRow(Base):
    """A code that lets one kiosk in, once."""

    __tablename__ = "enrolment_codes"

    hash: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class EntryRow(Base):
    """An entry as it was sent, beside what the register made of it."""

    __tablename__ = "entries"
    __table_args__ = (
        Index(None, "school_id", "date"),
        Index(None, "school_id", "received_at", "date"),
        Index("ix_entries_kiosk_id_epoch_seq", "kiosk_id", "epoch", "seq", unique=True),
        Index(None, "voids"),
        Index(None, "corrects"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    kiosk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("kiosks.id"))
    raw: Mapped[str]
    """The JSON text, character for character as the kiosk sent it."""
    content_hash: Mapped[str]
    """SHA-256 of the content in a canonical form (`sync.register.entries.parsing.content_hash`)."""
    epoch: Mapped[int]
    """In which of its kiosk's numberings `seq` counts (`KioskEpochRow`)."""
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    pupil: Mapped[str]
    at: Mapped[dt.datetime]
    date: Mapped[dt.date]
    session: Mapped[str | None]
    reason: Mapped[str | None]
    outcome: Mapped[str]
    code: Mapped[str | None]
    suggested: Mapped[str | None]
    minutes_late: Mapped[int | None]
    voids: Mapped[uuid.UUID | None]
    corrects: Mapped[uuid.UUID | None]
    """The doubted entry of the same kiosk whose true instant this one is."""
    received_at: Mapped[dt.datetime]
    status: Mapped[str]
    """`accepted` or `review`: nothing else is stored."""
    detail: Mapped[str | None]
    """What the office is asked, as the kiosk's answer names it; nothing is decided from it."""
    certain: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Pupil and time were certain when it came: the entry counts as a claim to its mark."""
    time_certain: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Its time could be relied on when it came."""
    taken_back: Mapped[bool] = mapped_column(default=False)
    """A void took it back and the register has undone it."""


class MarkRow(Base):
    """What one pupil has in one session's register. No row: the mark is empty."""

    __tablename__ = "marks"
    __table_args__ = (
        UniqueConstraint("school_id", "pupil", "date", "session"),
        Index(None, "school_id", "date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    pupil: Mapped[str]
    date: Mapped[dt.date]
    session: Mapped[str]
    code: Mapped[str]
    minutes_late: Mapped[int | None]
    source: Mapped[str]
    """`kiosk` or `person`."""
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id"))
    """The entry that wrote it, where a kiosk did."""
    changed_at: Mapped[dt.datetime]


class MarkChangeRow(Base):
    """One change of one mark: what it was, what it became, why, when and by whom. Never altered."""

    __tablename__ = "mark_changes"
    __table_args__ = (
        Index(None, "school_id", "pupil", "date", "session"),
        Index(None, "school_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    pupil: Mapped[str]
    date: Mapped[dt.date]
    session: Mapped[str]
    original: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The mark before: code, minutes_late, source and entry_id. None: it was empty."""
    amended: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The mark after, likewise."""
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id"), index=True)
    """The entry that made the change, where a kiosk did; the one whose mark it has become, where another was
    taken back."""
    reason: Mapped[str]
    at: Mapped[dt.datetime]
    name: Mapped[str]
    position: Mapped[str]


class WorkKind(StrEnum):
    """Why something waits for the office."""

    CONFLICT = "conflict"
    """The register already says something else."""
    NEEDS_OFFICE = "needs_office"
    """Only the school may decide."""
    UNKNOWN_PUPIL = "unknown_pupil"
    CLOCK = "clock"
    """The kiosk's clock was not to be trusted."""
    GAP = "gap"
    """Entries are missing between those that arrived."""
    REUSED_ID = "reused_id"
    """An id came a second time with other content."""
    REJECTED = "rejected"
    """An entry could not be understood and is not kept (`sync.register.entries.rejected`)."""
    UNSENT = "unsent"
    """A kiosk was taken out of the register while entries waited on it (`sync.register.kiosks.revoke`)."""
    VOID = "void"
    """A void or a correction that could not be carried out by itself."""
    EPOCH = "epoch"
    """A kiosk's numbers went back: its disk was restored or copied."""
    BACK = "back"
    """The office saw a pupil on site who was signed out (`departures.returns`). Settled at once."""
    CLOCKS = "clocks"
    """A kiosk's clock and the register's disagree (`sync.register.kiosks.clocks`)."""
    ROSTER = "roster"
    """Kiosks keep a roster that is more than a tenth larger than the new one."""
    COLLECTOR = "collector"
    """Released at the kiosk to an adult who may not collect, or perhaps may not. An item by itself: what is
    decided of the entry's mark does not settle it."""


class WorkItemRow(Base):
    """One thing that waits for the office."""

    __tablename__ = "work_items"
    __table_args__ = (Index(None, "school_id", "resolved_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    kind: Mapped[str]
    """One of `WorkKind`."""
    kiosk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("kiosks.id"))
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id"), index=True)
    detail: Mapped[dict[str, Any]]
    """The rest of its `storage.work_items` model."""
    opened_at: Mapped[dt.datetime]
    resolved_at: Mapped[dt.datetime | None]
    resolution: Mapped[str | None]
    """In words."""
    resolved_by: Mapped[str | None]
    """A person's name, or a kiosk's."""
    resolved_position: Mapped[str | None]
    """As what the person resolved it; None where it settled itself."""
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the person chose (`sync.register.worklist.resolve.OfficeDecision`)."""


class DepartureRow(Base):
    """A request at a kiosk to collect a pupil, and the office's answer."""

    __tablename__ = "departures"
    __table_args__ = (Index(None, "school_id", "state"),)

    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made by the kiosk; beside the school, so that no school can meet another's."""
    kiosk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("kiosks.id"))
    pupil: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The request as it was sent."""
    requested_at: Mapped[dt.datetime]
    heard_at: Mapped[dt.datetime | None]
    """When its kiosk last asked about it, to within `departures.expiry.HEARD_EVERY`; None: in a version that
    did not keep it."""
    state: Mapped[str]
    """`waiting`, `released`, `refused` or `withdrawn`."""
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[str | None]
    answered_position: Mapped[str | None]
    pin_asked_at: Mapped[dt.datetime | None]
    """When the kiosk last asked whether a PIN may release the pupil; None: it has not asked."""
    pin_may: Mapped[bool | None]
    """The answer to that question."""
    refusal: Mapped[str | None]
    """Why it was refused, for the office alone: it never crosses the wire."""
