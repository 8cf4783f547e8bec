"""Slows down guessing: failures are counted, and after too many in a short time attempts must wait."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.register.storage.locks import lock_name
from sync.register.storage.models import FailureRow


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of failures in a period, after which attempts are not even checked."""

    failures: int
    within: timedelta


ENROL = Limit(5, timedelta(minutes=1))
LOGIN = Limit(5, timedelta(minutes=1))
LOGIN_CLIENT = Limit(60, timedelta(minutes=1))
"""A whole office may share one address, so an address has more attempts than a login."""
CODE = Limit(5, timedelta(minutes=5))
"""Three codes of a million are right at any time. Only a user who has the password gets this far, so failures
cannot lock others out, and the wait may be longer than for a password."""
PIN = Limit(20, timedelta(minutes=5))
"""Counts chosen PINs, including those that are accepted: a refusal reveals that another member of staff has
that PIN."""


def enrol_subject(client: str) -> str:
    """Enrolment is counted by the client's address: one that guesses must not lock out a school's other
    kiosks."""
    return f"enrol {client}"


def login_subject(login: str) -> str:
    """Passwords are counted by the login, hashed, because users type their password into the wrong field."""
    return f"login {hashlib.sha256(login.encode()).hexdigest()}"


def code_subject(login: str) -> str:
    """Codes are counted by the login whose password was right."""
    return f"code {hashlib.sha256(login.encode()).hexdigest()}"


def client_subject(client: str) -> str:
    """Logins are also counted by the client's address."""
    return f"client {client}"


def pin_subject(login: str) -> str:
    """Chosen PINs are counted by the user who assigns them."""
    return f"pin {login}"


def attempt(session: Session, subjects: Mapping[str, Limit], *, now: datetime) -> int:
    """The seconds to wait. If 0, the attempt counts as a failure until it succeeds (`forget`), so that
    parallel attempts are counted too."""
    seconds = max(wait(session, subject, limit, now=now) for subject, limit in subjects.items())
    if not seconds:
        for subject in subjects:
            count_failure(session, subject, now=now)
    return seconds


def wait(session: Session, subject: str, limit: Limit, *, now: datetime) -> int:
    """The seconds that the subject must wait before the next attempt; 0 for none.

    The subject stays locked until the transaction ends, so that parallel attempts are counted one by one.
    """
    lock_name(session, subject)
    recent = select(FailureRow.at).where(FailureRow.subject == subject, FailureRow.at > now - limit.within)
    times = session.scalars(recent.order_by(FailureRow.at.desc()).limit(limit.failures)).all()
    if len(times) < limit.failures:
        return 0
    left = times[-1] + limit.within - now
    return max(1, -(-left // timedelta(seconds=1)))


def count_failure(session: Session, subject: str, *, now: datetime) -> None:
    """Count a failure, and delete those too old to matter for any limit."""
    session.add(FailureRow(subject=subject, at=now))
    longest = max(limit.within for limit in (ENROL, LOGIN, LOGIN_CLIENT, CODE, PIN))
    session.execute(delete(FailureRow).where(FailureRow.at <= now - longest))


def forget(session: Session, subject: str) -> None:
    """Reset the count after a success."""
    session.execute(delete(FailureRow).where(FailureRow.subject == subject))
