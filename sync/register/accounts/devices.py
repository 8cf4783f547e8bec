"""Browsers from which a user has logged in before.

Wrong passwords that others type must not lock a user out of their own computer. A browser that has completed
a login keeps a cookie, and its attempts are counted apart from all others (OWASP: "Slow Down Online Guessing
Attacks with Device Cookies"). The cookie alone grants nothing: password and code are still needed.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from sync.register.accounts.sessions import START
from sync.register.storage.models import StaffRow

KNOWN_FOR = timedelta(days=180)
"""How long a browser keeps the cookie after its last login."""

_NONCE_BYTES = 16


def new_device(session: Session, login: str) -> str:
    """The cookie's value for a browser that has just completed a login.

    It is signed with a key from the password's hash, so nothing is stored, and a new password makes the
    browser unknown again.
    """
    nonce = secrets.token_hex(_NONCE_BYTES)
    return f"{nonce}.{_signature(session.get_one(StaffRow, login), nonce)}"


def known_device(session: Session, login: str, cookie: str) -> str | None:
    """The name of the browser if the cookie was made for this login; otherwise `None`."""
    nonce, _, signature = cookie.partition(".")
    row = session.get(StaffRow, login)
    if row is None or not hmac.compare_digest(
        _signature(row, nonce).encode(), signature.encode("utf-8", "replace")
    ):
        return None
    return nonce


def _signature(row: StaffRow, nonce: str) -> str:
    key = row.password_hash.removeprefix(START).encode()
    return hmac.new(key, f"latebook device\0{row.login}\0{nonce}".encode(), hashlib.sha256).hexdigest()
