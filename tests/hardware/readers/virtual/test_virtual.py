import os
import stat
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.errors import VirtualReaderError
from hardware.readers.drivers.rdm6300 import frame
from hardware.readers.reader import em4100_card
from hardware.readers.simulation import ReaderFault
from hardware.readers.virtual.faults import LATENCY_SECONDS
from hardware.readers.virtual.virtual import LONG_REPEATS, REPEATS, VirtualReader
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import PtyDevice, SupervisorRecorder, open_files, wait_for

Watch = Callable[..., SupervisorRecorder]
ONE, TWO = em4100_card(1), em4100_card(2)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "reader"


@pytest.fixture
def listener(virtual: VirtualReader, link: Path) -> Iterator[int]:
    """A program that has the port open, and reads only when the test does."""
    port = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    yield port
    os.close(port)


def test_a_held_card_is_several_frames_and_one_tap(virtual: VirtualReader, link: Path, watch: Watch) -> None:
    watched = watch(link)
    assert virtual.tap(ONE) == REPEATS + 1
    watched.until_frames(REPEATS + 1)
    assert watched.cards == [ONE]


def test_repeats_come_every_50_ms(virtual: VirtualReader, link: Path, watch: Watch) -> None:
    watch(link)
    began = time.monotonic()
    virtual.tap(ONE, repeats=4)
    assert 0.2 <= time.monotonic() - began < 1.0


@pytest.mark.parametrize("card", [1234567, "0012D687", "0012d687", "em4100:0012D687"])
def test_a_card_may_be_given_by_name_by_hex_or_by_the_number_printed_on_it(
    virtual: VirtualReader, listener: int, card: str | int
) -> None:
    assert virtual.tap(card, repeats=0) == 1
    assert os.read(listener, 100) == frame(1234567)


@pytest.mark.parametrize("card", [-1, 2**32, "Amelia", "em4100:12D687", ""])
def test_an_impossible_card_is_refused(virtual: VirtualReader, card: str | int) -> None:
    with pytest.raises(ValueError, match="EM4100 card"):
        virtual.tap(card)


@pytest.mark.parametrize(
    "fault",
    [ReaderFault.NOISE, ReaderFault.PIECES, ReaderFault.MIDFRAME, ReaderFault.LATENCY, ReaderFault.REPEATS],
)
def test_a_fault_that_can_be_overcome_makes_no_difference(
    virtual: VirtualReader, link: Path, watch: Watch, fault: ReaderFault
) -> None:
    watched = watch(link)
    virtual.switch(fault, on=True)
    virtual.tap(ONE)
    frames = virtual.tap(TWO)
    watched.until_taps(2)
    watched.until_frames(2 * frames)
    assert watched.cards == [ONE, TWO]
    assert watched.supervisor.state is ReaderState.READY


def test_all_faults_that_can_be_overcome_at_once_make_no_difference(
    virtual: VirtualReader, link: Path, watch: Watch
) -> None:
    watched = watch(link)
    for fault in set(ReaderFault) - {ReaderFault.BAD_CHECKSUM, ReaderFault.BABBLE}:
        virtual.switch(fault, on=True)
    assert virtual.tap(ONE) == LONG_REPEATS + 1
    watched.until_frames(LONG_REPEATS + 1)
    assert watched.cards == [ONE]


def test_with_bad_checksums_there_is_no_tap_until_the_fault_is_off(
    virtual: VirtualReader, link: Path, watch: Watch
) -> None:
    watched = watch(link)
    virtual.switch(ReaderFault.BAD_CHECKSUM, on=True)
    virtual.tap(ONE)
    wait_for(lambda: watched.parser.bad_checksum == REPEATS + 1, "frames with bad checksums")
    assert watched.cards == []
    virtual.switch(ReaderFault.BAD_CHECKSUM, on=False)
    virtual.tap(TWO)
    watched.until_taps(1)
    assert watched.cards == [TWO]


def test_each_fault_shows_on_the_line(virtual: VirtualReader, listener: int) -> None:
    def sent(fault: ReaderFault) -> bytes:
        virtual.switch(fault, on=True)
        virtual.tap(1, repeats=0)
        virtual.switch(fault, on=False)
        return os.read(listener, 1000)

    whole = frame(1)
    noisy, cut, spoilt = sent(ReaderFault.NOISE), sent(ReaderFault.MIDFRAME), sent(ReaderFault.BAD_CHECKSUM)
    assert noisy.endswith(whole)
    assert len(noisy) > len(whole)
    assert cut.endswith(whole)
    assert cut[:1] == whole[:1]
    assert len(whole) < len(cut) < 2 * len(whole)
    assert spoilt[:11] == whole[:11]
    assert spoilt[11:13] != whole[11:13]
    assert len(spoilt) == len(whole)


