"""Tables of attendance: kiosks, entries, marks and their changes, work items and departures."""

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
    """When it last sent a heartbeat, a batch of entries or a poll about a departure."""
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
    """1 for the first numbering, one more each time that the numbers went back."""
    first_seq: Mapped[int] = mapped_column(BigInteger)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    """The highest `seq` that has arrived; one less than the first while none has."""
    began_at: Mapped[dt.datetime]


class EnrolmentCodeRow(Base):
    """A code that enrols one kiosk, once."""

    __tablename__ = "enrolment_codes"

    hash: Mapped[str] = mapped_column(primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class EntryRow(Base):
    """An entry as it was sent, with the register's verdict on it."""

    __tablename__ = "entries"
    __table_args__ = (
        Index(None, "school_id", "date"),
        Index(None, "school_id", "received_at", "date"),
        Index(None, "school_id", "outcome", "date"),
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
    """The kiosk's numbering that `seq` belongs to (`KioskEpochRow`)."""
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
    """The entry of the same kiosk whose uncertain instant this entry corrects."""
    received_at: Mapped[dt.datetime]
    status: Mapped[str]
    """`accepted` or `review`: nothing else is stored."""
    detail: Mapped[str | None]
    """The kinds of work item that it opened, as in the kiosk's answer. For display only."""
    certain: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether pupil and time were certain on arrival, so that the entry counts as a claim to its mark."""
    time_certain: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether its time was certain on arrival."""
    taken_back: Mapped[bool] = mapped_column(default=False)
    """Whether it was taken back, by a void or by a user."""


class MarkRow(Base):
    """A pupil's mark in one session's register. An empty mark has no row."""

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
    """The entry that wrote it; `None` for a user's mark."""
    changed_at: Mapped[dt.datetime]


class MarkChangeRow(Base):
    """A change of a mark: original, amended mark, reason, instant and author. Never altered."""

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
    """The mark before: code, minutes_late, source and entry_id; `None` when it was empty."""
    amended: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The mark after, in the same form."""
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id"), index=True)
    """The entry that made the change, or after an entry was taken back the one that the mark now belongs to.
    `None` for a user's own change."""
    reason: Mapped[str]
    at: Mapped[dt.datetime]
    name: Mapped[str]
    position: Mapped[str]


class WorkKind(StrEnum):
    """The kind of a work item."""

    CONFLICT = "conflict"
    """The register already has another mark."""
    NEEDS_OFFICE = "needs_office"
    """The policy leaves the mark to the school."""
    UNKNOWN_PUPIL = "unknown_pupil"
    UNLISTED = "unlisted"
    """A pupil signed in whose name was not on the kiosk's list (`sync.wire.Unlisted`)."""
    CLOCK = "clock"
    """The entry's time is uncertain."""
    GAP = "gap"
    """Entries are missing between those that arrived."""
    REUSED_ID = "reused_id"
    """An id arrived a second time with other content."""
    REJECTED = "rejected"
    """An entry could not be read and is not stored (`sync.register.entries.rejected`)."""
    UNSENT = "unsent"
    """A kiosk was removed while entries waited on it (`sync.register.kiosks.kiosks.revoke`)."""
    VOID = "void"
    """A void or a correction could not be carried out automatically."""
    EPOCH = "epoch"
    """A kiosk's numbers went back: its disk was restored or copied."""
    BACK = "back"
    """The office saw a pupil on site who was signed out (`departures.returns`). Settled at once."""
    CLOCKS = "clocks"
    """A kiosk's clock and the register's disagree (`sync.register.kiosks.clocks`)."""
    DAMAGED = "damaged"
    """A kiosk's journal was damaged and put aside (`sync.register.kiosks.storage`)."""
    ROSTER = "roster"
    """Kiosks keep a roster that is more than a tenth larger than the new one."""
    COLLECTOR = "collector"
    """Released at the kiosk to an adult who may not collect, or perhaps may not (see `ABOUT_COLLECTOR`)."""
    UNRELEASED = "unreleased"
    """A pupil who may not leave alone was signed out, and no one released them."""
    PIN_RELEASE = "pin_release"
    """Released with a PIN while the family's list was not checked, or although only the office may."""
    PLAN = "plan"
    """A pupil's plan waits for the office's confirmation (`sync.register.schools.plans`)."""
    PLAN_REVIEW = "plan_review"
    """A pupil's plan is past its review day and no longer applies."""


ABOUT_COLLECTOR = frozenset({WorkKind.COLLECTOR, WorkKind.PIN_RELEASE})
"""Items by themselves: a decision about the entry's mark does not settle them."""


class WorkItemRow(Base):
    """A work item: something that the office has to decide or see."""

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
    """The resolution, in words."""
    resolved_by: Mapped[str | None]
    """The name of a user or a kiosk."""
    resolved_position: Mapped[str | None]
    """The user's position; `None` when the item was settled automatically."""
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The user's decision (`sync.register.worklist.resolve.OfficeDecision`)."""


class DepartureRow(Base):
    """A request at a kiosk to collect a pupil, and the office's answer."""

    __tablename__ = "departures"
    __table_args__ = (Index(None, "school_id", "state"),)

    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Made by the kiosk. The school is part of the key, so that ids of two schools cannot collide."""
    kiosk_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("kiosks.id"))
    pupil: Mapped[str]
    content: Mapped[dict[str, Any]]
    """The request as it was sent."""
    requested_at: Mapped[dt.datetime]
    heard_at: Mapped[dt.datetime | None]
    """When its kiosk last polled, to within `departures.expiry.RECORDED_EVERY`; `None` in a row that an older
    version wrote."""
    state: Mapped[str]
    """`waiting`, `released`, `refused` or `withdrawn`."""
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[str | None]
    answered_position: Mapped[str | None]
    pin_asked_at: Mapped[dt.datetime | None]
    """When the kiosk last asked whether a PIN may release the pupil; None: it has not asked."""
    pin_may: Mapped[bool | None]
    """The answer to that question."""
    family: Mapped[str | None]
    """How the adult's statement compared with the family's list when the office answered
    (`departures.collectors.Match`); None: not answered, or in a version that did not keep it."""
    listed: Mapped[str | None]
    """The contact on the family's list that was meant, with the relationship."""
    grounds: Mapped[str | None]
    """How the releaser knew that the adult may collect the pupil, for the office alone."""
    refusal: Mapped[str | None]
    """The reason for a refusal. Only the office sees it; it is never sent to a kiosk."""
