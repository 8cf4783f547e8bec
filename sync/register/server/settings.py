"""The register's settings: one TOML file, each setting also in the environment (see `sync.settings`)."""

from ipaddress import ip_network

from pydantic import BaseModel, Field, field_validator

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
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of the proxies in front of the register, such as `127.0.0.1` or `10.0.0.0/8`; in
    the environment with commas between them. Only what these say of a client is believed: its address, which
    counts in the throttle, and whether it came by https."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _parted(cls, value: object) -> object:
        """The environment has one text where a file has a list."""
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                ip_network(each, strict=False)
            except ValueError as error:
                raise ValueError(
                    f"{each!r} is not an address; write for example 127.0.0.1 or 10.0.0.0/8"
                ) from error
        return value


class LoginSettings(Section):
    """How people log in to the office page."""

    totp: bool = True
    """A login takes a code of an authenticator app beside the password. Pupils' records are behind it: switch
    it off only where nobody but the school's own machines can reach the page."""


class ClockSettings(Section):
    """A demo clock: seconds added to the real one. 0 is the real time."""

    offset_s: float = Field(default=0, allow_inf_nan=False)


class RegisterSettings(BaseModel):
    """All settings of a register."""

    model_config = {"frozen": True, "extra": "forbid"}

    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    clock: ClockSettings = ClockSettings()
    login: LoginSettings = LoginSettings()
