"""Tables of a school's data: the school, its policies, pupils, cards, PINs, contacts and appointments."""

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class SchoolRow(Base):
    """A school. `policy` and `calendar` are kept in the form that kiosks are sent."""

    __tablename__ = "schools"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    zone: Mapped[str]
    """IANA name of the school's time zone."""
    card_key: Mapped[str]
    """Hex; the key of the school's card hashes."""
    policy: Mapped[dict[str, Any]]
    calendar: Mapped[dict[str, Any]]
    bundle_version: Mapped[str]
    """Hash of the data that kiosks are sent; recomputed whenever it changes."""
    language: Mapped[str] = mapped_column(server_default="en")
    """The kiosks' default language, a BCP 47 tag."""
    agreed_pupils: Mapped[int | None]
    """The office has confirmed that a roster of this size is complete (`sync.wire.Bundle.agreed_pupils`)."""


class PolicyRow(Base):
    """A version of a policy that kiosks were sent. Never deleted: decisions refer to it."""

    __tablename__ = "policies"

    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    """As entries name it: `attendance.policy.model.Policy.version`."""
    name: Mapped[str]
    body: Mapped[dict[str, Any]]
    first_given_at: Mapped[dt.datetime]


class PupilRow(Base):
    """A pupil on the school's roll."""

    __tablename__ = "pupils"

    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    first: Mapped[str]
    last: Mapped[str]
    preferred: Mapped[str | None]
    year: Mapped[str]
    form: Mapped[str]
    leaves_alone: Mapped[bool] = mapped_column(server_default=false())
    """Whether the school lets the pupil sign out without an adult."""
    off_lists: Mapped[bool] = mapped_column(server_default=false())
    """Whether kiosks keep the pupil out of every list that can be browsed."""
    upn: Mapped[str | None]
    """Unique pupil number. A kiosk is sent only its hash, to recognise a barcode of it."""
    admission_number: Mapped[str | None]
    left_on: Mapped[dt.date | None]
    """The first day on which the pupil is off roll; the row stays, since records refer to it."""


class CardRow(Base):
    """A card, stored only as a hash (see `sync.wire.card_hash`)."""

    __tablename__ = "cards"
    __table_args__ = (ForeignKeyConstraint(["school_id", "pupil"], ["pupils.school_id", "pupils.id"]),)

    school_id: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    pupil: Mapped[str]


class KioskStaffRow(Base):
    """A member of staff with a PIN for the kiosk's staff screen; they need no account for the office page."""

    __tablename__ = "kiosk_staff"

    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    """Random; identifies them on kiosks."""
    name: Mapped[str]
    position: Mapped[str]
    pin_hash: Mapped[str]
    """Argon2id with its parameters."""
    ended_at: Mapped[dt.datetime | None]
    """When the PIN was revoked; the row stays, since releases refer to it."""


class ContactRow(Base):
    """A pupil's contact. Only the office sees who may not collect."""

    __tablename__ = "contacts"
    __table_args__ = (ForeignKeyConstraint(["school_id", "pupil"], ["pupils.school_id", "pupils.id"]),)

    school_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    pupil: Mapped[str]
    name: Mapped[str]
    relationship: Mapped[str]
    may_collect: Mapped[bool]


class AppointmentRow(Base):
    """An absence agreed in advance. `until` is the school's local time, or `None` if unknown."""

    __tablename__ = "appointments"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "pupil"], ["pupils.school_id", "pupils.id"]),
        Index(None, "school_id", "date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    pupil: Mapped[str]
    date: Mapped[dt.date]
    kind: Mapped[str]
    until: Mapped[dt.time | None]


class PlanRow(Base):
    """A pupil's part-time timetable (reg. 11(6)). It stays when it is over: marks rest on it."""

    __tablename__ = "plans"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "pupil"], ["pupils.school_id", "pupils.id"]),
        Index(None, "school_id", "pupil"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[str]
    pupil: Mapped[str]
    code: Mapped[str]
    """`C2`, or `X` for a pupil not of compulsory school age."""
    days: Mapped[dict[str, Any]]
    """By weekday, as `sync.wire.PlanDay`; a weekday without an entry is as usual."""
    first: Mapped[dt.date | None]
    review: Mapped[dt.date | None]
    """The last day on which it applies. Both are `None` only in a plan that waits for confirmation."""
    agreed_by: Mapped[str | None]
    """The parent and the member of staff who agreed it, in the office's words."""
    agreed_on: Mapped[dt.date | None]
    confirmed_at: Mapped[dt.datetime | None]
    """`None`: an individual start of an earlier version, which the office has to confirm."""
    confirmed_by: Mapped[str | None]
    ended_on: Mapped[dt.date | None]
    """The first day on which it no longer applies, when the office ended it before its review day."""
    review_asked_at: Mapped[dt.datetime | None]
    """When the office was asked about it because its review day had passed."""
