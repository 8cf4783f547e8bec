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
"""The codes of the half minutes before and after are accepted too: phones' clocks differ."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """The data to set up an authenticator app: the secret to type, or the URI for a QR code."""

    secret: str
    uri: str


def is_set_up(session: Session, login: str) -> bool:
    """Whether the login has an authenticator app whose first code was right."""
    row = session.get(StaffRow, login)
    return row is not None and row.totp_confirmed_at is not None


def set_up(session: Session, login: str) -> NewSecret:
    """A secret for an app, stored until a code confirms it. Until then the same secret is returned again, so
    that a user who reloads the page need not scan twice.

    Raises:
        AccountError: the login has a confirmed app, which an administrator must revoke first.
    """
    row = session.get_one(StaffRow, login, with_for_update=True)
    if row.totp_confirmed_at is not None:
        raise AccountError("this login has an authenticator app already; an administrator can reset it")
    row.totp_secret = row.totp_secret or pyotp.random_base32()
    uri = pyotp.TOTP(row.totp_secret).provisioning_uri(name=login, issuer_name=ISSUER)
    return NewSecret(row.totp_secret, uri)


def use_code(session: Session, login: str, code: str, *, now: datetime) -> bool:
    """Whether a code is right. A right code cannot be used again, and the first one confirms the app.

    Args:
        session: a session that writes.
        login: the user's.
        code: as typed; spaces are ignored.
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
    """Revoke the app; the user sets up another at the next login."""
    row = session.get_one(StaffRow, login, with_for_update=True)
    # The last step stays, so that an old code is not accepted again.
    row.totp_secret = row.totp_confirmed_at = None


def _step_of(totp: pyotp.TOTP, code: str, now: datetime) -> int | None:
    current = int(now.timestamp()) // STEP_S
    for step in range(current - WINDOW, current + WINDOW + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None
