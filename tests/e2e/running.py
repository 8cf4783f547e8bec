"""The running product: real processes, a real pseudo-terminal, real HTTP and a real window."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from PIL import ImageGrab
from PIL.Image import Image
from sqlalchemy import select

from attendance.calendar import instant
from demo.display import virtual_display
from demo.programs import Program, database_url, kiosk_program, kiosk_state, register_program
from demo.school import DemoSchool, oak_lane
from demo.seed import DemoAccess, seed
from hardware.readers.virtual.virtual import VirtualReader
from kiosk.disk_key import make_key, read_key
from kiosk.enrolment import store_token
from kiosk.journal.read_only import open_read_only
from sync.register.storage.attendance import EntryRow, KioskRow, MarkRow
from sync.register.storage.database import Database
from sync.uplink.http import RegisterClient, enrol
from tests.paths import ROOT

ENOUGH_S = 60.0
LONDON = ZoneInfo("Europe/London")
PICTURES = ROOT / "pictures" / "journeys"
"""Screenshots for a person to look at."""

ResultT = TypeVar("ResultT")


def until(look: Callable[[], ResultT | None], seconds: float = ENOUGH_S) -> ResultT:
    """Call `look` until it returns a true value, and return that; fail after `seconds`."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, f"still {seen!r} after {seconds} s"
        time.sleep(0.02)  # other processes: there is no event to wait for
    return seen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Product:
    """The whole product on one machine, at Oak Lane School."""

    folder: Path
    school: DemoSchool
    access: DemoAccess
    url: str
    register: Program
    kiosk: Program
    reader: VirtualReader
    display: str
    size: tuple[int, int]
    ahead: timedelta
    """Offset of the register's and kiosk's clocks from this machine's."""

    def now(self) -> datetime:
        """The instant (UTC) by the clocks of the register and the kiosk."""
        return datetime.now(UTC) + self.ahead

    def tap(self, name: str) -> datetime:
        """Hold a pupil's card to the reader; returns the instant (real time) just before."""
        before = datetime.now(UTC)
        self.reader.tap(self.school.card_of(self.school.find_by_name(name).id))
        return before

    def pupil_id(self, name: str) -> str:
        return self.school.find_by_name(name).id

    def touch(self, x: float, y: float) -> None:
        """Touch the window at these shares of its width and height, from the top left."""
        width, height = self.size
        subprocess.run(
            ["xdotool", "mousemove", str(round(x * width)), str(round(y * height)), "click", "1"],
            env={"DISPLAY": self.display, "PATH": "/usr/bin:/bin"},
            check=True,
        )

    def touch_and_see(self, x: float, y: float) -> None:
        """Touch, then wait until the screen has changed and is at rest."""
        before = self._look()
        self.touch(x, y)
        until(lambda: self._look() != before)
        self._at_rest()

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self._at_rest()
        width, height = self.size
        self._look().save(PICTURES / f"{name}-{width}x{height}.png")

    def _at_rest(self) -> None:
        """Wait until several screenshots in a row are equal."""
        looks = [self._look()]

        def look() -> bool:
            looks.append(self._look())
            return len(looks) > 5 and all(earlier == looks[-1] for earlier in looks[-6:-1])

        until(look)

    def _look(self) -> Image:
        return ImageGrab.grab(bbox=(0, 0, *self.size), xdisplay=self.display)

    def screen(self, name: str, times: int = 1) -> None:
        """Wait until the screen has been shown `times` times."""
        until(lambda: self.times_shown(name) >= times)

    def times_shown(self, name: str) -> int:
        """The number of times the screen has been shown."""
        return self._screens().count(name)

    def screen_now(self) -> str:
        """The screen shown last."""
        return self._screens()[-1]

    def _screens(self) -> list[str]:
        return [line.rpartition("=")[2] for line in self.kiosk.lines() if "screen.shown screen=" in line]

    def commits(self, count: int) -> list[str]:
        """The kiosk's log lines of commits, once there are `count`."""

        def look() -> list[str]:
            lines = [line for line in self.kiosk.lines() if "entry.committed" in line]
            return lines if len(lines) >= count else []

        return until(look)

    def marks(self) -> dict[str, MarkRow]:
        """The register's marks, by pupil."""
        database = Database(database_url(self.folder))
        try:
            with database.read() as session:
                return {row.pupil: row for row in session.scalars(select(MarkRow))}
        finally:
            database.close()

    def reader_states(self) -> list[str]:
        """The states of the kiosk's readers, as its last heartbeat gave them."""
        database = Database(database_url(self.folder))
        try:
            with database.read() as session:
                beats = [row.heartbeat for row in session.scalars(select(KioskRow)) if row.heartbeat]
                return [state for beat in beats for state in beat["readers"].values()]
        finally:
            database.close()

    def taps_on_disk(self) -> list[str]:
        """The pupils whose taps in the kiosk's journal are no entries yet, oldest first."""
        with open_read_only(kiosk_state(self.folder) / "journal.db") as connection:
            return [pupil for (pupil,) in connection.execute("SELECT pupil FROM taps ORDER BY rowid")]

    def entries(self) -> list[EntryRow]:
        """The register's entries, in the order of their `seq`."""
        database = Database(database_url(self.folder))
        try:
            with database.read() as session:
                return list(session.scalars(select(EntryRow).order_by(EntryRow.seq)))
        finally:
            database.close()


@contextmanager
def product(
    folder: Path,
    at: str = "09:07",
    *,
    size: tuple[int, int] = (1280, 800),
    through: Callable[[str], str] = lambda url: url,
    kiosk_module: str = "kiosk.entry",
    totp: bool = False,
    leaves_alone: tuple[str, ...] = (),
    encrypted: bool = False,
) -> Iterator[Product]:
    """Start and connect everything, with all clocks at `at` on a Tuesday in November.

    Args:
        folder: for its files.
        at: the school's time, or date and time.
        size: the window's.
        through: maps the register's address to the one that the kiosk gets (for a proxy).
        kiosk_module: the module that the kiosk's process runs.
        totp: whether a login needs an authenticator code, as at a school.
        leaves_alone: years whose pupils may sign themselves out.
        encrypted: whether the kiosk's disk is encrypted, with a key beside its folder.
    """
    start = instant(datetime.fromisoformat(at if "T" in at else f"2026-11-24T{at}"), LONDON)
    school = oak_lane()
    school = replace(school, policy={**school.policy, "leaves_alone": list(leaves_alone)})
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    access = seed(database_url(folder), school, start.astimezone(LONDON).date(), start)
    key_file = folder / "disk.key" if encrypted else None
    if key_file is not None:
        make_key(key_file)
    with ExitStack() as running:
        display = running.enter_context(virtual_display(size))
        reader = running.enter_context(VirtualReader(folder / "reader"))
        ahead = start - datetime.now(UTC)
        offset_s = ahead.total_seconds()
        register = register_program(folder, port, offset_s, totp=totp)
        kiosk = kiosk_program(
            folder,
            through(url),
            offset_s,
            reader=folder / "reader",
            display=display,
            size=size,
            key_file=key_file,
        )
        kiosk.module = kiosk_module
        running.callback(register.stop)
        register.start()
        register.wait_for("register.listening")
        token = enrol(RegisterClient(url), access.enrolment_code, "Main reception").token
        store_token(kiosk_state(folder), token, read_key(key_file) if key_file else None)
        running.callback(kiosk.stop)
        kiosk.start()
        kiosk.wait_for("bundle.taken")
        kiosk.wait_for("state=ready")
        yield Product(folder, school, access, url, register, kiosk, reader, display, size, ahead)
