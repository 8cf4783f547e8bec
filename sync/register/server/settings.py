"""The register's settings: one TOML file, each setting also in the environment (see `sync.settings`)."""

from ipaddress import ip_network

from pydantic import BaseModel, Field, field_validator

from sync.settings import SettingsSection


class DatabaseSettings(SettingsSection):
    """The register's database."""

    url: str = Field(default="sqlite:///register.db", min_length=1)
    """`sqlite:///…` or `postgresql://user:password@host/database`. A relative SQLite path is relative to the
    folder that the register is started in."""


class ServerSettings(SettingsSection):
    """The address and port of the register."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, le=16)
    """Processes that serve the same port. One is enough for a school; a trust on PostgreSQL may want one for
    each core."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of the proxies in front of the register, such as `127.0.0.1` or `10.0.0.0/8`;
    separated by commas in the environment. Only these proxies are trusted to state a client's
    address, which the throttle counts, and whether it used HTTPS."""

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Split the environment's text where a file has a list."""
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


class LoginSettings(SettingsSection):
    """How users log in to the office page."""

    totp: bool = True
    """Whether a login also needs a code of an authenticator app. The page shows pupils' records: switch this
    off only where no machine but the school's own can reach it."""


class ClockSettings(SettingsSection):
    """The clock of a demonstration, offset from the real time by some seconds."""

    offset_s: float = Field(default=0, allow_inf_nan=False)


class RegisterSettings(BaseModel):
    """All settings of a register."""

    model_config = {"frozen": True, "extra": "forbid"}

    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    clock: ClockSettings = ClockSettings()
    login: LoginSettings = LoginSettings()
