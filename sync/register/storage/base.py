"""The base class of all tables."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from sync.register.storage.types import UtcDateTime

# A migration changes a constraint by its name, so each has the same name on all databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The register's tables. Every instant is UTC."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it from the class; nothing changes it
        datetime: UtcDateTime(),
        str: Text(),
        uuid.UUID: Uuid(),
        dict[str, Any]: JSON(),
    }
