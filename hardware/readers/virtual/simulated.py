"""Readers as they behave on their line, one class a family: what a virtual reader says, and answers. Pure."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Protocol

from hardware.readers.drivers import id12la, pn532, rdm6300
from hardware.readers.drivers.pn532_frames import ACK, DEVICE, HOST, Frames, frame
from hardware.readers.reader import em4100_card, em4100_number, iso14443a_uid
from hardware.readers.virtual.faults import Fault

_FRAMED = frozenset(Fault)
_ONCE = _FRAMED - {Fault.REPEATS}
"""Of a reader that says a card once, however long it is held."""
_ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""The device does not care when it was asked."""


class Device(Protocol):
    """A reader, as seen from its line."""

    @property
    def baud(self) -> int:
        """Its line speed in bits a second."""

    @property
    def period(self) -> float | None:
        """Seconds from one frame of a held card to its next; None for a reader that says it once."""

    @property
    def faults(self) -> frozenset[Fault]:
        """What can be wrong with it."""

    @property
    def asked(self) -> bool:
        """Whether it speaks only when it is asked."""

    def shows(self, cards: Sequence[str | int]) -> bytes:
        """What it sends by itself for the cards in its field; of an asked one, nothing.

        Raises:
            ValueError: no such card can be, or not so many at once.
        """

    def hears(self, data: bytes) -> list[tuple[bytes, bool]]:
        """What it answers to bytes from the host: frames, and of each whether it names a card."""

    def spoil(self, data: bytes, random: Random) -> bytes:
        """Its frame with a wrong checksum."""

    def noise(self, random: Random) -> bytes:
        """Stray bytes as they come before a frame."""


class Em4100Device:
    """An RDM6300, or with its frame and period another EM4100 reader."""

    baud = 9600
    asked = False

    def __init__(
        self,
        frame_of: Callable[[int], bytes] = rdm6300.frame,
        period: float | None = rdm6300.REPEAT_SECONDS,
    ) -> None:
        self._frame_of = frame_of
        self.period = period
        self.faults = _ONCE if period is None else _FRAMED

    def shows(self, cards: Sequence[str | int]) -> bytes:
        """See `Device.shows`: two cards spoil each other's answers, and nothing is read."""
        numbers = [_em4100(card) for card in cards]
        return self._frame_of(numbers[0]) if len(numbers) == 1 else b""

    def hears(self, data: bytes) -> list[tuple[bytes, bool]]:
        """See `Device.hears`."""
        return []

    def spoil(self, data: bytes, random: Random) -> bytes:
        """See `Device.spoil`."""
        wrong = int(data[11:13], 16) ^ random.randint(1, 255)
        return data[:11] + b"%02X" % wrong + data[13:]

    def noise(self, random: Random) -> bytes:
        """See `Device.noise`."""
        return random.randbytes(random.randint(1, 12))


def id12la_device() -> Em4100Device:
    """An ID-12LA: it says a card once."""
    return Em4100Device(id12la.frame, None)


class BarcodeDevice:
    """A barcode scanner on its serial port. `cards` are texts, or their names as `barcode:TEXT`."""

    baud = 9600
    period = None
    # Text has neither a start nor a checksum: what is cut short, or has a wrong digit, is another text.
    faults = frozenset({Fault.NOISE, Fault.PIECES, Fault.LATENCY, Fault.BABBLE})
    asked = False

    def __init__(self, *, prefix: str = "", ending: str = "\r\n") -> None:
        """`prefix`: an AIM identifier. `ending`: what follows the text."""
        self._prefix = prefix
        self._ending = ending

    def shows(self, cards: Sequence[str | int]) -> bytes:
        """See `Device.shows`."""
        if len(cards) != 1:
            return b""
        text = str(cards[0]).removeprefix("barcode:")
        if not text or not text.isprintable():
            raise ValueError("A barcode is a line of printable text, as barcode:004321.")
        return (self._prefix + text + self._ending).encode()

    def hears(self, data: bytes) -> list[tuple[bytes, bool]]:
        """See `Device.hears`."""
        return []

    def spoil(self, data: bytes, random: Random) -> bytes:
        """See `Device.spoil`; there is none."""
        return data

    def noise(self, random: Random) -> bytes:
        """See `Device.noise`: a line of its own, or it would be part of the text."""
        return bytes(random.randrange(0x80, 0xC0) for _ in range(random.randint(1, 12))) + b"\r"


class Pn532Device:
    """A PN532 on its HSU line: asleep until it is woken, then it answers."""

    baud = pn532.Pn532.baud
    period = pn532.POLL_SECONDS
    faults = _FRAMED
    asked = True

    def __init__(self, random: Random | None = None) -> None:
        """`random`: how many zeros stand before a frame."""
        self._random = random or Random(0)  # noqa: S311 - zeros on a line, not a secret
        self._lines = Frames()
        self._awake = False
        self._uids: list[bytes] = []

    def shows(self, cards: Sequence[str | int]) -> bytes:
        """See `Device.shows`: puts the cards into the field, to be asked for."""
        self._uids = [iso14443a_uid(str(card)) for card in cards]
        return b""

    def hears(self, data: bytes) -> list[tuple[bytes, bool]]:
        """See `Device.hears`."""
        self._awake = self._awake or b"\x55" in data
        if not self._awake:
            return []
        self._lines.add(data, _ANY_TIME)
        answers = []
        for body, _ in self._lines.take():
            if len(body) >= 2 and body[0] == HOST:
                answer = self._answer(body[1], body[2:])
                zeros = bytes(self._random.randint(0, 3))
                names_card = len(answer) > 2
                answers.append((ACK + zeros + frame(answer, speaker=DEVICE), names_card))
        return answers

    def spoil(self, data: bytes, random: Random) -> bytes:
        """See `Device.spoil`."""
        return data[:-2] + bytes([data[-2] ^ random.randint(1, 255), data[-1]])

    def noise(self, random: Random) -> bytes:
        """See `Device.noise`."""
        return random.randbytes(random.randint(1, 12))

    def _answer(self, command: int, arguments: bytes) -> bytes:
        code = bytes([command + 1])
        if command != pn532.IN_LIST_PASSIVE_TARGET:
            return code
        uids = self._uids[: arguments[0] if arguments else 1]
        return code + bytes([len(uids)]) + b"".join(_target(n, uid) for n, uid in enumerate(uids, start=1))


def _target(number: int, uid: bytes) -> bytes:
    """Tg, SENS_RES (whose bits 7 and 6 give the UID's size), SEL_RES of a MIFARE Classic, and the UID."""
    size = {4: 0x00, 7: 0x40, 10: 0x80}[len(uid)]
    return bytes([number, 0x00, size | 0x04, 0x08, len(uid)]) + uid


def _em4100(card: str | int) -> int:
    if isinstance(card, int):
        return em4100_number(em4100_card(card))
    return em4100_number(card if ":" in card else f"em4100:{card.upper()}")
