"""`latebook reader …`, as other processes run it."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hardware.readers.families import family
from hardware.readers.family import Options
from hardware.states import ReaderState
from kiosk.commands.reader import app
from tests.hardware.readers.reader_bench import PtyDevice, SupervisorRecorder, wait_for

COMMAND = [sys.executable, "-c", "from kiosk.commands.reader import app; app()"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@contextmanager
def simulated_reader(kind: str, link: Path) -> Iterator[None]:
    with subprocess.Popen([*COMMAND, "simulate", "--family", kind, "--link", str(link)]) as process:
        try:
            wait_for(link.with_name(f"{link.name}.control").is_socket, "the control socket")
            yield
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("kind", "card"),
    [("pn532", "iso14443a:04A2B3C4"), ("barcode", "barcode:004321"), ("rdm6300", "em4100:00000007")],
)
def test_a_simulated_reader_is_tapped_from_another_terminal(kind: str, card: str, tmp_path: Path) -> None:
    link = tmp_path / "reader"
    with simulated_reader(kind, link):
        watched = SupervisorRecorder(link, parser=family(kind).parser(Options()))
        watched.until(ReaderState.READY)
        assert run("tap", card, "--link", link).exit_code == 0
        watched.until_taps(1)
        watched.supervisor.stop()
        assert watched.cards == [card]
        assert run("fault", "noise", "--link", link).exit_code == 0
        assert run("unplug", "--link", link).exit_code == 0
        refused = run("tap", card, "--link", link)
        assert (refused.exit_code, "unplugged" in refused.stderr) == (2, True)
        assert run("replug", "--link", link).exit_code == 0
    assert not link.is_symlink()


def test_a_reader_that_cannot_be_simulated_is_refused(tmp_path: Path) -> None:
    refused = run("simulate", "--family", "wedge", "--link", tmp_path / "reader")
    assert refused.exit_code == 2
    assert "choose one of rdm6300, id12la, pn532, barcode" in refused.stderr


def test_probe_finds_a_reader_and_leaves_the_rest_of_the_configuration_as_it_was(tmp_path: Path) -> None:
    link, config = tmp_path / "reader", tmp_path / "kiosk.toml"
    config.write_text('# our kiosk\n[kiosk]\nname = "Reception"\n\n[reader]\ndriver = "rdm6300" # old\n')
    with simulated_reader("pn532", link):
        tired = threading.Event()

        def show() -> None:
            while not tired.wait(0.05):
                run("tap", "04A2B3C4", "--link", link)

        hand = threading.Thread(target=show)
        hand.start()
        probe = subprocess.run(
            [*COMMAND, "probe", "--port", str(link), "--seconds", "30", "--write", str(config)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        tired.set()
        hand.join()
    assert (probe.returncode, probe.stdout) == (0, f'[reader]\ndriver = "pn532"\nport = "{link}"\n')
    written = config.read_text()
    assert written.startswith('# our kiosk\n[kiosk]\nname = "Reception"\n')
    assert 'driver = "pn532"' in written
    assert f'port = "{link}"' in written


def test_probe_without_a_card_says_so_and_writes_nothing(tmp_path: Path) -> None:
    config, line = tmp_path / "kiosk.toml", PtyDevice()
    refused = run("probe", "--port", line.path, "--seconds", "1", "--write", config)
    line.close()
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no card was read" in refused.stderr
    assert not config.exists()


def test_probe_says_what_came_instead_of_a_card() -> None:
    line = PtyDevice()
    with ThreadPoolExecutor(1) as pool:
        refused = pool.submit(run, "probe", "--port", line.path, "--seconds", "1.4")
        while not refused.done():
            line.write(b"\x02004321\x03")
            wait([refused], timeout=0.3)
    line.close()
    assert refused.result().exit_code == 2
    assert "text between control characters such as STX and ETX" in refused.result().stderr
    assert "bytes came, but no card could be read from them" in refused.result().stderr


def test_list_names_every_kind_of_reader() -> None:
    result = run("list")
    assert result.exit_code == 0
    for kind in ("rdm6300", "id12la", "pn532", "barcode", "wedge"):
        assert f"  {kind} " in result.stdout


def test_tapping_without_a_virtual_reader_is_one_sentence(tmp_path: Path) -> None:
    refused = run("tap", "1", "--link", tmp_path / "reader")
    assert refused.exit_code == 2
    assert refused.stderr.count("\n") == 1
