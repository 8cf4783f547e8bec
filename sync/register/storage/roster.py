"""Tables of what the register is told about a school: the school, its pupils, cards and contacts."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class SchoolRow(Base):
    """A school. `policy` and `calendar` are kept as kiosks are sent them."""

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
    """Hash of what kiosks are sent; made anew whenever any of it changes."""
    language: Mapped[str] = mapped_column(server_default="en")
    """What its kiosks speak until somebody chooses another: a BCP 47 tag."""
    agreed_pupils: Mapped[int | None]
    """A roster of so few pupils is right, the office has said (`sync.wire.Bundle.agreed_pupils`)."""


class PolicyRow(Base):
    """A version of a policy that kiosks were given. Kept for good: decisions name theirs."""

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
    starts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Individual starts by weekday, `HH:MM` at the school."""
    leaves_alone: Mapped[bool] = mapped_column(server_default=false())
    """Whether the school lets the pupil sign out without anybody."""
    upn: Mapped[str | None]
    """Unique pupil number; never sent to a kiosk but as a hash, for a barcode that says it."""
    admission_number: Mapped[str | None]
    left_on: Mapped[dt.date | None]
    """The day from which the pupil is on the roll no more; the row stays for what is kept of them."""


class CardRow(Base):
    """A card, known by its hash only (see `sync.wire.card_hash`)."""

    __tablename__ = "cards"
    __table_args__ = (ForeignKeyConstraint(["school_id", "pupil"], ["pupils.school_id", "pupils.id"]),)

    school_id: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    pupil: Mapped[str]


class KioskStaffRow(Base):
    """Somebody with a PIN for the kiosk's staff screen; with an account at the office page or without one."""

    __tablename__ = "kiosk_staff"

    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    """Random: what kiosks call them."""
    name: Mapped[str]
    position: Mapped[str]
    pin_hash: Mapped[str]
    """Argon2id, with its parameters in it."""
    ended_at: Mapped[dt.datetime | None]
    """From when the PIN opens nothing; the row stays, since releases name it."""


class ContactRow(Base):
    """Somebody in a pupil's life. Who may not collect is known to the office alone."""

    __tablename__ = "contacts"
    __table_args__ = (ForeignKeyConstraint(["school_id", "pupil"], ["pupils.school_id", "pupils.id"]),)

    school_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    pupil: Mapped[str]
    name: Mapped[str]
    relationship: Mapped[str]
    may_collect: Mapped[bool]


class AppointmentRow(Base):
    """An absence that the school agreed in advance. `until` is at the school, or None if it was not said."""

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
