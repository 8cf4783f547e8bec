"""Every version of a policy that a school's kiosks were given, so that each decision can be explained."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from attendance.policy.model import Policy
from sync.register.storage.models import PolicyRow


def version_of(body: dict[str, Any]) -> str:
    """The version by which entries name a policy.

    A policy that this version of Latebook cannot read has none; it is then a hash of it as it stands.
    """
    try:
        return Policy.model_validate(body).version
    except ValidationError:
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]


def is_known(session: Session, school: str, version: str) -> bool:
    """Whether that version is kept."""
    return session.get(PolicyRow, (school, version)) is not None


def keep(session: Session, school: str, body: dict[str, Any], *, now: datetime) -> None:
    """Keep a policy that is given to a kiosk; one that is kept already stays as it is."""
    version = version_of(body)
    if not is_known(session, school, version):
        name = str(body.get("name", ""))
        session.add(PolicyRow(school_id=school, version=version, name=name, body=body, first_given_at=now))


def given(session: Session, school: str) -> Sequence[PolicyRow]:
    """Every version, the newest first."""
    query = select(PolicyRow).where(PolicyRow.school_id == school)
    return session.scalars(query.order_by(PolicyRow.first_given_at.desc(), PolicyRow.version)).all()


def body_of(session: Session, school: str, version: str) -> dict[str, Any] | None:
    """The policy of that version, as it was first given; None where the school never had it."""
    row = session.get(PolicyRow, (school, version))
    return None if row is None else row.body
