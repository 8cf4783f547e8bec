"""Every version of a policy that a school's kiosks were sent, so that each decision can be reproduced."""

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
from sync.wire import policy_as_sent


def version_of(policy: Policy | dict[str, Any]) -> str:
    """The version by which entries name a policy.

    A policy that this version of Latebook cannot read gets a hash of its keys as they are.
    """
    try:
        return Policy.model_validate(policy).version
    except ValidationError:
        return hashlib.sha256(json.dumps(policy, sort_keys=True).encode()).hexdigest()[:12]


def is_known(session: Session, school: str, version: str) -> bool:
    """Whether that version is stored."""
    return session.get(PolicyRow, (school, version)) is not None


def keep(session: Session, school: str, policy: Policy | dict[str, Any], *, now: datetime) -> None:
    """Store a policy that is sent to kiosks, unless that version is stored already."""
    version = version_of(policy)
    if not is_known(session, school, version):
        body = policy_as_sent(policy)
        name = str(body.get("name", ""))
        session.add(PolicyRow(school_id=school, version=version, name=name, body=body, first_given_at=now))


def stored_versions(session: Session, school: str) -> Sequence[PolicyRow]:
    """Every version, newest first."""
    query = select(PolicyRow).where(PolicyRow.school_id == school)
    return session.scalars(query.order_by(PolicyRow.first_given_at.desc(), PolicyRow.version)).all()


def body_of(session: Session, school: str, version: str) -> dict[str, Any] | None:
    """The policy of that version, as first sent; `None` when the school never had it."""
    row = session.get(PolicyRow, (school, version))
    return None if row is None else row.body
