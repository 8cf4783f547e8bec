"""A kiosk's settings: one TOML file, overridden by `LATEBOOK_…` in the environment."""

from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator

from hardware.readers.families import family
from hardware.readers.family import CheckDigit, Ending
from hardware.readers.ports import parse_port
from kiosk.early_settings import DEFAULT_STATE
from sync.settings import SettingsSection


class KioskSection(SettingsSection):
    """The kiosk itself."""

    name: str = Field(default="Reception", min_length=1, max_length=100)
    state: Path = DEFAULT_STATE
    """The folder of the journal and the token: for this kiosk only, on a persistent disk."""
    key_file: Path | None = None
    """The file of the key that encrypts journal and token (`latebook key make`). It belongs where a finder of
    the SD card does not have it."""


class UplinkSection(SettingsSection):
    """The connection to the central register."""

    url: str = "http://127.0.0.1:8080"
    ca: Path | None = None
    """Certificates of a private certificate authority, if the register uses one."""

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        from sync.uplink.http import (
            RegisterClient,  # imported late: most commands need no network
        )

        RegisterClient(url)
        return url


class ReaderSection(SettingsSection):
    """The card reader; optional. Without a port the kiosk has none."""

    driver: str = "rdm6300"
    """The reader's family: a name from `latebook reader list`."""
    port: str | None = None
    """Its device, preferably in /dev/serial/by-id; or `usb:1a86:7523`; or `found` for the only USB serial
    port."""
    check: CheckDigit = CheckDigit.NONE
    """Barcodes: the kind of check digit, if any."""
    ending: Ending = Ending.ANY
    """Barcodes: the key or character that ends a barcode."""

    @field_validator("driver")
    @classmethod
    def _check_driver(cls, driver: str) -> str:
        return family(driver).name

    @field_validator("port")
    @classmethod
    def _check_reader_port(cls, port: str | None) -> str | None:
        if port is not None:
            parse_port(port)
        return port

    @model_validator(mode="after")
    def _check_keyboard(self) -> Self:
        if self.port is not None and not family(self.driver).is_serial and not self.port.startswith("/"):
            raise ValueError(
                f"a reader of the kind {self.driver} is a keyboard, and port = {self.port!r} finds serial"
                " ports only: give its path in /dev/input, as `latebook reader list` shows it"
            )
        return self


class PrinterSection(SettingsSection):
    """The slip printer; optional. Without a port the kiosk has none."""

    port: str | None = None
    """`usb:04b8:0e15`, `net:HOST` or `net:HOST:9100`, or a serial port's path."""
    paper: int = 80
    """The roll's width in millimetres: 58 or 80."""
    baud: int = Field(default=9600, ge=1200, le=921_600)
    """Speed of a serial port in bits a second."""

    @field_validator("paper")
    @classmethod
    def _check_paper(cls, paper: int) -> int:
        if paper not in (58, 80):
            raise ValueError("rolls are 58 or 80 mm wide")
        return paper

    @field_validator("port")
    @classmethod
    def _check_printer_port(cls, port: str | None) -> str | None:
        if port is not None:
            from hardware.printers.address import connection  # python-escpos is slow to import

            connection(port)
        return port


class DisplaySection(SettingsSection):
    """The touchscreen and its loudspeaker. Without a size the window fills the screen."""

    width: int | None = Field(default=None, ge=480, le=4096)
    height: int | None = Field(default=None, ge=480, le=4096)
    sounds: bool = True
    """Whether sounds accompany a card, a mistake and a result."""

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise ValueError("give both width and height, or neither to fill the screen")
        return self

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels; `None` for the whole screen."""
        return (self.width, self.height) if self.width and self.height else None


class ClockSection(SettingsSection):
    """The clock. Only a demonstration shifts it, and every screen then says so."""

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
