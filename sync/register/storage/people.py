"""Tables of accounts: staff, their browser sessions, the audit, and failed attempts to log in."""

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, false
from sqlalchemy.orm import Mapped, mapped_column

from sync.register.storage.base import Base


class StaffRow(Base):
    """A member of staff with an account for the office page."""

    __tablename__ = "staff"

    login: Mapped[str] = mapped_column(primary_key=True)
    """In lower case."""
    school_id: Mapped[str] = mapped_column(ForeignKey("schools.id"))
    name: Mapped[str]
    position: Mapped[str]
    password_hash: Mapped[str]
    """Argon2id with its parameters; prefixed with `start:` for an initial password that must be replaced."""
    role: Mapped[str] = mapped_column(server_default="office")
    """One of `sync.register.permissions.Role`."""
    totp_secret: Mapped[str | None]
    """Base 32, shared with the user's authenticator app. `None` when not set up yet, or reset."""
    totp_confirmed_at: Mapped[dt.datetime | None]
    """When the first correct code of that secret was entered; until then the secret is not in use."""
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The 30-second step of the last accepted code: a code is accepted once."""


class WebSessionRow(Base):
    """A browser's login session. The cookie holds the token, the table only its hash."""

    __tablename__ = "web_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("staff.login"))
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    waits_for_code: Mapped[bool] = mapped_column(server_default=false())
    """The password was correct and the authenticator code is still missing: not logged in yet."""


class AuditRow(Base):
    """Who did what, when and from where. Append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "school_id", "at"), Index(None, "school_id", "subject"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    school_id: Mapped[str | None] = mapped_column(ForeignKey("schools.id"))
    """`None` when the school is unknown: the login does not exist."""
    at: Mapped[dt.datetime]
    login: Mapped[str | None]
    """Only logins that exist: users sometimes type a password into this field."""
    name: Mapped[str]
    position: Mapped[str]
    address: Mapped[str]
    action: Mapped[str]
    """One of `sync.register.audit.Action`."""
    subject: Mapped[str | None]
    detail: Mapped[dict[str, Any]]


class FailureRow(Base):
    """A failed attempt to log in or to enrol, kept while it counts against its subject.

    It is kept in the database, not in memory, so that workers count together and a restart resets nothing.
    """

    __tablename__ = "failures"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    """What failed and from where, such as `enrol 127.0.0.1`. A login is hashed, since users mistype."""
    at: Mapped[dt.datetime]
