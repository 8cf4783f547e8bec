"""Passwords of staff accounts, and their browser sessions."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.register.actor import Person
from sync.register.errors import AccountError, LoginTakenError
from sync.register.hashing import DECOY, hash_password, verify
from sync.register.permissions import Role
from sync.register.storage.models import SchoolRow, StaffRow, WebSessionRow

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
"""Hashing a longer text would only cost the server time."""

IDLE = timedelta(minutes=30)
"""A session ends when its page has not been open for this long. An open page renews it by refreshing itself,
because the office keeps it open to watch the queue."""
LONGEST = timedelta(hours=12)
"""A session ends this long after the login in any case: it lasts a school day and no longer."""
FOR_CODE = timedelta(minutes=10)
"""The time a user has between the password and the code; the first time includes setting up an app."""
RENEWED_EVERY = timedelta(minutes=1)
"""The least time between two writes of `last_used_at`, so that not every page view writes to the database."""

START = "start:"
"""Prefix of the hash of an initial password, which opens only the page where the user chooses another."""

_LOGIN = re.compile(r"[\w.@+-]{1,64}")


def add_staff(
    session: Session,
    *,
    school: str,
    login: str,
    name: str,
    position: str,
    password: str,
    role: Role = Role.OFFICE,
    start: bool = False,
) -> None:
    """Add an account to a school.

    With `start` the password is an initial one: it only lets the user choose another.

    Raises:
        LoginTakenError: the login is in use, at this school or another.
        AccountError: the school does not exist, a field is empty, the login is not valid, or the password is
            too short.
    """
    login = login.strip().lower()
    if session.get(SchoolRow, school) is None:
        raise AccountError(f"there is no school {school!r}; add it first with: latebook register school add")
    if not login or not name.strip() or not position.strip():
        raise AccountError("a login, a name and a position are needed; none of them may be empty")
    if not _LOGIN.fullmatch(login):
        raise AccountError("a login has 1 to 64 letters, digits or . @ + - _ and no spaces; choose another")
    if session.get(StaffRow, login) is not None:
        raise LoginTakenError(f"the login {login!r} is taken; choose another")
    check_password(password)
    session.add(
        StaffRow(
            login=login,
            school_id=school,
            name=name.strip(),
            position=position.strip(),
            role=role.value,
            password_hash=_stored_hash(password, start=start),
        )
    )
    session.flush()


def set_password(session: Session, login: str, password: str, *, start: bool = False) -> None:
    """Change a login's password and end its sessions. With `start` the password is an initial one.

    The authenticator app stays: a new password alone must not be enough to sign in.

    Raises:
        AccountError: the password is too short or too long.
    """
    check_password(password)
    session.get_one(StaffRow, login).password_hash = _stored_hash(password, start=start)
    end_sessions(session, login)


def check_password(password: str) -> None:
    """Check a new password's length.

    Raises:
        AccountError: it is too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"the password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


def end_sessions(session: Session, login: str) -> None:
    """Log a user out everywhere."""
    session.execute(delete(WebSessionRow).where(WebSessionRow.login == login))


def is_password(session: Session, login: str, password: str) -> bool:
    """Whether this is the login's password. An unknown login takes as long to check."""
    row = session.get(StaffRow, login.strip().lower())
    stored = row.password_hash.removeprefix(START) if row else DECOY
    return verify(stored, password[:LONGEST_PASSWORD]) and row is not None


def open_session(session: Session, login: str, *, now: datetime, waits_for_code: bool = False) -> str:
    """Start a browser session. The token goes into the browser's cookie; the register keeps only its hash.

    With `waits_for_code` the session grants nothing yet: it waits for the second step of the login.
    """
    token = secrets.token_urlsafe(32)
    session.execute(delete(WebSessionRow).where(WebSessionRow.expires_at <= now))
    session.add(
        WebSessionRow(
            token_hash=_hash(token),
            login=login.strip().lower(),
            created_at=now,
            last_used_at=now,
            expires_at=now + (FOR_CODE if waits_for_code else LONGEST),
            waits_for_code=waits_for_code,
        )
    )
    return token


def person_of(session: Session, token: str, *, now: datetime) -> tuple[Person, bool] | None:
    """The session's user, and whether `note_use` is due; `None` when the session has ended."""
    row = _running(session, token, now)
    if row is None or row.waits_for_code:
        return None
    due = now - row.last_used_at >= RENEWED_EVERY
    return person(session, row.login), due


def login_waiting_for_code(session: Session, token: str, *, now: datetime) -> str | None:
    """The login of a session that waits for a code; `None` when it does not, or has ended."""
    row = _running(session, token, now)
    return row.login if row is not None and row.waits_for_code else None


def person(session: Session, login: str) -> Person:
    """The user with that login.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such login.
    """
    row = session.get_one(StaffRow, login)
    start = row.password_hash.startswith(START)
    return Person(row.login, row.name, row.position, row.school_id, Role(row.role), start)


def _running(session: Session, token: str, now: datetime) -> WebSessionRow | None:
    row = session.get(WebSessionRow, _hash(token))
    if row is None or row.expires_at <= now or row.last_used_at + IDLE <= now:
        return None
    return row


def note_use(session: Session, token: str, *, now: datetime) -> None:
    """Postpone the session's idle end."""
    row = session.get(WebSessionRow, _hash(token))
    if row is not None:
        row.last_used_at = now


def close_session(session: Session, token: str) -> None:
    """Log out: the token stops working in every tab."""
    session.execute(delete(WebSessionRow).where(WebSessionRow.token_hash == _hash(token)))


def form_token(token: str) -> str:
    """The token in the forms of a session, so that a form from another site cannot act in its name (CSRF)."""
    return hmac.new(token.encode(), b"latebook form", hashlib.sha256).hexdigest()


def is_form_token(token: str, sent: str) -> bool:
    """Whether a form carries the session's own token."""
    return hmac.compare_digest(form_token(token).encode(), sent.encode("utf-8", "replace"))


def only_school(session: Session) -> str:
    """The register's school, if it has just one.

    Raises:
        AccountError: it has none, or several.
    """
    schools = session.scalars(select(SchoolRow.id).order_by(SchoolRow.id)).all()
    if not schools:
        raise AccountError("the register has no school yet; add it first with: latebook register school add")
    if len(schools) > 1:
        raise AccountError(f"choose a school with --school: {', '.join(schools)}")
    return schools[0]


def _stored_hash(password: str, *, start: bool) -> str:
    return f"{START if start else ''}{hash_password(password)}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
