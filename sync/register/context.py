"""The dependencies of every request: the database, the clock and the notifier."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from sync.register.live import Notifier
from sync.register.storage.database import Database


@dataclass(frozen=True, slots=True)
class Register:
    """The parts of a running register. `now` returns the instant, UTC."""

    database: Database
    now: Callable[[], datetime]
    notifier: Notifier
    demo_clock: bool = False
    totp: bool = True
    """Whether a login has a second step, the code of an authenticator app."""


def register_of(request: Request) -> Register:
    """The register that received the request."""
    register: Register = request.app.state.register
    return register


RegisterDep = Annotated[Register, Depends(register_of)]


def client_of(request: Request) -> str:
    """The address of the request's client."""
    return request.client.host if request.client else "unknown"
