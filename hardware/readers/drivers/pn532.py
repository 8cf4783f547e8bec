"""PN532 over its serial interface (HSU), for ISO 14443A cards: the talk that makes it look for them.

Source: NXP UM0701-02, "PN532 User Manual", sections 6.2 (frames), 7.2.10 (SAMConfiguration), 7.3.1
(RFConfiguration) and 7.3.5 (InListPassiveTarget). The chip never speaks unasked: it is woken, told to use no
security module and not to search for ever, and then asked ten times a second which cards are there.
"""

from collections.abc import Iterator
from datetime import datetime

from hardware.readers.drivers.pn532_frames import DEVICE, Frame, Frames, frame
from hardware.readers.reader import ISO14443A_LENGTHS, Event, Intact, Tap, TwoCards, iso14443a_card

WAKE_UP = b"\x55\x55" + bytes(14)
"""From power-down the chip takes 0x55 for the waking, and needs about 2 ms before the first command: at
115200 baud the zeros take 1.2 ms, and they are a frame's preamble, however long."""
SAM_CONFIGURATION = 0x14
RF_CONFIGURATION = 0x32
IN_LIST_PASSIVE_TARGET = 0x4A
POLL_SECONDS = 0.1
ANSWER_SECONDS = 1.0
"""An answer takes a few milliseconds: after so long without one the chip is woken and set up anew."""
MOST_CARDS = 2
"""As many cards as the chip can follow at once."""

_OPENING = (
    bytes([SAM_CONFIGURATION, 0x01, 0x14, 0x01]),  # normal mode: no security module
    # Item 5, retries. One for activation (the third): by default the chip looks for ever and answers only
    # when a card comes, and then a dead chip and an empty field look the same. The second try is needed: a
    # card that was read already takes the first one for an error, falls back to idle, and answers the next.
    bytes([RF_CONFIGURATION, 0x05, 0xFF, 0x01, 0x01]),
)
_POLL = bytes([IN_LIST_PASSIVE_TARGET, MOST_CARDS, 0x00])
"""106 kbit/s type A."""


class Pn532:
    """Asks a PN532 for cards and understands its answers; a `Parser` that is `Asking`."""

    baud = 115200
    patience: float | None = POLL_SECONDS

    def __init__(self) -> None:
        self._lines = Frames()
        self._stage = 0
        self._awaited: int | None = None
        self._asked: float | None = None
        self.answers = True
        """See `Asking.answers`; a chip that was never asked is given the benefit of the doubt."""
        self.frames = 0
        """Frames with one card so far."""
        self.malformed = 0
        """Intact frames that say what no PN532 says."""

    @property
    def bad_checksum(self) -> int:
        """Frames whose data checksum is wrong."""
        return self._lines.bad_checksum

    def ask(self, at: float) -> bytes:
        """See `Asking.ask`."""
        waited = None if self._asked is None else at - self._asked
        if self._awaited is not None and waited is not None:
            if waited < ANSWER_SECONDS:
                return b""
            self._stage, self.answers = 0, False
        elif self._stage == len(_OPENING) and waited is not None and waited < POLL_SECONDS / 2:
            return b""
        command = _OPENING[self._stage] if self._stage < len(_OPENING) else _POLL
        self._awaited, self._asked = command[0] + 1, at
        return (WAKE_UP if self._stage == 0 else b"") + frame(command)

    def feed(self, data: bytes, at: datetime) -> list[Event]:
        """See `Parser.feed`."""
        self._lines.add(data, at)
        return list(self._understand(self._lines.take()))

    def silence(self) -> list[Event]:
        """See `Parser.silence`; a false start that swallowed a true frame gives it back."""
        return list(self._understand(self._lines.flush()))

    def reset(self) -> None:
        """See `Parser.reset`; the chip is woken and set up anew."""
        self._lines.clear()
        self._stage = 0
        self._awaited = self._asked = None
        self.answers = True

    def _understand(self, frames: Iterator[Frame]) -> Iterator[Event]:
        for body, at in frames:
            if len(body) < 2 or body[0] != DEVICE:
                self.malformed += 1  # such as the chip's error frame: the question is asked again in a second
                continue
            self._answered(body[1])
            yield self._cards(body[2:], at) if body[1] == IN_LIST_PASSIVE_TARGET + 1 else Intact()

    def _answered(self, code: int) -> None:
        if code == self._awaited:
            self._awaited, self.answers = None, True
            self._stage = min(self._stage + 1, len(_OPENING))

    def _cards(self, answer: bytes, at: datetime) -> Event:
        """NbTg, then for each card: Tg, SENS_RES (2), SEL_RES, length of the UID, UID, perhaps an ATS."""
        count = answer[0] if answer else 0
        if count >= MOST_CARDS:
            return TwoCards(at)
        uid = answer[6 : 6 + answer[5]] if len(answer) > 5 else b""
        if count != 1 or len(uid) not in ISO14443A_LENGTHS or len(uid) != answer[5]:
            self.malformed += count > 0
            return Intact()
        self.frames += 1
        return Tap(iso14443a_card(uid), at)
