"""Logging in to the office page: a password, then a code. Failures are counted and audited."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from sync.register import audit, throttle
from sync.register.accounts import totp as second_step
from sync.register.accounts.devices import known_device, new_device
from sync.register.accounts.sessions import (
    close_session,
    end_sessions,
    is_password,
    login_waiting_for_code,
    open_session,
    person,
    person_of,
    set_password,
)
from sync.register.actor import Actor
from sync.register.errors import AccountError
from sync.register.permissions import Permission
from sync.register.storage.database import Database
from sync.register.storage.models import StaffRow


class Next(StrEnum):
    """What follows a step of the login."""

    IN = "in"
    """Logged in: the token is the session's."""
    CODE = "code"
    """A code of the authenticator app is needed."""
    SET_UP = "set up"
    """An authenticator app must be set up (`pending_secret`) and its first code entered."""
    REFUSED = "refused"
    """The user name and password do not match, or the code is wrong."""
    WAIT = "wait"
    """There were too many failures; this attempt was not checked."""
    AGAIN = "again"
    """The time between the two steps has run out: log in again."""


@dataclass(frozen=True, slots=True)
class LoginStep:
    """The result of a step."""

    next: Next
    token: str | None = None
    """Replaces the browser's session cookie."""
    wait_s: int = 0
    device: str | None = None
    """Logged in: the value of the cookie by which the browser is known at the next login."""


def password_step(
    database: Database,
    *,
    login: str,
    password: str,
    totp: bool,
    address: str,
    now: datetime,
    device: str = "",
) -> LoginStep:
    """The first step of a login: the password.

    Args:
        database: the register's.
        login: the user name, as typed.
        password: the password, as typed.
        totp: whether a second step follows.
        address: the browser's address.
        now: the instant, UTC.
        device: the browser's cookie from an earlier login of this user, if it has one.
    """
    name = login.strip().lower()
    with database.write() as session:
        known = known_device(session, name, device)
        subjects = throttle.login_subjects(name, address, known, second_step=totp)
        wait = throttle.attempt(session, subjects, now=now)
    if wait:
        return LoginStep(Next.WAIT, wait_s=wait)
    # Hashing takes a while and must not hold the write lock, for which kiosks wait.
    with database.read() as session:
        right = is_password(session, name, password)
    with database.write() as session:
        if not right or session.get(StaffRow, name) is None:  # the account may have been deleted meanwhile
            _failed(session, name, "password", address, now)
            return LoginStep(Next.REFUSED)
        own, *shared = subjects
        throttle.forget(session, own)
        for subject in shared:
            throttle.take_back(session, subject, now=now)
        if not totp:
            return _logged_in(session, name, address, now)
        ready = second_step.is_set_up(session, name)
        token = open_session(session, name, now=now, waits_for_code=True)
        return LoginStep(Next.CODE if ready else Next.SET_UP, token)


def pending_secret(database: Database, token: str, *, now: datetime) -> second_step.NewSecret | None:
    """The secret for the authenticator app; `None` when the session is not waiting for one."""
    with database.write() as session:
        login = login_waiting_for_code(session, token, now=now)
        if login is None or second_step.is_set_up(session, login):
            return None
        return second_step.set_up(session, login)


def code_step(
    database: Database, token: str, code: str, *, address: str, now: datetime, device: str = ""
) -> LoginStep:
    """The second step of a login: the code. The session continues under a new token, so that a token leaked
    before the code is worthless.

    Args:
        database: the register's.
        token: the token of the session that `password_step` opened.
        code: the code, as typed.
        address: the browser's address.
        now: the instant, UTC.
        device: the browser's cookie from an earlier login of this user, if it has one.
    """
    with database.read() as session:
        login = login_waiting_for_code(session, token, now=now)
        if login is None:
            return LoginStep(Next.AGAIN)
        subject = throttle.code_subject(login, known_device(session, login, device))
    with database.write() as session:
        wait = throttle.attempt(session, {subject: throttle.CODE}, now=now)
    if wait:
        return LoginStep(Next.WAIT, wait_s=wait)
    with database.write() as session:
        # An administrator may have ended the session meanwhile.
        if login_waiting_for_code(session, token, now=now) != login:
            return LoginStep(Next.AGAIN)
        first = not second_step.is_set_up(session, login)
        if not second_step.use_code(session, login, code, now=now):
            _failed(session, login, "code", address, now)
            return LoginStep(Next.REFUSED)
        throttle.forget(session, subject)
        close_session(session, token)
        if first:
            actor = person(session, login).actor(address)
            audit.note(session, actor, audit.Action.SECOND_STEP, now=now, subject=login)
        return _logged_in(session, login, address, now)


def sign_out(database: Database, token: str, *, address: str, now: datetime) -> None:
    """End the session, here and in every other tab."""
    with database.write() as session:
        login = person_of(session, token, now=now)
        if login is not None:
            audit.note(session, login[0].actor(address), audit.Action.SIGN_OUT, now=now)
        close_session(session, token)


def recover(
    session: Session,
    login: str,
    *,
    actor: Actor,
    now: datetime,
    password: str | None = None,
) -> None:
    """Revoke a user's authenticator app, and replace the password if a new one is given. The user is logged
    out everywhere and sets up an app at the next login. The new password is an initial one.

    Raises:
        NotAllowedError: the actor is not an administrator.
        AccountError: there is no such login at their school, or the password is too short.
    """
    actor.require(Permission.MANAGE_STAFF)
    login = login.strip().lower()
    row = session.get(StaffRow, login)
    if row is None or row.school_id != actor.school:
        raise AccountError(f"there is no login {login!r} at this school")
    recover_login(session, login, actor=actor, now=now, password=password)


def recover_login(
    session: Session, login: str, *, actor: Actor, now: datetime, password: str | None = None
) -> None:
    """Like `recover`, without checking a role: for the operator at the command line."""
    second_step.forget(session, login)
    if password is not None:
        set_password(session, login, password, start=True)
    end_sessions(session, login)
    audit.note(
        session, actor, audit.Action.RECOVERY, now=now, subject=login, new_password=password is not None
    )


def _logged_in(session: Session, login: str, address: str, now: datetime) -> LoginStep:
    user = person(session, login)
    audit.note(session, user.actor(address), audit.Action.SIGN_IN, now=now)
    return LoginStep(Next.IN, open_session(session, login, now=now), device=new_device(session, login))


def _failed(session: Session, login: str, step: str, address: str, now: datetime) -> None:
    row = session.get(StaffRow, login)
    actor = Actor("unknown", "", address=address)  # never the text typed: it may be a password
    if row is not None:
        actor = person(session, login).actor(address)
    audit.note(session, actor, audit.Action.SIGN_IN_FAILED, now=now, step=step)
