"""Tables of who may look: staff, their sessions in the browser, and failed attempts to get in."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
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
    """Argon2id, with its parameters in it."""


class WebSessionRow(Base):
    """A browser that is logged in. The cookie holds the token, the table only its hash."""

    __tablename__ = "web_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("staff.login"))
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


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
