import errno
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from hardware.errors import PortError
from hardware.readers.drivers.barcode import Barcode
from hardware.readers.drivers.keys import EV_KEY, EVENT, KeyDecoder, strokes
from hardware.readers.drivers.wedge import WedgeKeyboard
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import (
    NINE_O_SEVEN,
    PtyDevice,
    SupervisorRecorder,
    open_files,
    wait_for,
)

Watch = Callable[..., SupervisorRecorder]

# Few test machines have /dev/uinput, so a pseudo-terminal carries the kernel's events, and the grab, which a
# terminal does not support, is passed in by the test. Everything else is as with a real keyboard.


def test_typed_text_is_read() -> None:
    text = "0001234567 B801 Az-9,;:+?"
    assert KeyDecoder().feed(strokes(text)) == text.encode() + b"\r"


def test_events_in_pieces_are_read() -> None:
    keys, events = KeyDecoder(), strokes("0012D687")
    assert b"".join(keys.feed(events[n : n + 1]) for n in range(len(events))) == b"0012D687\r"


def test_a_held_key_is_typed_once() -> None:
    keys = KeyDecoder()
    assert keys.feed(b"".join(EVENT.pack(0, 0, EV_KEY, 2, value) for value in (1, 2, 2, 2, 0))) == b"1"


def test_the_number_pad_types_the_same() -> None:
    events = b"".join(EVENT.pack(0, 0, EV_KEY, code, 1) for code in (82, 79, 80, 81, 96))
    assert KeyDecoder().feed(events) == b"0123\r"


@pytest.mark.parametrize("event", [(EV_KEY, 59, 1), (0, 3, 0)])
def test_a_line_with_an_unknown_key_or_lost_events_is_not_a_card(event: tuple[int, int, int]) -> None:
    keys, typed = KeyDecoder(), strokes("004321")
    barcode = Barcode()
    barcode.feed(keys.feed(typed[:48] + EVENT.pack(0, 0, *event) + typed[48:]), NINE_O_SEVEN)
    assert barcode.silence() == []


def test_a_text_that_no_keyboard_types_is_refused() -> None:
    with pytest.raises(ValueError, match="types 'Ł'"):
        strokes("Łukasz")


def as_keyboard(taken: list[int]) -> Callable[[Path, int], WedgeKeyboard]:
    return partial(WedgeKeyboard, take=taken.append)


def test_a_typed_card_is_a_tap_and_the_keyboard_is_grabbed(line: PtyDevice, watch: Watch) -> None:
    taken: list[int] = []
    watched = watch(line.path, parser=Barcode(), open_line=as_keyboard(taken))
    line.write(strokes("BCD") + strokes("002") + strokes("0001234567"))
    wait_for(lambda: watched.parser.malformed == 1, "a code of several lines")
    wait_for(lambda: watched.parser.patience is None, "a human's pause")
    line.write(strokes("0001234568"))
    watched.until_taps(1)
    assert watched.cards == ["barcode:0001234568"]
    assert len(taken) == 1


def test_a_keyboard_that_is_plugged_in_again_is_grabbed_again(
    tmp_path: Path, plug: Callable[[], PtyDevice], watch: Watch
) -> None:
    link, before, after, taken = tmp_path / "kbd", plug(), plug(), list[int]()
    link.symlink_to(before.path)
    watched = watch(link, parser=Barcode(), open_line=as_keyboard(taken))
    link.unlink()
    before.hang_up()
    watched.until(ReaderState.ABSENT)
    link.symlink_to(after.path)
    watched.until(ReaderState.READY)
    after.write(strokes("004321"))
    watched.until_taps(1)
    assert len(taken) == 2


def test_a_keyboard_grabbed_by_another_program_is_busy(line: PtyDevice) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    files = open_files()
    with pytest.raises(PortError, match="held by another program") as refused:
        WedgeKeyboard(line.path, take=refuse)
    assert refused.value.state is ReaderState.BUSY
    assert open_files() == files


def test_a_device_that_is_not_a_keyboard_is_reported(line: PtyDevice) -> None:
    with pytest.raises(PortError) as refused:
        WedgeKeyboard(line.path)
    assert refused.value.state is ReaderState.ABSENT
    assert str(refused.value) == f"{line.path} is not a keyboard: check the port in the configuration."


def test_keys_typed_before_the_grab_are_discarded(line: PtyDevice, watch: Watch) -> None:
    line.write(strokes("111111"))
    watched = watch(line.path, parser=Barcode(), open_line=as_keyboard([]))
    line.write(strokes("222222"))
    watched.until_taps(1)
    assert watched.cards == ["barcode:222222"]


def test_stop_interrupts_a_read_and_leaves_no_open_file(line: PtyDevice) -> None:
    files = open_files()
    watched = SupervisorRecorder(line.path, parser=Barcode(), open_line=as_keyboard([]), patience=60.0)
    watched.until(ReaderState.READY)
    watched.supervisor.stop()
    assert watched.supervisor.state is ReaderState.STOPPED
    assert open_files() == files
