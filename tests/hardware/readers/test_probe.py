import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.readers.families import family
from hardware.readers.ports import SerialPort
from hardware.readers.probe import Probe, ReaderMatch
from hardware.readers.virtual.virtual import VirtualReader
from tests.hardware.readers.reader_bench import PtyDevice, open_files
from tests.hardware.readers.test_drivers import CARDS


def probe(refused: list[str], *paths: Path) -> Probe:
    return Probe(
        [SerialPort(path) for path in paths],
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        on_refused=refused.append,
    )


@contextmanager
def held_up(reader: VirtualReader, card: str) -> Iterator[None]:
    """Hold a card to the reader again and again."""
    done = threading.Event()

    def show() -> None:
        while not done.wait(0.05):
            reader.tap(card)

    hand = threading.Thread(target=show)
    hand.start()
    yield
    done.set()
    hand.join()


@pytest.mark.parametrize("name", list(CARDS))
def test_the_port_and_the_kind_of_any_reader_are_found(name: str, tmp_path: Path, line: PtyDevice) -> None:
    simulated, link, refused = family(name).simulated, tmp_path / "reader", list[str]()
    assert simulated is not None
    with VirtualReader(link, device=simulated()) as reader, held_up(reader, CARDS[name][0]):
        assert probe(refused, line.path, link).run(20.0) == ReaderMatch(link, name)
    assert refused == []


def test_without_a_card_nothing_is_found_and_no_file_stays_open(tmp_path: Path) -> None:
    with VirtualReader(tmp_path / "reader"):
        files = open_files()
        assert probe([], tmp_path / "reader").run(0.3) is None
        assert open_files() == files


def test_a_port_that_cannot_be_opened_is_reported_once_and_ends_the_probe_if_it_is_the_only_one(
    tmp_path: Path,
) -> None:
    refused: list[str] = []
    began = time.monotonic()
    assert probe(refused, tmp_path / "nothing").run(60.0) is None
    assert time.monotonic() - began < 10
    assert len(refused) == 1
    assert "No card reader" in refused[0]


def test_the_result_is_a_part_of_the_configuration() -> None:
    toml = ReaderMatch(Path("/dev/serial/by-id/usb-x"), "pn532").toml()
    assert toml == '[reader]\ndriver = "pn532"\nport = "/dev/serial/by-id/usb-x"\n'


@contextmanager
def sending(line: PtyDevice, data: bytes, *, only_at: int | None = None) -> Iterator[None]:
    """Send the bytes again and again, at one line speed only."""
    done = threading.Event()

    def send() -> None:
        while not done.wait(0.3):
            speed = termios.tcgetattr(line.master)[5]
            line.write(data if only_at in (None, speed) else b"\xf8\x80\xfe\x00")

    sender = threading.Thread(target=send)
    sender.start()
    yield
    done.set()
    sender.join()


def test_what_came_instead_of_a_card_is_described(line: PtyDevice) -> None:
    listening = probe([], line.path)
    with sending(line, "Müller\r".encode("latin-1")):
        assert listening.run(1.4) is None
    (sentence,) = listening.heard()
    assert f"{line.path} sends bytes but no card can be read from them" in sentence
    assert "at 9600 baud, beginning 4D: " in sentence or "at 9600 baud, beginning 4D FC" in sentence
    assert "text that is not UTF-8" in sentence


def test_a_reader_at_a_speed_that_no_driver_uses_is_found(
    line: PtyDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.readers.probe.ROUND_SECONDS", 0.8)
    listening = probe([], line.path)
    with sending(line, b"004321\r\n", only_at=termios.B4800):
        assert listening.run(30.0) is None
    assert listening.heard() == [
        f"A reader of the kind barcode sends at 4800 baud at {line.path}:"
        " set the reader to 9600 baud, and run this again."
    ]


def test_a_silent_port_is_not_mentioned(line: PtyDevice) -> None:
    listening = probe([], line.path)
    assert listening.run(0.2) is None
    assert listening.heard() == []
