"""Finds which port has which reader: listens on every port, as every family, while a card is held up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path

from hardware.errors import PortError
from hardware.readers.families import FAMILIES
from hardware.readers.family import Family, Options
from hardware.readers.port import DeviceLine, Port
from hardware.readers.ports import SerialPort, lasting_path
from hardware.readers.reader import Event, Parser, PolledParser, Tap
from hardware.readers.unread import MOST_BYTES, SHORTEST_BYTES, describe

ROUND_SECONDS = 1.5
"""How long to listen at each line speed: a PN532 wakes and answers in half of that."""
_READ_SECONDS = 0.02
_OTHER_SPEEDS = (1200, 2400, 4800, 19200, 38400, 57600)
"""Speeds that no driver uses and that a reader may be set to."""


@dataclass(frozen=True, slots=True)
class ReaderMatch:
    """The reader that read a card."""

    path: Path
    """Its port, as a link that survives replugging if there is one."""
    family: str

    def toml(self) -> str:
        """The part of the configuration for this reader."""
        return f'[reader]\ndriver = "{self.family}"\nport = "{self.path}"\n'


@dataclass(slots=True)
class _Heard:
    """The bytes that came at a port at one speed."""

    data: bytearray = field(default_factory=bytearray)
    """The first of them."""
    length: int = 0

    def add(self, data: bytes) -> None:
        self.data += data[: MOST_BYTES - len(self.data)]
        self.length += len(data)


@dataclass(slots=True)
class _Listener:
    """One open port at one speed, and the parsers that share its bytes."""

    path: Path
    line: DeviceLine
    heard: _Heard
    parsers: list[tuple[str, Parser]] = field(default_factory=list)
    _quiet_since: dict[str, float] = field(default_factory=dict)
    """Family → since when its parser has neither bytes nor a silence (monotonic seconds)."""

    def listen(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> str | None:
        """Send commands that are due and read; return the family whose parser found a card."""
        for _, parser in self.parsers:
            if isinstance(parser, PolledParser) and (command := parser.ask(monotonic())):
                self.line.write(command)
        data = self.line.read(_READ_SECONDS)
        self.heard.add(data)
        for name, parser in self.parsers:
            if any(isinstance(event, Tap) for event in self._events(name, parser, data, now, monotonic())):
                return name
        return None

    def _events(
        self, name: str, parser: Parser, data: bytes, now: Callable[[], datetime], at: float
    ) -> Iterable[Event]:
        """What a parser makes of the bytes, or of the silence once it has lasted as long as it needs."""
        if data:
            self._quiet_since[name] = at
            return parser.feed(data, now())
        quiet = at - self._quiet_since.setdefault(name, at)
        if parser.patience is None or quiet < parser.patience:
            return ()
        self._quiet_since[name] = at
        return parser.silence()


class Probe:
    """Listens on ports for a card."""

    def __init__(
        self,
        ports: Sequence[SerialPort],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_refused: Callable[[str], None],
        families: Iterable[Family] = tuple(FAMILIES.values()),
    ) -> None:
        """Create the probe; ports are opened by `run`.

        Args:
            ports: the ports to listen on.
            now: the current time (aware, UTC).
            monotonic: seconds of a monotonic clock.
            on_refused: called once for each port that cannot be opened or read, with one sentence.
            families: the families to try; keyboards are skipped.
        """
        self._ports = ports
        self._now = now
        self._monotonic = monotonic
        self._on_refused = on_refused
        self._refused: set[Path] = set()
        serial = sorted((f for f in families if f.is_serial), key=lambda f: f.parser(Options()).baud)
        self._speeds = [
            (baud, list(group)) for baud, group in groupby(serial, lambda f: f.parser(Options()).baud)
        ]
        self._unpolled = [f for f in serial if not isinstance(f.parser(Options()), PolledParser)]
        self._heard: dict[tuple[Path, int], _Heard] = {}
        self._other_speed = ""

    def run(self, seconds: float) -> ReaderMatch | None:
        """Listen, at each line speed in turn, until a card is read; `None` after `seconds` without one.

        Where bytes came but no card, also listen at speeds that no driver uses, for `heard`.
        """
        end = self._monotonic() + seconds
        while self._monotonic() < end and len(self._refused) < len(self._ports):
            for baud, families in self._speeds:
                found = self._round(baud, families, self._ports, min(end, self._monotonic() + ROUND_SECONDS))
                if found is not None:
                    return found
            if self._is_at_another_speed(end):
                return None
        return None

    def heard(self) -> list[str]:
        """What came instead of a card, one sentence for each port and speed."""
        if self._other_speed:
            return [self._other_speed]
        return [
            describe(bytes(heard.data), heard.length).sentence(lasting_path(path), baud)
            for (path, baud), heard in self._heard.items()
            if heard.length >= SHORTEST_BYTES
        ]

    def _is_at_another_speed(self, end: float) -> bool:
        heard = [
            port
            for port in self._ports
            if any(path == port.path and each.length for (path, _), each in self._heard.items())
        ]
        used = {baud for baud, _ in self._speeds}
        for baud in (baud for baud in _OTHER_SPEEDS if heard and baud not in used):
            found = self._round(baud, self._unpolled, heard, min(end, self._monotonic() + ROUND_SECONDS))
            if found is not None:
                right = FAMILIES[found.family].parser(Options()).baud
                self._other_speed = (
                    f"A reader of the kind {found.family} sends at {baud} baud at {found.path}:"
                    f" set the reader to {right} baud, and run this again."
                )
                return True
        return False

    def _round(
        self, baud: int, families: list[Family], ports: Sequence[SerialPort], end: float
    ) -> ReaderMatch | None:
        with ExitStack() as open_lines:
            listeners = list(self._open(baud, families, ports, open_lines))
            while listeners and self._monotonic() < end:
                for listener in list(listeners):
                    try:
                        name = listener.listen(self._now, self._monotonic)
                    except PortError as lost:
                        self._refuse(listener.path, lost)
                        listeners.remove(listener)
                        continue
                    if name is not None:
                        return ReaderMatch(lasting_path(listener.path), name)
        return None

    def _open(
        self, baud: int, families: list[Family], ports: Sequence[SerialPort], lines: ExitStack
    ) -> Iterator[_Listener]:
        for port in ports:
            if port.path in self._refused:
                continue
            try:
                line = lines.enter_context(closing(Port(port.path, baud)))
            except PortError as refused:
                self._refuse(port.path, refused)
                continue
            ordered = sorted(families, key=lambda family: not family.is_made_by(port))
            heard = self._heard.setdefault((port.path, baud), _Heard())
            yield _Listener(
                port.path, line, heard, [(family.name, family.parser(Options())) for family in ordered]
            )

    def _refuse(self, path: Path, error: PortError) -> None:
        self._refused.add(path)
        self._on_refused(str(error))
