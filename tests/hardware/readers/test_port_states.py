import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from serial import SerialException

from hardware.readers.drivers.rdm6300 import frame
from hardware.readers.port import port_error
from hardware.readers.reader import em4100_card
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import Clock, PtyDevice, SupervisorRecorder

Watch = Callable[..., SupervisorRecorder]
Plug = Callable[[], PtyDevice]
ONE, TWO = em4100_card(1), em4100_card(2)


def test_a_reader_plugged_in_late_is_found(tmp_path: Path, line: PtyDevice, watch: Watch) -> None:
    link = tmp_path / "reader"
    watched = watch(link, until=ReaderState.ABSENT)
    assert watched.detail == f"No card reader at {link}: plug it in, or check the port in the configuration."
    link.symlink_to(line.path)
    watched.until(ReaderState.READY)
    line.write(frame(1))
    watched.until_taps(1)


def test_a_reader_unplugged_and_plugged_in_as_another_device_is_read_again(
    tmp_path: Path, watch: Watch, plug: Plug
) -> None:
    link, before = tmp_path / "reader", plug()
    link.symlink_to(before.path)
    watched = watch(link)
    before.write(frame(1))
    watched.until_taps(1)
    after = plug()
    assert after.path != before.path
    link.unlink()
    before.hang_up()
    watched.until(ReaderState.ABSENT)
    assert "plug it in" in watched.detail
    link.symlink_to(after.path)
    watched.until(ReaderState.READY)
    after.write(frame(2))
    watched.until_taps(2)
    assert watched.cards == [ONE, TWO]


def test_a_partial_frame_of_the_old_device_is_not_continued_by_the_new_one(
    tmp_path: Path, watch: Watch, plug: Plug
) -> None:
    link, before, after, clock = tmp_path / "reader", plug(), plug(), Clock()
    link.symlink_to(before.path)
    watched = watch(link, clock=clock, patience=30.0)
    before.write(frame(1)[:7])
    clock.until_looks(1)
    link.unlink()
    before.hang_up()
    watched.until(ReaderState.ABSENT)
    link.symlink_to(after.path)
    watched.until(ReaderState.READY)
    after.write(frame(1)[7:] + frame(2))
    watched.until_taps(1)
    assert watched.cards == [TWO]


def test_a_path_that_leads_to_another_device_now_is_followed(
    tmp_path: Path, line: PtyDevice, watch: Watch, plug: Plug
) -> None:
    link, other = tmp_path / "reader", plug()
    link.symlink_to(line.path)
    watched = watch(link, patience=0.05)
    (tmp_path / "new").symlink_to(other.path)
    (tmp_path / "new").replace(link)  # the old line stays open, without a hang-up
    watched.until(ReaderState.READY)
    other.write(frame(1))
    watched.until_taps(1)


HOLDER = """
import sys, serial
port = serial.Serial(sys.argv[1], 9600, exclusive=True)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_port_held_by_another_process_is_busy_until_that_process_dies(
    tmp_path: Path, line: PtyDevice, watch: Watch
) -> None:
    link = tmp_path / "reader"
    link.symlink_to(line.path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(line.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        watched = watch(link, until=ReaderState.BUSY)
        assert "held by another program, " in watched.detail
        assert f"(process {holder.pid}): stop that program." in watched.detail
        holder.send_signal(signal.SIGKILL)
    watched.until(ReaderState.READY)
    line.write(frame(1))
    watched.until_taps(1)


THIEF = """
import os, sys
port = os.open(sys.argv[1], os.O_RDONLY | os.O_NOCTTY)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_port_that_another_program_reads_as_well_is_not_called_unplugged(line: PtyDevice) -> None:
    twice = SerialException("device reports readiness to read but returned no data")
    with subprocess.Popen(
        [sys.executable, "-c", THIEF, str(line.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as thief:
        assert thief.stdout is not None
        assert thief.stdout.readline() == b"open\n"
        held = port_error(line.path, twice)
    assert held.state is ReaderState.BUSY
    assert f"(process {thief.pid}): stop that program." in str(held)
    assert port_error(line.path, twice).state is ReaderState.ABSENT


def test_a_port_that_is_being_read_cannot_be_taken_by_another(line: PtyDevice, watch: Watch) -> None:
    watch(line.path)
    watch(line.path, until=ReaderState.BUSY)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Drop root's rights, since permissions do not restrict root."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_port_without_permission_is_forbidden_until_it_is_given(line: PtyDevice, watch: Watch) -> None:
    line.path.chmod(0o000)
    with unprivileged():
        watched = watch(line.path, until=ReaderState.FORBIDDEN)
    assert "group dialout" in watched.detail
    line.path.chmod(0o600)
    watched.until(ReaderState.READY)


def test_a_path_that_is_not_a_serial_port_is_reported(tmp_path: Path, watch: Watch) -> None:
    path = tmp_path / "reader"
    path.write_text("not a port")
    watched = watch(path, until=ReaderState.ABSENT)
    assert watched.detail == f"{path} is not a serial port: check the port in the configuration."


def test_bytes_without_a_card_are_babble_until_a_card_comes(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path)
    line.write(b"\x80\x78\x00\xf8" * 60)
    watched.until(ReaderState.BABBLING)
    assert "kind of reader" in watched.detail
    line.write(frame(1))
    watched.until(ReaderState.READY)
    watched.until_taps(1)


def test_a_port_that_babbled_and_fell_silent_is_ready_again(line: PtyDevice, watch: Watch) -> None:
    clock = Clock()
    watched = watch(line.path, clock=clock, patience=0.05)
    line.write(b"\xaa" * 200)
    watched.until(ReaderState.BABBLING)
    clock.seconds += 6.0
    watched.until(ReaderState.READY)
