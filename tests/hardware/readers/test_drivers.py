"""Every family through a real pseudo-terminal: a virtual reader on one end, the supervisor on the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.errors import VirtualReaderError
from hardware.readers.drivers.barcode import SimulatedBarcode
from hardware.readers.drivers.pn532 import Pn532, SimulatedPn532
from hardware.readers.families import FAMILIES, family
from hardware.readers.family import Options
from hardware.readers.simulation import ReaderFault
from hardware.readers.virtual.virtual import VirtualReader
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import PtyDevice, SupervisorRecorder, wait_for

Watch = Callable[..., SupervisorRecorder]

CARDS = {name: kind.example_cards for name, kind in FAMILIES.items() if kind.simulated}
"""Two cards of each family that can be simulated on a pseudo-terminal."""
OVERCOME = {
    ReaderFault.NOISE,
    ReaderFault.PIECES,
    ReaderFault.MIDFRAME,
    ReaderFault.LATENCY,
    ReaderFault.REPEATS,
}
ONE, TWO = CARDS["pn532"]


class Bench:
    def __init__(self, name: str, link: Path, watch: Watch) -> None:
        simulated = family(name).simulated
        assert simulated is not None
        self.device = simulated()
        self.reader = VirtualReader(link, device=self.device)
        self._watch, self._link, self._name = watch, link, name

    def watch(self, **options: object) -> SupervisorRecorder:
        return self._watch(self._link, parser=family(self._name).parser(Options()), **options)


@pytest.fixture(params=list(CARDS))
def bench(request: pytest.FixtureRequest, tmp_path: Path, watch: Watch) -> Iterator[Bench]:
    made = Bench(request.param, tmp_path / "reader", watch)
    yield made
    made.reader.close()


@pytest.fixture
def cards(bench: Bench) -> tuple[str, str]:
    return CARDS[bench._name]


def test_every_family_can_be_simulated_but_the_keyboard() -> None:
    assert [name for name, kind in FAMILIES.items() if kind.simulated is None] == ["wedge"]
    assert [kind.name for kind in FAMILIES.values() if not kind.is_serial] == ["wedge"]


def test_an_unknown_family_is_refused_with_a_list_of_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'mifare': choose one of rdm6300"):
        family("mifare")


def test_each_card_is_one_tap_however_long_it_is_held(bench: Bench, cards: tuple[str, str]) -> None:
    watched = bench.watch()
    for card in cards:
        assert bench.reader.tap(card) >= 1
    watched.until_taps(2)
    assert watched.cards == list(cards)


@pytest.mark.parametrize("fault", sorted(OVERCOME))
def test_a_fault_that_can_be_overcome_makes_no_difference(
    bench: Bench, cards: tuple[str, str], fault: ReaderFault
) -> None:
    if fault not in bench.device.faults:
        with pytest.raises(VirtualReaderError, match="cannot have"):
            bench.reader.switch(fault, on=True)
        return
    watched = bench.watch()
    bench.reader.switch(fault, on=True)
    for card in cards:
        bench.reader.tap(card)
    watched.until_taps(2)
    assert watched.cards == list(cards)


def test_with_bad_checksums_there_is_no_tap_until_they_end(bench: Bench, cards: tuple[str, str]) -> None:
    if ReaderFault.BAD_CHECKSUM not in bench.device.faults:
        pytest.skip("text has no checksum")
    watched = bench.watch()
    bench.reader.switch(ReaderFault.BAD_CHECKSUM, on=True)
    wait_for(lambda: bench.reader.tap(cards[0]) >= 0 and watched.parser.bad_checksum > 0, "bad checksums")
    assert watched.cards == []
    bench.reader.switch(ReaderFault.BAD_CHECKSUM, on=False)
    bench.reader.tap(cards[1])
    watched.until_taps(1)
    assert watched.cards == [cards[1]]


def test_babble_is_reported_and_cards_are_read_after_it_ends(bench: Bench, cards: tuple[str, str]) -> None:
    if bench.device.is_polled:
        pytest.skip("a polled reader's answers come through: see the test of the PN532")
    watched = bench.watch()
    bench.reader.switch(ReaderFault.BABBLE, on=True)
    watched.until(ReaderState.BABBLING)
    bench.reader.switch(ReaderFault.BABBLE, on=False)
    wait_for(lambda: bench.reader.tap(cards[0]) >= 1 and cards[0] in watched.cards, "a tap after the babble")
    watched.until(ReaderState.READY)


def test_a_reader_unplugged_and_plugged_in_again_reads_cards(
    bench: Bench, cards: tuple[str, str], plug: Callable[[], PtyDevice]
) -> None:
    watched = bench.watch()
    bench.reader.tap(cards[0])
    watched.until_taps(1)
    bench.reader.unplug()
    watched.until(ReaderState.ABSENT)
    plug()  # takes the device number that became free
    bench.reader.replug()
    watched.until(ReaderState.READY)
    bench.reader.tap(cards[1])
    watched.until_taps(2)
    assert watched.cards == list(cards)


def test_a_pn532s_answers_are_found_amid_babble(pn532: VirtualReader, tmp_path: Path, watch: Watch) -> None:
    watched = watch(tmp_path / "pn532", parser=Pn532())
    pn532.switch(ReaderFault.BABBLE, on=True)
    wait_for(lambda: pn532.tap(ONE) >= 1 and watched.cards == [ONE], "a tap")
    assert watched.supervisor.state is ReaderState.READY


@pytest.fixture
def pn532(tmp_path: Path) -> Iterator[VirtualReader]:
    with VirtualReader(tmp_path / "pn532", device=SimulatedPn532()) as reader:
        yield reader


def test_two_cards_at_once_are_refused_once_and_neither_is_a_tap(
    pn532: VirtualReader, tmp_path: Path, watch: Watch
) -> None:
    watched = watch(tmp_path / "pn532", parser=Pn532())
    assert pn532.tap(ONE, also=TWO, repeats=5) >= 5
    wait_for(lambda: len(watched.two_cards) == 1, "a refusal")
    assert watched.cards == []


def test_a_reader_that_cannot_distinguish_two_cards_reads_neither(tmp_path: Path, watch: Watch) -> None:
    with VirtualReader(tmp_path / "reader") as reader:
        watched = watch(tmp_path / "reader")
        with pytest.raises(VirtualReaderError, match="reads neither"):
            reader.tap(1, also=2)
        reader.tap(3)
        watched.until_taps(1)
        assert watched.cards == ["em4100:00000003"]


def test_a_card_taken_away_and_shown_again_is_two_taps(
    pn532: VirtualReader, tmp_path: Path, watch: Watch
) -> None:
    watched = watch(tmp_path / "pn532", parser=Pn532())
    pn532.tap(ONE)
    watched.until_taps(1)
    watched.supervisor._presence._gap = 0.0  # instead of waiting for half a second
    pn532.tap(ONE, repeats=0)
    watched.until_taps(2)


def test_a_port_on_which_no_pn532_answers_is_reported_as_absent(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path, parser=Pn532(), until=ReaderState.ABSENT)
    assert "No card reader answers" in watched.detail


def test_a_port_that_accepts_no_bytes_does_not_block_the_thread(line: PtyDevice, watch: Watch) -> None:
    watched = watch(line.path, parser=Pn532())
    watched.until(ReaderState.ABSENT)  # no program reads the other end
    watched.supervisor.stop()
    assert watched.supervisor.state is ReaderState.STOPPED


@pytest.mark.parametrize("ending", ["", "\r", "\n", "\r\n"])
def test_a_scanner_with_any_ending_and_a_prefix_is_understood(
    tmp_path: Path, watch: Watch, ending: str
) -> None:
    with VirtualReader(tmp_path / "scanner", device=SimulatedBarcode(prefix="]C0", ending=ending)) as scanner:
        watched = watch(tmp_path / "scanner", parser=family("barcode").parser(Options()))
        scanner.tap("004321")
        watched.until_taps(1)
        assert watched.cards == ["barcode:004321"]
