"""Slowing down those who guess: failures are counted, and too many in a while must wait."""

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
    """So many failures within that time; the next attempt is not even looked at."""

    failures: int
    within: timedelta


ENROL = Limit(5, timedelta(minutes=1))
LOGIN = Limit(5, timedelta(minutes=1))
LOGIN_CLIENT = Limit(60, timedelta(minutes=1))
"""A whole office may sit behind one address, so an address may try more often than a login may fail."""
CODE = Limit(5, timedelta(minutes=5))
"""Three codes of a million are right at any time. Only whoever has the password gets so far, so nobody can
be kept out by another's failures, and it may take longer than for a password."""
PIN = Limit(20, timedelta(minutes=5))
"""Chosen PINs, the right ones too: whoever is told that one will not do is told what somebody has."""


def enrol_subject(client: str) -> str:
    """By the client's address: one that guesses must not keep a school's other kiosks out."""
    return f"enrol {client}"


def login_subject(login: str) -> str:
    """By the login, hashed: people type their password into the wrong field."""
    return f"login {hashlib.sha256(login.encode()).hexdigest()}"


def code_subject(login: str) -> str:
    """By the login whose password was right: six digits must not be guessed at leisure."""
    return f"code {hashlib.sha256(login.encode()).hexdigest()}"


def client_subject(client: str) -> str:
    """By the address that tries logins."""
    return f"client {client}"


def pin_subject(login: str) -> str:
    """By who gives out PINs."""
    return f"pin {login}"


def attempt(session: Session, subjects: Mapping[str, Limit], *, now: datetime) -> int:
    """Seconds to wait; or 0, and the attempt counts as failed until it has succeeded (`forget`): many at once
    are counted too."""
    seconds = max(wait(session, subject, limit, now=now) for subject, limit in subjects.items())
    if not seconds:
        for subject in subjects:
            failed(session, subject, now=now)
    return seconds


def wait(session: Session, subject: str, limit: Limit, *, now: datetime) -> int:
    """How many seconds the subject must wait before the next attempt; 0 for none.

    Until the transaction ends nobody else is answered for that subject: many at once are counted one by one.
    """
    lock_name(session, subject)
    recent = select(FailureRow.at).where(FailureRow.subject == subject, FailureRow.at > now - limit.within)
    times = session.scalars(recent.order_by(FailureRow.at.desc()).limit(limit.failures)).all()
    if len(times) < limit.failures:
        return 0
    left = times[-1] + limit.within - now
    return max(1, -(-left // timedelta(seconds=1)))


def failed(session: Session, subject: str, *, now: datetime) -> None:
    """Count a failure, and forget those too old to matter to anybody."""
    session.add(FailureRow(subject=subject, at=now))
    longest = max(limit.within for limit in (ENROL, LOGIN, LOGIN_CLIENT, CODE, PIN))
    session.execute(delete(FailureRow).where(FailureRow.at <= now - longest))


def forget(session: Session, subject: str) -> None:
    """Start anew after a success."""
    session.execute(delete(FailureRow).where(FailureRow.subject == subject))
