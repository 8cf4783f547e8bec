import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hardware.readers.drivers import id12la
from hardware.readers.drivers.rdm6300 import Rdm6300, frame
from hardware.readers.reader import Tap, em4100_card
from hardware.readers.supervisor import Supervisor
from hardware.readers.unread import UnreadCode
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import (
    NINE_O_SEVEN,
    Clock,
    PtyDevice,
    SupervisorRecorder,
    open_files,
    wait_for,
)

Watch = Callable[..., SupervisorRecorder]
Plug = Callable[[], PtyDevice]
ONE, TWO, THREE = em4100_card(1), em4100_card(2), em4100_card(3)


def test_a_frame_on_a_real_port_is_a_tap_at_the_time_of_the_clock(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path, clock=Clock())
    line.write(frame(1))
    watched.until_taps(1)
    assert watched.taps == [Tap(ONE, NINE_O_SEVEN)]


def test_noise_between_frames_is_skipped(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path)
    line.write(b"\xff\x00\x02\x7f\x03" + frame(1) + b"\x11\x13\x02" + frame(2) + b"\r\n\x1a\x04" + frame(3))
    watched.until_taps(3)
    assert watched.cards == [ONE, TWO, THREE]


def test_a_frame_in_pieces_is_a_tap_at_the_instant_of_its_first_byte(line: PtyDevice, watch: Watch) -> None:
    clock = Clock()
    watched = watch(line.path, clock=clock, patience=30.0)
    whole = frame(1)
    for count, piece in enumerate((whole[:1], whole[1:5], whole[5:12], whole[12:]), start=1):
        line.write(piece)
        clock.until_looks(count)
        clock.wall += timedelta(minutes=1)
    watched.until_taps(1)
    assert watched.taps == [Tap(ONE, NINE_O_SEVEN)]


def test_a_bad_checksum_is_no_tap(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path)
    line.write(frame(1)[:11] + b"00\x03" + frame(2))
    watched.until_taps(1)
    assert watched.cards == [TWO]
    assert watched.parser.bad_checksum == 1


def test_bad_checksums_reach_the_log_at_once_and_then_once_a_minute(line: PtyDevice, watch: Watch) -> None:
    spoilt = frame(1)[:11] + b"00\x03"
    with capture_logs() as logs:
        watched = watch(line.path)
        for _ in range(3):
            line.write(spoilt + frame(2))
        line.write(spoilt + frame(3))
        watched.until_taps(2)
    reports = [entry for entry in logs if entry["event"] == "reader.spoiled"]
    assert len(reports) == 1
    assert reports[0]["bad_checksum"] >= 1
    assert reports[0]["log_level"] == "warning"


def test_a_start_byte_within_a_frame_starts_a_new_frame(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path)
    line.write(frame(1)[:8])
    line.write(frame(2))
    watched.until_taps(1)
    assert watched.cards == [TWO]


def test_a_partial_frame_before_a_silence_is_not_continued_after_it(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path, patience=0.05)
    line.write(frame(1)[:7])
    wait_for(lambda: watched.parser.malformed == 1, "the partial frame to be discarded")
    line.write(frame(1)[7:] + frame(2))
    watched.until_taps(1)
    assert watched.cards == [TWO]


def test_the_repeats_of_a_held_card_are_one_tap(line: PtyDevice, watch: Watch) -> None:
    clock = Clock()
    watched = watch(line.path, clock=clock)
    for repeat in range(1, 41):  # two seconds, at 50 ms
        line.write(frame(1))
        watched.until_frames(repeat)
        clock.seconds += 0.05
    assert watched.cards == [ONE]


def test_a_card_taken_away_and_shown_again_is_two_taps(line: PtyDevice, watch: Watch) -> None:
    clock = Clock()
    watched = watch(line.path, clock=clock)
    line.write(frame(1))
    watched.until_taps(1)
    clock.seconds += 0.6
    line.write(frame(1))
    watched.until_taps(2)


def test_a_clock_that_is_set_while_a_card_is_held_makes_no_second_tap(line: PtyDevice, watch: Watch) -> None:
    clock = Clock()
    watched = watch(line.path, clock=clock)
    line.write(frame(1))
    watched.until_frames(1)
    clock.wall += timedelta(days=300)
    clock.seconds += 0.05
    line.write(frame(1))
    watched.until_frames(2)
    assert watched.taps == [Tap(ONE, NINE_O_SEVEN)]


def test_two_cards_at_once_are_two_taps(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path)
    line.write(frame(1) + frame(2))
    watched.until_taps(2)
    assert watched.cards == [ONE, TWO]


def test_repeats_that_queue_behind_a_slow_callback_are_the_same_tap(line: PtyDevice, watch: Watch) -> None:
    clock, called, go_on = Clock(), threading.Event(), threading.Event()

    def slow(_: Tap) -> None:
        called.set()
        assert go_on.wait(60)

    watched = watch(line.path, clock=clock, on_tap=slow)
    line.write(frame(1))
    assert called.wait(60)
    line.write(frame(1) * 10)
    clock.seconds += 2.0
    go_on.set()
    watched.until_frames(11)
    assert watched.cards == [ONE]


