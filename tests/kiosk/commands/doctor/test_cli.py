"""The doctor with a real pseudo-terminal, a real socket and a real register."""

import fcntl
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hardware.readers.drivers.pn532 import SimulatedPn532
from hardware.readers.virtual.virtual import VirtualReader
from kiosk.commands.doctor import cli, devices
from kiosk.commands.doctor.result import CheckHealth, CheckResult, failed
from kiosk.disk_key import make_key, read_key
from kiosk.enrolment import store_token
from kiosk.journal.damage.scratch import IN_MEMORY
from kiosk.journal.journal import Journal
from kiosk.settings import KioskSettings, ReaderSection
from tests.hardware.pi import NINE, Pi
from tests.hardware.printers.printer_bench import NetworkPrinter
from tests.kiosk.reception import reception
from tests.sync.register.support import Clock, Running, running


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Running]:
    clock = Clock()
    with running(f"sqlite:///{tmp_path / 'register.db'}", clock) as it:
        yield it


def settings(tmp_path: Path, **sections: dict[str, object]) -> KioskSettings:
    state = tmp_path / "state"
    state.mkdir(mode=0o700, exist_ok=True)
    kiosk = {"state": state}
    return KioskSettings.model_validate({"kiosk": kiosk, **sections})


def result_for(results: list[CheckResult], subject: str) -> CheckResult:
    return next(result for result in results if result.subject == subject)


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk.commands.main", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_an_enrolled_kiosk_sees_how_quickly_the_register_answers(tmp_path: Path, register: Running) -> None:
    own = settings(tmp_path, uplink={"url": register.url})
    store_token(own.kiosk.state, register.enrol().token)
    result = result_for(cli.examine(own), "Register")
    assert result.health is CheckHealth.OK
    assert "knows this kiosk" in result.detail


def test_an_unknown_token_and_an_unreachable_register_have_different_remedies(
    tmp_path: Path, register: Running
) -> None:
    own = settings(tmp_path, uplink={"url": register.url})
    store_token(own.kiosk.state, "not-a-token")
    refused = result_for(cli.examine(own), "Register")
    unreachable = result_for(
        cli.examine(settings(tmp_path, uplink={"url": "http://127.0.0.1:1"})), "Register"
    )
    assert (refused.health, unreachable.health) == (CheckHealth.FAILED, CheckHealth.FAILED)
    assert "Enrol" in refused.remedy
    assert "network" in unreachable.remedy


def test_a_kiosk_that_is_not_enrolled_sees_how_to_enrol_and_whether_the_register_answers(
    tmp_path: Path, register: Running
) -> None:
    reachable = result_for(cli.examine(settings(tmp_path, uplink={"url": register.url})), "Register")
    unreachable = result_for(
        cli.examine(settings(tmp_path, uplink={"url": "http://127.0.0.1:1"})), "Register"
    )
    assert (reachable.health, unreachable.health) == (CheckHealth.FAILED, CheckHealth.FAILED)
    assert "answers; this kiosk is not enrolled" in reachable.detail
    assert "latebook enrol" in reachable.remedy
    assert "network" in unreachable.remedy
    assert "latebook enrol" in unreachable.remedy


def test_a_register_with_the_same_time_makes_the_clock_trusted(tmp_path: Path, register: Running) -> None:
    own = settings(tmp_path, uplink={"url": register.url})
    store_token(own.kiosk.state, register.enrol().token)
    assert "synced" in result_for(cli.examine(own, tmp_path), "Clock").detail


@pytest.fixture
def pi(monkeypatch: pytest.MonkeyPatch) -> Pi:
    """The machine that the doctor looks at: offline since it was started."""
    pi = Pi()
    monkeypatch.setattr("hardware.clock.clock.this_machine", pi.machine)
    return pi


