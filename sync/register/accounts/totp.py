"""The second step of a login: a code from an authenticator app (TOTP, RFC 6238)."""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from sync.register.errors import AccountError
from sync.register.storage.models import StaffRow

ISSUER = "Latebook"
STEP_S = 30
WINDOW = 1
"""A code of the half minute before or after is right too: phones' clocks differ."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What an authenticator app is to be told, once: as letters to type, or as an address for a QR code."""

    secret: str
    uri: str


def is_set_up(session: Session, login: str) -> bool:
    """Whether the login has an authenticator app whose first code was right."""
    row = session.get(StaffRow, login)
    return row is not None and row.totp_confirmed_at is not None


def set_up(session: Session, login: str) -> NewSecret:
    """A secret for an app, kept until a code confirms it. Asked again before that, it is the same one:
    somebody who loads the page again need not scan again.

    Raises:
        AccountError: the login has one that is confirmed; an administrator must take that back first.
    """
    row = session.get_one(StaffRow, login, with_for_update=True)
    if row.totp_confirmed_at is not None:
        raise AccountError("this login has an authenticator app already; an administrator can take it back")
    row.totp_secret = row.totp_secret or pyotp.random_base32()
    uri = pyotp.TOTP(row.totp_secret).provisioning_uri(name=login, issuer_name=ISSUER)
    return NewSecret(row.totp_secret, uri)


def take_code(session: Session, login: str, code: str, *, now: datetime) -> bool:
    """Whether a code is right. It then works no more, and the first confirms the app.

    Args:
        session: a session that writes.
        login: whose.
        code: as it was typed; spaces do not count.
        now: the instant, UTC.
    """
    row = session.get(StaffRow, login, with_for_update=True, populate_existing=True)
    if row is None or row.totp_secret is None:
        return False
    step = _step_of(pyotp.TOTP(row.totp_secret), "".join(code.split()), now)
    if step is None or (row.totp_last_step is not None and step <= row.totp_last_step):
        return False
    row.totp_last_step = step
    row.totp_confirmed_at = row.totp_confirmed_at or now
    return True


def forget(session: Session, login: str) -> None:
    """Take the app back; the next login sets up another."""
    row = session.get_one(StaffRow, login, with_for_update=True)
    row.totp_secret = row.totp_confirmed_at = None  # the last step stays: an old code works no more


def _step_of(totp: pyotp.TOTP, code: str, now: datetime) -> int | None:
    this = int(now.timestamp()) // STEP_S
    for step in range(this - WINDOW, this + WINDOW + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None
