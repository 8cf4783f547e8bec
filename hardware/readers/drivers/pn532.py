"""PN532 over its serial interface (HSU), for ISO 14443A cards: the dialogue that makes it look for cards.

Source: NXP UM0701-02, "PN532 User Manual", sections 6.2 (frames), 7.2.10 (SAMConfiguration), 7.3.1
(RFConfiguration) and 7.3.5 (InListPassiveTarget). The chip sends only answers: the driver wakes it, tells it
to use no security module and to stop searching after two tries, then polls it ten times a second.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random

from hardware.readers.drivers.pn532_frames import ACK, DEVICE, HOST, FrameSplitter, Pn532Frame, frame
from hardware.readers.family import Family
from hardware.readers.reader import (
    ISO14443A_LENGTHS,
    Event,
    Intact,
    Tap,
    TwoCards,
    iso14443a_card,
    iso14443a_uid,
)
from hardware.readers.simulation import ALL_FAULTS

WAKE_UP = b"\x55\x55" + bytes(14)
"""Bytes of 0x55 wake the chip from power-down; it needs about 2 ms before the first command. At 115200 baud
the zeros take 1.2 ms; the chip reads them as the frame's preamble, which may have any length."""
SAM_CONFIGURATION = 0x14
RF_CONFIGURATION = 0x32
IN_LIST_PASSIVE_TARGET = 0x4A
POLL_SECONDS = 0.1
ANSWER_SECONDS = 1.0
"""Time limit for an answer, which normally takes a few milliseconds; after it the chip is woken and
configured again."""
MOST_CARDS = 2
"""The most cards that the chip can track at once."""

_OPENING = (
    bytes([SAM_CONFIGURATION, 0x01, 0x14, 0x01]),  # normal mode: no security module
    # Item 5, retries. The third value allows one retry of activation. By default the chip searches for ever
    # and answers only when a card arrives, so a dead chip and an empty field would look alike. The retry is
    # needed: a card that has already been read treats the first try as an error, returns to idle, and answers
    # the second.
    bytes([RF_CONFIGURATION, 0x05, 0xFF, 0x01, 0x01]),
)
_POLL = bytes([IN_LIST_PASSIVE_TARGET, MOST_CARDS, 0x00])
"""106 kbit/s type A."""


class Pn532:
    """Polls a PN532 for cards and parses its answers; a `Parser` and a `PolledParser`."""

    baud = 115200
    patience: float | None = POLL_SECONDS

    def __init__(self) -> None:
        self._splitter = FrameSplitter()
        self._stage = 0
        self._awaited: int | None = None
        self._asked_at: float | None = None
        self.is_answering = True
        """See `PolledParser.is_answering`; assumed until a first command has gone unanswered."""
        self.frames = 0
        """Number of frames with one card so far."""
        self.malformed = 0
        """Intact frames with content that no PN532 sends."""

    @property
    def bad_checksum(self) -> int:
        """Frames with a wrong data checksum."""
        return self._splitter.bad_checksum

    def ask(self, at: float) -> bytes:
        """See `PolledParser.ask`."""
        waited = None if self._asked_at is None else at - self._asked_at
        if self._awaited is not None and waited is not None:
            if waited < ANSWER_SECONDS:
                return b""
            self._stage, self.is_answering = 0, False
        elif self._stage == len(_OPENING) and waited is not None and waited < POLL_SECONDS / 2:
            return b""
        command = _OPENING[self._stage] if self._stage < len(_OPENING) else _POLL
        self._awaited, self._asked_at = command[0] + 1, at
        return (WAKE_UP if self._stage == 0 else b"") + frame(command)

    def feed(self, data: bytes, at: datetime) -> list[Event]:
        """See `Parser.feed`."""
        self._splitter.add(data, at)
        return list(self._events(self._splitter.take()))

    def silence(self) -> list[Event]:
        """See `Parser.silence`; recovers a true frame that a false start code had swallowed."""
        return list(self._events(self._splitter.flush()))

    def reset(self) -> None:
        """See `Parser.reset`; the chip is woken and configured again."""
        self._splitter.clear()
        self._stage = 0
        self._awaited = self._asked_at = None
        self.is_answering = True

    def _events(self, frames: Iterator[Pn532Frame]) -> Iterator[Event]:
        for body, at in frames:
            if len(body) < 2 or body[0] != DEVICE:
                # Such as the chip's error frame: the command is repeated after ANSWER_SECONDS.
                self.malformed += 1
                continue
            self._take_answer(body[1])
            yield self._cards(body[2:], at) if body[1] == IN_LIST_PASSIVE_TARGET + 1 else Intact()

    def _take_answer(self, code: int) -> None:
        if code == self._awaited:
            self._awaited, self.is_answering = None, True
            self._stage = min(self._stage + 1, len(_OPENING))

    def _cards(self, answer: bytes, at: datetime) -> Event:
        """The event that an answer describes.

        The answer is NbTg, then for each card: Tg, SENS_RES (2 bytes), SEL_RES, the UID's length, the UID,
        and perhaps an ATS.
        """
        count = answer[0] if answer else 0
        if count >= MOST_CARDS:
            return TwoCards(at)
        uid = answer[6 : 6 + answer[5]] if len(answer) > 5 else b""
        if count != 1 or len(uid) not in ISO14443A_LENGTHS or len(uid) != answer[5]:
            self.malformed += count > 0
            return Intact()
        self.frames += 1
        return Tap(iso14443a_card(uid), at)


_ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""The simulated chip does not use the time of a command."""


class SimulatedPn532:
    """A simulated PN532 on its HSU line: asleep until it is woken, then answers commands."""

    baud = Pn532.baud
    period = POLL_SECONDS
    rest = 0.0
    faults = ALL_FAULTS
    is_polled = True

    def __init__(self, random: Random | None = None) -> None:
        """`random` decides how many zeros precede each frame; by default a fixed seed."""
        self._random = random or Random(0)  # noqa: S311 - zeros on a line, not a secret
        self._splitter = FrameSplitter()
        self._awake = False
        self._uids: list[bytes] = []

    def show(self, cards: Sequence[str | int]) -> bytes:
        """See `SimulatedReader.show`: the cards wait in the field for the next poll."""
        self._uids = [iso14443a_uid(str(card)) for card in cards]
        return b""

    def answer(self, data: bytes) -> list[tuple[bytes, bool]]:
        """See `SimulatedReader.answer`."""
        self._awake = self._awake or b"\x55" in data
        if not self._awake:
            return []
        self._splitter.add(data, _ANY_TIME)
        answers = []
        for body, _ in self._splitter.take():
            if len(body) >= 2 and body[0] == HOST:
                answer = self._answer(body[1], body[2:])
                zeros = bytes(self._random.randint(0, 3))
                names_card = len(answer) > 2
                answers.append((ACK + zeros + frame(answer, speaker=DEVICE), names_card))
        return answers

    def spoil(self, data: bytes, random: Random) -> bytes:
        """See `SimulatedReader.spoil`."""
        return data[:-2] + bytes([data[-2] ^ random.randint(1, 255), data[-1]])

    def noise(self, random: Random) -> bytes:
        """See `SimulatedReader.noise`."""
        return random.randbytes(random.randint(1, 12))

    def _answer(self, command: int, arguments: bytes) -> bytes:
        code = bytes([command + 1])
        if command != IN_LIST_PASSIVE_TARGET:
            return code
        uids = self._uids[: arguments[0] if arguments else 1]
        return code + bytes([len(uids)]) + b"".join(_target(n, uid) for n, uid in enumerate(uids, start=1))


def _target(number: int, uid: bytes) -> bytes:
    """Tg, SENS_RES (bits 7 and 6 give the UID's size), SEL_RES of a MIFARE Classic, and the UID."""
    size = {4: 0x00, 7: 0x40, 10: 0x80}[len(uid)]
    return bytes([number, 0x00, size | 0x04, 0x08, len(uid)]) + uid


FAMILY = Family(
    "pn532",
    "PN532 on its serial line (13.56 MHz, ISO 14443A)",
    lambda options: Pn532(),
    example_cards=("iso14443a:04A2B3C4", "iso14443a:04A2B3C4D5E680"),
    simulated=SimulatedPn532,
)