@pytest.mark.parametrize("boot_id", ["this boot", "the boot before"])
def test_a_held_time_is_reported_beside_a_running_kiosk(tmp_path: Path, pi: Pi, boot_id: str) -> None:
    own = settings(tmp_path)
    pi.battery = None if boot_id == "this boot" else NINE
    with closing(Journal(own.kiosk.state / "journal.db", lambda: NINE)) as journal:
        journal.keep_known_time(replace(pi.known(minutes=5), boot_id=boot_id)).result()
        assert "held" in result_for(cli.examine(own), "Clock").detail
        journal.doubt_known_time().result()
        assert "unknown" in result_for(cli.examine(own), "Clock").detail


def test_a_time_before_the_newest_entry_is_unknown(tmp_path: Path, pi: Pi) -> None:
    own = settings(tmp_path)
    with reception(own.kiosk.state) as it:
        it.tap("P1")
        it.journey.stop()
        it.settle()
        [entry] = it.entries()
    pi.kernel, pi.wall = True, entry.at - timedelta(hours=1)
    assert result_for(cli.examine(own), "Clock").health is CheckHealth.FAILED
    pi.advance(hours=2)
    assert result_for(cli.examine(own), "Clock").health is CheckHealth.OK


def test_a_missing_journal_is_not_created(tmp_path: Path, pi: Pi) -> None:
    own = settings(tmp_path)
    pi.kernel = True
    assert "synced" in result_for(cli.examine(own), "Clock").detail
    assert list(own.kiosk.state.iterdir()) == []


def test_an_unreadable_journal_is_reported_with_its_folder(tmp_path: Path, pi: Pi) -> None:
    own = settings(tmp_path)
    journal = own.kiosk.state / "journal.db"
    journal.write_text("This is no journal. " * 100)
    result = result_for(cli.examine(own), "Journal")
    assert result.health is CheckHealth.FAILED
    assert str(own.kiosk.state) in result.detail
    assert "unknown" in result_for(cli.examine(own), "Clock").detail


def test_encryption_is_reported_with_where_the_key_is(tmp_path: Path, pi: Pi) -> None:
    key_file, state = tmp_path / "disk.key", settings(tmp_path).kiosk.state
    own = settings(tmp_path, kiosk={"state": str(state), "key_file": str(key_file)})
    missing = result_for(cli.examine(own), "Encryption")
    assert (missing.health, "is missing" in missing.detail) == (CheckHealth.FAILED, True)
    make_key(key_file)
    pi.battery = NINE
    with closing(Journal(state / "journal-encrypted.db", lambda: NINE, read_key(key_file))) as journal:
        journal.keep_known_time(pi.known(minutes=5)).result()
        store_token(state, "a-token", read_key(key_file))
        beside = result_for(cli.examine(own), "Encryption")
        assert (beside.health, "on the same disk" in beside.detail) == (CheckHealth.WARNING, True)
        assert "held" in result_for(cli.examine(own), "Clock").detail
    if not IN_MEMORY.is_dir():
        pytest.skip("no other disk here")
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        elsewhere = Path(folder) / "disk.key"
        shutil.copy(key_file, elsewhere)
        own = settings(tmp_path, kiosk={"state": str(state), "key_file": str(elsewhere)})
        assert result_for(cli.examine(own), "Encryption").health is CheckHealth.OK


def test_the_page_fits_the_terminal_and_breaks_no_path() -> None:
    path = "/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0-and-a-name-that-goes-on-and-on"
    page = cli.page([failed("Card reader", f"No card reader at {path} here: plug it in.", "x " * 60)], 80)
    assert path in page
    longer = [line.strip() for line in page.splitlines() if len(line) > 80 + len("\x1b[31m\x1b[0m")]
    assert longer == [path]


