"""Slows down guessing: failures are counted, and after too many in a short time attempts must wait."""

import hashlib
import ipaddress
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
"""A whole office may share one address, so an address has more attempts than a login at that address."""
LOGIN_EVERYWHERE = Limit(100, timedelta(hours=1))
"""All unknown browsers together, for a login without a second step: only this stops many addresses that guess
the password of one user. With a second step the password alone opens nothing, and there is no such limit."""
CODE = Limit(5, timedelta(minutes=5))
"""Three codes of a million are right at any time. Only a user who has the password gets this far, and the
user's known browsers are counted apart, so the wait may be longer than for a password."""


_LIMITS = (ENROL, LOGIN, LOGIN_CLIENT, LOGIN_EVERYWHERE, CODE)


def enrol_subject(client: str) -> str:
    """Enrolment is counted by the client's address: one that guesses must not lock out a school's other
    kiosks."""
    return f"enrol {network(client)}"


def login_subjects(login: str, client: str, device: str | None, *, second_step: bool) -> dict[str, Limit]:
    """What a password counts against.

    From a known browser: that browser alone, so that failures elsewhere cannot lock the user out. From
    another: first the login at that address, which a right password resets; then the address, and the login
    everywhere if a password is all that protects it, where others' failures stay counted.

    Args:
        login: the user name, hashed here, because users type their password into the wrong field.
        client: the client's address.
        device: the known browser, from `known_device`.
        second_step: whether a code is needed after the password.
    """
    if device is not None:
        return {f"login {_hash(login)} device {device}": LOGIN}
    subjects = {
        f"login {_hash(login)} at {network(client)}": LOGIN,
        f"client {network(client)}": LOGIN_CLIENT,
    }
    return subjects if second_step else {**subjects, f"login {_hash(login)}": LOGIN_EVERYWHERE}


def code_subject(login: str, device: str | None) -> str:
    """Codes are counted by the login whose password was right; those from a known browser apart."""
    return f"code {_hash(login)}" + (f" device {device}" if device is not None else "")


def own_password_subject(login: str) -> str:
    """The present password, asked for before a change, is counted by the user who is logged in."""
    return f"own {_hash(login)}"


def network(client: str) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address, because one
    machine has all addresses of its /64."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:  # a socket without an address
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((int(address), 64), strict=False))


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
    longest = max(limit.within for limit in _LIMITS)
    session.execute(delete(FailureRow).where(FailureRow.at <= now - longest))


def take_back(session: Session, subject: str, *, now: datetime) -> None:
    """Do not count an attempt that succeeded, where the failures of others must stay counted.

    Args:
        session: a session that writes.
        subject: what the attempt counted against.
        now: the instant of the attempt, UTC.
    """
    own = select(FailureRow.id).where(FailureRow.subject == subject, FailureRow.at == now).limit(1)
    session.execute(delete(FailureRow).where(FailureRow.id.in_(own)))


def forget(session: Session, subject: str) -> None:
    """Reset the count after a success."""
    session.execute(delete(FailureRow).where(FailureRow.subject == subject))


def _hash(login: str) -> str:
    return hashlib.sha256(login.encode("utf-8", "replace")).hexdigest()