def test_a_failing_callback_loses_no_later_tap_and_logs_no_card_number(line: PtyDevice, watch: Watch) -> None:
    def refuse(tap: Tap) -> None:
        raise LookupError(f"no pupil has {tap.card}")

    with capture_logs() as logs:
        watched = watch(line.path, on_tap=refuse)
        line.write(frame(1))
        line.write(frame(2))
        watched.until_taps(2)
        watched.supervisor.stop()
    failures = [entry for entry in logs if entry["event"] == "reader.callback_failed"]
    assert [entry["error"] for entry in failures] == ["LookupError", "LookupError"]
    assert "refuse" in failures[0]["where"][-1]
    assert "em4100" not in repr(logs)


class FailsOnce(Rdm6300):
    failed = False

    def feed(self, data: bytes, at: datetime) -> list[Tap]:
        if not self.failed:
            self.failed = True
            raise ZeroDivisionError
        return super().feed(data, at)


def test_a_failure_in_the_parser_is_logged_and_the_port_read_again(line: PtyDevice, watch: Watch) -> None:
    with capture_logs() as logs:
        watched = watch(line.path, parser=FailsOnce())
        line.write(frame(1))
        watched.until(ReaderState.ABSENT)
        assert "see the log" in watched.detail
        watched.until(ReaderState.READY)
    assert [entry["error"] for entry in logs if entry["event"] == "reader.failed"] == ["ZeroDivisionError"]
    line.write(frame(2))
    watched.until_taps(1)


def test_every_change_of_state_is_logged_once(tmp_path: Path, line: PtyDevice, watch: Watch) -> None:
    link = tmp_path / "reader"
    with capture_logs() as logs:
        watched = watch(link, until=ReaderState.ABSENT, pause=0.001)
        link.symlink_to(line.path)
        watched.until(ReaderState.READY)
        watched.supervisor.stop()
    states = [(entry["port"], entry["state"]) for entry in logs if entry["event"] == "reader.state"]
    assert states == [(str(link), state) for state in ("absent", "ready", "stopped")]


def test_stop_leaves_no_thread_and_no_open_file(tmp_path: Path, watch: Watch, plug: Plug) -> None:
    link, first, second = tmp_path / "reader", plug(), plug()
    files, threads = open_files(), set(threading.enumerate())
    link.symlink_to(first.path)
    watched = watch(link)
    assert set(threading.enumerate()) != threads
    link.unlink()
    first.hang_up()
    watched.until(ReaderState.ABSENT)
    link.symlink_to(second.path)
    watched.until(ReaderState.READY)
    watched.supervisor.stop()
    watched.supervisor.stop()
    assert set(threading.enumerate()) == threads
    assert open_files() == files - 2  # the first line's two ends
    assert watched.supervisor.state is ReaderState.STOPPED


@pytest.mark.parametrize("plugged", [True, False])
def test_stop_interrupts_a_wait_at_once(tmp_path: Path, line: PtyDevice, watch: Watch, plugged: bool) -> None:
    path = line.path if plugged else tmp_path / "reader"
    state = ReaderState.READY if plugged else ReaderState.ABSENT
    watched = watch(path, until=state, patience=60.0, pause=60.0)
    began = time.monotonic()
    watched.supervisor.stop()
    assert time.monotonic() - began < 1.0
    assert watched.supervisor.state is ReaderState.STOPPED


def test_stop_may_be_called_from_a_callback(line: PtyDevice) -> None:
    taps: list[Tap] = []

    def last(tap: Tap) -> None:
        taps.append(tap)
        watched.supervisor.stop()

    with capture_logs() as logs:
        watched = SupervisorRecorder(line.path, on_tap=last)
        watched.until(ReaderState.READY)
        line.write(frame(1))
        watched.until(ReaderState.STOPPED)
    assert len(taps) == 1
    assert {entry["event"] for entry in logs} == {"reader.state"}


def test_stop_before_start_does_nothing(line: PtyDevice, watch: Watch) -> None:
    supervisor = Supervisor(
        line.path,
        watch(line.path).parser,
        on_tap=lambda tap: None,
        on_state=lambda state, detail: None,
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
    )
    supervisor.stop()
    assert supervisor.state is ReaderState.STOPPED


@pytest.mark.parametrize(
    ("piece", "words"), [(id12la.frame(7), "of the kind id12la"), (b"4321\r", "34: text")]
)
def test_codes_that_are_no_card_leave_a_trace_until_a_card_is_read(
    line: PtyDevice, watch: Watch, piece: bytes, words: str
) -> None:
    codes: list[UnreadCode] = []
    with capture_logs() as logs:
        watched = watch(line.path, patience=0.05, on_unread=codes.append)
        line.write(piece)
        wait_for(lambda: len(codes) == 1, "the first code to be noticed")
        line.write(piece)
        watched.until(ReaderState.BABBLING)
        assert words in watched.detail
        line.write(frame(1))
        watched.until(ReaderState.READY)
        watched.until_taps(1)
    assert [entry["log_level"] for entry in logs if entry["event"] == "reader.unread"] == ["warning"]
    assert "0A00000007" not in repr(logs).upper()


def test_a_babbling_port_says_what_its_bytes_look_like(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path)
    line.write(id12la.frame(7) * 12)
    watched.until(ReaderState.BABBLING)
    assert "of the kind id12la" in watched.detail
