"""A kiosk's settings: one TOML file, and `LATEBOOK_…` in the environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from hardware.readers.families import family
from hardware.readers.family import CheckDigit, Ending
from hardware.readers.ports import parse_port
from kiosk.early_settings import DEFAULT_STATE
from sync.settings import SettingsSection


class KioskSection(SettingsSection):
    """This kiosk."""

    name: str = Field(default="Reception", min_length=1, max_length=100)
    state: Path = DEFAULT_STATE
    """The folder of the journal and the token; nobody else's, on a disk that lasts."""


class UplinkSection(SettingsSection):
    """The way to the central register."""

    url: str = "http://127.0.0.1:8080"
    ca: Path | None = None
    """Certificates of a private authority, where the register has one."""

    @field_validator("url")
    @classmethod
    def _safe_to_speak_to(cls, url: str) -> str:
        from sync.uplink.http import (
            RegisterClient,  # it knows; imported here, since most commands need no network
        )

        RegisterClient(url)
        return url


class ReaderSection(SettingsSection):
    """The card reader. Without a port there is none, and nothing is missing."""

    driver: str = "rdm6300"
    """The kind of reader: one of `latebook reader probe`'s."""
    port: str | None = None
    """Its device, best in /dev/serial/by-id; or `usb:1a86:7523`; or `found`."""
    check: CheckDigit = CheckDigit.NONE
    """Barcodes: what the last character is."""
    ending: Ending = Ending.ANY
    """Barcodes: what ends a text."""

    @field_validator("driver")
    @classmethod
    def _known(cls, driver: str) -> str:
        return family(driver).name

    @field_validator("port")
    @classmethod
    def _findable(cls, port: str | None) -> str | None:
        if port is not None:
            parse_port(port)
        return port


class PrinterSection(SettingsSection):
    """The slip printer. Without a port there is none, and nothing is missing."""

    port: str | None = None
    """`usb:04b8:0e15`, `net:HOST` or `net:HOST:9100`, or a serial port's path."""
    paper: int = 80
    """The roll's width in millimetres: 58 or 80."""
    baud: int = Field(default=9600, ge=1200, le=921_600)
    """Of a serial port: bits a second."""

    @field_validator("paper")
    @classmethod
    def _sold(cls, paper: int) -> int:
        if paper not in (58, 80):
            raise ValueError("rolls are 58 or 80 mm wide")
        return paper

    @field_validator("port")
    @classmethod
    def _reachable(cls, port: str | None) -> str | None:
        if port is not None:
            from hardware.printers.address import connection  # python-escpos is slow to import

            connection(port)
        return port


class DisplaySection(SettingsSection):
    """The touchscreen and its loudspeaker. Without a size the window fills the screen."""

    width: int | None = Field(default=None, ge=480, le=4096)
    height: int | None = Field(default=None, ge=480, le=4096)
    sounds: bool = True
    """Whether a card, a mistake and a result are heard as well as seen."""

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise ValueError("give both width and height, or neither to fill the screen")
        return self

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels, or None for the whole screen."""
        return (self.width, self.height) if self.width and self.height else None


class ClockSection(SettingsSection):
    """The clock. Only a demonstration moves it, and every screen then says so."""

    offset_s: float = 0.0
    """Seconds to add to the machine's clock."""


class KioskSettings(SettingsSection):
    """All of a kiosk's settings."""

    kiosk: KioskSection = KioskSection()
    uplink: UplinkSection = UplinkSection()
    reader: ReaderSection = ReaderSection()
    printer: PrinterSection = PrinterSection()
    display: DisplaySection = DisplaySection()
    clock: ClockSection = ClockSection()
