"""Accounts of the office page as an administrator looks after them. Whoever calls has checked the role."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register import audit
from sync.register.accounts.sessions import START, add_staff, end_sessions, set_password
from sync.register.errors import AccountError
from sync.register.kiosks.kiosks import CODE_LETTERS
from sync.register.permissions import Role
from sync.register.storage.models import StaffRow

GROUPS, GROUP = 3, 4
"""A start password is twelve letters in three groups: 31^12 is 59 bits, and it is copied from one screen."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in."""

    login: str
    name: str
    position: str
    role: Role
    app: bool
    """Their authenticator app is set up."""
    start_password: bool
    """They have not chosen a password of their own yet."""


def accounts(session: Session, school: str) -> list[Account]:
    """A school's accounts, by name."""
    rows = select(StaffRow).where(StaffRow.school_id == school).order_by(StaffRow.name, StaffRow.login)
    return [_account(row) for row in session.scalars(rows)]


def account(session: Session, school: str, login: str) -> Account:
    """One of a school's accounts.

    Raises:
        AccountError: it has none of that login.
    """
    return _account(_row(session, school, login, lock=False))


def add(
    session: Session,
    actor: audit.Actor,
    *,
    login: str,
    name: str,
    position: str,
    role: Role,
    now: datetime,
) -> str:
    """Let somebody log in at the actor's school.

    Returns:
        A start password, to be told them once: with it they choose their own.

    Raises:
        LoginTakenError: somebody has that login, at this school or another.
        AccountError: something is empty.
    """
    assert actor.school is not None  # noqa: S101 -- an administrator is of a school
    login = login.strip().lower()
    password = _start_password()
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
    actor: audit.Actor,
    login: str,
    *,
    name: str,
    position: str,
    role: Role,
    now: datetime,
) -> None:
    """Give an account another name, position or role. It holds from the next page that they open.

    Raises:
        AccountError: there is no such account, something is empty, or it is the actor's own role.
    """
    row = _row(session, actor.school, login)
    if not name.strip() or not position.strip():
        raise AccountError("a name and a position are needed; neither may be empty")
    if role != row.role and login == actor.login:
        raise AccountError("nobody changes their own role; ask another administrator")
    before = {"name": row.name, "position": row.position, "role": row.role}
    after = {"name": name.strip(), "position": position.strip(), "role": role.value}
    row.name, row.position, row.role = after["name"], after["position"], after["role"]
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        audit.note(session, actor, audit.Action.ACCOUNT, now=now, subject=login, **changed)


def new_start_password(session: Session, actor: audit.Actor, login: str, *, now: datetime) -> str:
    """A start password for somebody who has forgotten theirs; every session of theirs ends. Their
    authenticator app stays.

    Raises:
        AccountError: there is no such account, or it is the actor's own.
    """
    row = _row(session, actor.school, login)
    if login == actor.login:
        raise AccountError("change your own password under Your account")
    password = _start_password()
    set_password(session, row.login, password, start=True)
    audit.note(session, actor, audit.Action.PASSWORD, now=now, subject=login)
    return password


def give_password(session: Session, actor: audit.Actor, login: str, password: str, *, now: datetime) -> None:
    """Give somebody the password that has been typed for them; every session of theirs ends. Their
    authenticator app stays.

    Raises:
        AccountError: there is no such account, or the password is too short or too long.
    """
    row = _row(session, actor.school, login)
    set_password(session, row.login, password)
    audit.note(session, actor, audit.Action.PASSWORD, now=now, subject=login)


def log_out(session: Session, actor: audit.Actor, login: str, *, now: datetime) -> None:
    """End every session of an account at once.

    Raises:
        AccountError: there is no such account.
    """
    _row(session, actor.school, login)
    end_sessions(session, login)
    audit.note(session, actor, audit.Action.SIGN_OUT_EVERYWHERE, now=now, subject=login)


def end(session: Session, actor: audit.Actor, login: str, *, now: datetime) -> None:
    """Take an account away, and its sessions at once. What they did keeps their name and position.

    Raises:
        AccountError: there is no such account, or it is the actor's own: so an administrator always remains.
    """
    row = _row(session, actor.school, login)
    if login == actor.login:
        raise AccountError("nobody ends their own account; ask another administrator")
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


def _start_password() -> str:
    letters = [secrets.choice(CODE_LETTERS) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))
