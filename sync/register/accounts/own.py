"""Changes to the user's own account: a new password, or logging out everywhere."""

from datetime import datetime

from sync.register import audit, throttle
from sync.register.accounts.sessions import (
    check_password,
    end_sessions,
    is_password,
    open_session,
    set_password,
)
from sync.register.actor import Person
from sync.register.errors import AccountError, PasswordError, TooManyAttemptsError
from sync.register.storage.database import Database

SHORTEST_CHECKED_LOGIN = 4
"""A shorter login is part of many good passwords by chance."""


def change_password(
    database: Database, person: Person, *, present: str, new: str, again: str, address: str, now: datetime
) -> str:
    """Change the user's own password. All of their sessions end; the current one continues under a new token.

    Args:
        database: the register's.
        person: the user.
        present: the current password, so that an open page alone cannot lock its owner out.
        new: the new password.
        again: the new password, repeated.
        address: the browser's address.
        now: the instant, UTC.

    Returns:
        The new session's token.

    Raises:
        PasswordError: the current password is wrong, or the new one is not accepted.
        TooManyAttemptsError: the current password was wrong too often.
    """
    _check(person, present, new, again)
    subject = throttle.own_password_subject(person.login)
    with database.write() as session:
        wait = throttle.attempt(session, {subject: throttle.LOGIN}, now=now)
    if wait:
        raise TooManyAttemptsError(wait)
    with database.read() as session:
        right = is_password(session, person.login, present)
    if not right:
        raise PasswordError("that is not your current password")
    with database.write() as session:
        throttle.forget(session, subject)
        set_password(session, person.login, new)
        audit.note(session, person.actor(address), audit.Action.PASSWORD, now=now, subject=person.login)
        return open_session(session, person.login, now=now)


def _check(person: Person, present: str, new: str, again: str) -> None:
    try:
        check_password(new)
    except AccountError as error:
        raise PasswordError(str(error)) from error
    if new != again:
        raise PasswordError("the two new passwords are not the same; type them again")
    if new == present:
        raise PasswordError("the new password is your current one; choose another")
    if len(person.login) >= SHORTEST_CHECKED_LOGIN and person.login in new.lower():
        raise PasswordError("a password that contains the user name is easily guessed; choose another")


def sign_out_everywhere(database: Database, person: Person, *, address: str, now: datetime) -> None:
    """End every session of the user, on every machine, including this one."""
    with database.write() as session:
        end_sessions(session, person.login)
        actor = person.actor(address)
        audit.note(session, actor, audit.Action.SIGN_OUT_EVERYWHERE, now=now, subject=person.login)