def test_with_pieces_a_frame_arrives_in_pieces(virtual: VirtualReader, listener: int) -> None:
    virtual.switch(ReaderFault.PIECES, on=True)
    sender = threading.Thread(target=virtual.tap, args=(1,), kwargs={"repeats": 0})
    sender.start()
    pieces: list[bytes] = []

    def whole() -> bool:
        try:
            pieces.append(os.read(listener, 100))
        except BlockingIOError:
            return False
        return b"".join(pieces) == frame(1)

    wait_for(whole, "a whole frame")
    sender.join()
    assert len(pieces) > 1


def test_with_latency_a_frame_arrives_late(virtual: VirtualReader, listener: int) -> None:
    virtual.switch(ReaderFault.LATENCY, on=True)
    began = time.monotonic()
    virtual.tap(1, repeats=0)
    assert time.monotonic() - began >= LATENCY_SECONDS
    assert os.read(listener, 100) == frame(1)


def test_replugging_gives_another_device_under_the_same_link(
    virtual: VirtualReader, link: Path, watch: Watch, plug: Callable[[], PtyDevice]
) -> None:
    watched = watch(link)
    before = virtual.state().port
    virtual.unplug()
    watched.until(ReaderState.ABSENT)
    assert not link.is_symlink()
    assert virtual.state().port is None
    plug()  # takes the free device number, so that the reader gets another
    virtual.replug()
    watched.until(ReaderState.READY)
    assert virtual.state().port == str(link.readlink())
    assert virtual.state().port != before
    virtual.tap(ONE)
    watched.until_taps(1)


def test_a_card_cannot_be_tapped_on_an_unplugged_reader(virtual: VirtualReader) -> None:
    virtual.unplug()
    with pytest.raises(VirtualReaderError, match="unplugged"):
        virtual.tap(ONE)


def test_bytes_sent_to_a_closed_port_are_lost(virtual: VirtualReader, link: Path, watch: Watch) -> None:
    assert not virtual.state().in_use
    assert virtual.tap(ONE, repeats=0) == 0
    watched = watch(link)
    assert virtual.state().in_use
    virtual.tap(TWO)
    watched.until_taps(1)
    assert watched.cards == [TWO]


@pytest.mark.timeout(20)
def test_a_program_that_does_not_read_never_blocks_the_reader(link: Path) -> None:
    with VirtualReader(link, period=0.0) as virtual:
        port = os.open(link, os.O_RDWR | os.O_NOCTTY)
        arrived = virtual.tap(ONE, repeats=9999)
        os.close(port)
    assert 0 < arrived < 10_000


def test_the_line_carries_every_byte_unchanged_at_9600_baud(virtual: VirtualReader, listener: int) -> None:
    settings = termios.tcgetattr(listener)
    assert settings[4] == settings[5] == termios.B9600
    assert not settings[3] & (termios.ICANON | termios.ECHO | termios.ISIG)


def test_a_link_left_by_a_killed_program_is_replaced(link: Path) -> None:
    link.symlink_to("/dev/pts/123456")
    with VirtualReader(link) as virtual:
        assert str(link.readlink()) == virtual.state().port
        assert stat.S_ISCHR(link.stat().st_mode)


def test_a_file_at_the_links_path_is_never_touched(link: Path) -> None:
    link.write_text("precious")
    files = open_files()
    with pytest.raises(VirtualReaderError, match="not a symbolic link"):
        VirtualReader(link)
    assert link.read_text() == "precious"
    assert open_files() == files


def test_closing_removes_the_link_unless_another_reader_replaced_it(link: Path) -> None:
    first = VirtualReader(link)
    second = VirtualReader(link)
    first.close()
    assert link.is_symlink()
    second.close()
    second.close()
    assert not link.is_symlink()


def test_closing_ends_a_tap_in_progress(link: Path, watch: Watch) -> None:
    virtual = VirtualReader(link)
    watched = watch(link)
    holding = threading.Thread(target=virtual.tap, args=(ONE,), kwargs={"repeats": 100_000})
    holding.start()
    watched.until_taps(1)
    virtual.close()
    holding.join(60)
    assert not holding.is_alive()
    with pytest.raises(VirtualReaderError, match="closed"):
        virtual.replug()
