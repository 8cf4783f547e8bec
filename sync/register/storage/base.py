"""What all tables share."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from sync.register.storage.types import UtcDateTime

# Constraints with names of their own can be changed by a later migration, on every database.
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
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it from the class, it is never changed
        datetime: UtcDateTime(),
        str: Text(),
        uuid.UUID: Uuid(),
        dict[str, Any]: JSON(),
    }
