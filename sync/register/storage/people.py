"""Tables of who may look: staff, their sessions in the browser, and failed attempts to get in."""

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class StaffRow(Base):
    """Somebody who works at a school and may log in to the office page."""

    __tablename__ = "staff"

    login: Mapped[str] = mapped_column(primary_key=True)
    """In lower case."""
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str]
    position: Mapped[str]
    password_hash: Mapped[str]
    """Argon2id, with its parameters in it; `start:` before it where its owner must choose another first."""
    role: Mapped[str] = mapped_column(server_default="office")
    """One of `sync.register.permissions.Role`."""
    totp_secret: Mapped[str | None]
    """Base 32, shared with the person's authenticator app. None: not set up yet, or taken back."""
    totp_confirmed_at: Mapped[dt.datetime | None]
    """When the first code of that secret was right; before that it does not count."""
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The half minute of the last code that was taken: a code works once."""


class WebSessionRow(Base):
    """A browser that is logged in. The cookie holds the token, the table only its hash."""

    __tablename__ = "web_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("staff.login"))
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    waits_for_code: Mapped[bool] = mapped_column(server_default=false())
    """The password was right and the authenticator app's code is still to come: not logged in yet."""


class AuditRow(Base):
    """Who did what, when and from where. Only ever added to."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "school_id", "at"), Index(None, "school_id", "subject"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    school_id: Mapped[str | None] = mapped_column(ForeignKey("schools.id"))
    """None where the school is not known: a login that does not exist."""
    at: Mapped[dt.datetime]
    login: Mapped[str | None]
    """Never one that does not exist: people type their password into the wrong field."""
    name: Mapped[str]
    position: Mapped[str]
    address: Mapped[str]
    action: Mapped[str]
    """One of `sync.register.audit.Action`."""
    subject: Mapped[str | None]
    detail: Mapped[dict[str, Any]]


class FailureRow(Base):
    """A failed attempt to log in or to enrol, kept for as long as it counts against its subject.

    In the database and not in memory, so that two workers count together and a restart forgives nobody.
    """

    __tablename__ = "failures"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    """What failed and for whom, such as `enrol 127.0.0.1`; a login is hashed, since people mistype."""
    at: Mapped[dt.datetime]
