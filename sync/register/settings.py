"""The register's settings: one TOML file, each setting also in the environment (see `sync.settings`)."""

from pydantic import BaseModel, Field

from sync.settings import Section


class DatabaseSettings(Section):
    """Where the register keeps what it knows."""

    url: str = Field(default="sqlite:///register.db", min_length=1)
    """`sqlite:///…` or `postgresql://user:password@host/database`. A relative SQLite path is below the folder
    that the register is started in."""


class ServerSettings(Section):
    """Where the register listens."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=16)
    """Processes that serve the same port. One is enough for a school; a trust on PostgreSQL may want one for
    each core."""


class ClockSettings(Section):
    """A demo clock: seconds added to the real one. 0 is the real time."""

    offset_s: float = Field(default=0, allow_inf_nan=False)


class RegisterSettings(BaseModel):
    """All settings of a register."""

    model_config = {"frozen": True, "extra": "forbid"}

    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    clock: ClockSettings = ClockSettings()