def test_a_reader_is_reported_when_absent_present_and_used_by_the_kiosk(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    own = settings(tmp_path, reader={"driver": "rdm6300", "port": str(link)})
    assert result_for(cli.examine(own), "Card reader").health is CheckHealth.FAILED
    with closing(VirtualReader(link)):
        assert result_for(cli.examine(own), "Card reader").health is CheckHealth.OK
        with (own.kiosk.state / "lock").open("w") as lock, link.open("rb", buffering=0) as port:
            fcntl.flock(port, fcntl.LOCK_EX)  # as the kiosk holds both
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = result_for(cli.examine(own), "Card reader")
    assert result.health is CheckHealth.OK
    assert "used by the running kiosk" in result.detail


def test_a_polled_reader_that_answers_is_ok(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    section = ReaderSection.model_validate({"driver": "pn532", "port": str(link)})
    with VirtualReader(link, device=SimulatedPn532()):
        result = devices.reader(section, kiosk_runs=False, monotonic=lambda: 0.0)  # however busy the machine
    assert result.health is CheckHealth.OK


def test_a_polled_reader_that_does_not_answer_has_failed(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    section = ReaderSection.model_validate({"driver": "pn532", "port": str(link)})
    with VirtualReader(link):  # an RDM6300, which only speaks
        almost_over = iter([0.0, 0.0, 0.99, 1.0]).__next__
        result = devices.reader(section, kiosk_runs=False, monotonic=almost_over)
    assert result.health is CheckHealth.FAILED
    assert result.detail == f"no pn532 answers at {link}"
    assert "driver" in result.remedy


def test_a_reader_that_sends_what_its_driver_cannot_read_has_failed(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    section = ReaderSection.model_validate({"driver": "id12la", "port": str(link)})
    with closing(VirtualReader(link)) as reader:  # an RDM6300
        held = threading.Thread(target=reader.tap, args=(7,), kwargs={"repeats": 40})
        held.start()
        result = devices.reader(section, kiosk_runs=False)
        held.join()
    assert result.health is CheckHealth.FAILED
    assert "this is what a reader of the kind rdm6300 sends" in result.detail
    assert "reader probe" in result.remedy


def test_a_printers_own_status_is_reported(tmp_path: Path) -> None:
    with closing(NetworkPrinter()) as printer:
        own = settings(tmp_path, printer={"port": f"net:127.0.0.1:{printer.port}", "paper": 58})
        assert result_for(cli.examine(own), "Slip printer").health is CheckHealth.OK
        printer.answers = {1: 0x1A, 2: 0x32, 4: 0x72}
        empty = result_for(cli.examine(own), "Slip printer")
    assert (empty.health, empty.remedy) == (CheckHealth.FAILED, "Put in a new roll.")
    assert result_for(cli.examine(own), "Slip printer").health is CheckHealth.FAILED


def test_a_kiosk_without_reader_and_printer_is_ok(tmp_path: Path) -> None:
    results = cli.examine(settings(tmp_path))
    assert result_for(results, "Card reader").health is CheckHealth.OK
    assert result_for(results, "Slip printer").health is CheckHealth.OK


def test_two_clocks_that_disagree_are_reported() -> None:
    from kiosk.commands.doctor import network
    from sync.uplink.probe import ProbeResult

    start = Clock()()
    results = network.register(
        "https://register.example",
        lambda: ProbeResult(0.02, start),
        lambda: start + timedelta(minutes=7),
        enrolled=True,
    )
    assert result_for(results, "Clocks").detail.startswith("420 s apart")


def test_the_page_and_the_json_have_the_same_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATEBOOK_KIOSK_STATE", str(tmp_path))
    page, as_json = doctor(), doctor("--json")
    assert page.returncode == as_json.returncode == 1  # not enrolled
    results = json.loads(as_json.stdout)
    assert [set(result) for result in results] == [{"what", "state", "said", "do"}] * len(results)
    for result in results:
        assert result["what"] in page.stdout
    assert "latebook enrol" in page.stdout


def test_unreadable_settings_are_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[printer]\nport = "lpt1"\n')
    answer = doctor("--config", str(file))
    assert answer.returncode == 2
    assert "net:HOST" in answer.stderr
    assert "Traceback" not in answer.stderr
