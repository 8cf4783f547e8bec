"""The base class of every pydantic model in this package."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Models of files that people write add `extra="forbid"`."""

    model_config = ConfigDict(frozen=True)
