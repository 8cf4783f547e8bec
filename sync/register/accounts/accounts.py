"""The accounts of the office page as an administrator manages them. Callers check the role first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.accounts.sessions import START, add_staff, end_sessions, set_password
from sync.register.actor import Actor
from sync.register.errors import AccountError
from sync.register.permissions import Role
from sync.register.storage.models import StaffRow
from sync.register.typed_codes import random_code

GROUPS, GROUP = 3, 4
"""An initial password has twelve letters in three groups: 31^12 is 59 bits. It is copied from one screen."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user's account at the office page."""

    login: str
    name: str
    position: str
    role: Role
    app: bool
    """Whether the user has set up an authenticator app."""
    start_password: bool
    """Whether the user still has the initial password."""


def accounts(session: Session, school: str) -> list[Account]:
    """A school's accounts, by name."""
    rows = select(StaffRow).where(StaffRow.school_id == school).order_by(StaffRow.name, StaffRow.login)
    return [_account(row) for row in session.scalars(rows)]


def account(session: Session, school: str, login: str) -> Account:
    """One of a school's accounts.

    Raises:
        AccountError: the school has no account with that login.
    """
    return _account(_row(session, school, login, lock=False))


def add(
    session: Session,
    actor: Actor,
    *,
    login: str,
    name: str,
    position: str,
    role: Role,
    now: datetime,
) -> str:
    """Add an account at the actor's school.

    Returns:
        The initial password. It is shown to the new user once, who then chooses another.

    Raises:
        LoginTakenError: the login is in use, at this school or another.
        AccountError: a field is empty.
    """
    assert actor.school is not None  # noqa: S101 -- every administrator belongs to a school
    login = login.strip().lower()
    password = random_code(GROUPS, GROUP)
    add_staff(
        session,
        school=actor.school,
        login=login,
        name=name,
        position=position,
        password=password,
        role=role,
        start=True,
    )
    audit.note(session, actor, audit.Action.ACCOUNT_ADDED, now=now, subject=login, role=role.value)
    return password


def change(
    session: Session,
    actor: Actor,
    login: str,
    *,
    name: str,
    position: str,
    role: Role,
    now: datetime,
) -> None:
    """Change an account's name, position or role. It takes effect with the next page that the user opens.

    Raises:
        AccountError: there is no such account, a field is empty, or the role is the actor's own.
    """
    row = _row(session, actor.school, login)
    if not name.strip() or not position.strip():
        raise AccountError("a name and a position are needed; neither may be empty")
    if role != row.role and login == actor.login:
        raise AccountError("you cannot change your own role; ask another administrator")
    before = {"name": row.name, "position": row.position, "role": row.role}
    after = {"name": name.strip(), "position": position.strip(), "role": role.value}
    row.name, row.position, row.role = after["name"], after["position"], after["role"]
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        audit.note(session, actor, audit.Action.ACCOUNT, now=now, subject=login, **changed)


def new_start_password(session: Session, actor: Actor, login: str, *, now: datetime) -> str:
    """Set a new initial password for a user who has forgotten theirs, and end all of their sessions. Their
    authenticator app stays.

    Raises:
        AccountError: there is no such account, or it is the actor's own.
    """
    row = _row(session, actor.school, login)
    if login == actor.login:
        raise AccountError("change your own password under Your account")
    password = random_code(GROUPS, GROUP)
    set_password(session, row.login, password, start=True)
    audit.note(session, actor, audit.Action.PASSWORD, now=now, subject=login)
    return password


def give_password(session: Session, actor: Actor, login: str, password: str, *, now: datetime) -> None:
    """Set a user's password as typed by an operator, and end all of the user's sessions. Their authenticator
    app stays.

    Raises:
        AccountError: there is no such account, or the password is too short or too long.
    """
    row = _row(session, actor.school, login)
    set_password(session, row.login, password)
    audit.note(session, actor, audit.Action.PASSWORD, now=now, subject=login)


def log_out(session: Session, actor: Actor, login: str, *, now: datetime) -> None:
    """End every session of an account at once.

    Raises:
        AccountError: there is no such account.
    """
    _row(session, actor.school, login)
    end_sessions(session, login)
    audit.note(session, actor, audit.Action.SIGN_OUT_EVERYWHERE, now=now, subject=login)


def end(session: Session, actor: Actor, login: str, *, now: datetime) -> None:
    """Delete an account and end its sessions at once. What the user did keeps their name and position.

    Raises:
        AccountError: there is no such account, or it is the actor's own: so at least one administrator always
            remains.
    """
    row = _row(session, actor.school, login)
    if login == actor.login:
        raise AccountError("you cannot end your own account; ask another administrator")
    end_sessions(session, login)
    audit.note(session, actor, audit.Action.ACCOUNT_ENDED, now=now, subject=login, name_then=row.name)
    session.delete(row)


def _row(session: Session, school: str | None, login: str, *, lock: bool = True) -> StaffRow:
    row = session.get(StaffRow, login, with_for_update=lock or None)
    if row is None or row.school_id != school:
        raise AccountError(f"there is no login {login!r} at this school")
    return row


def _account(row: StaffRow) -> Account:
    return Account(
        row.login,
        row.name,
        row.position,
        Role(row.role),
        row.totp_confirmed_at is not None,
        row.password_hash.startswith(START),
    )
