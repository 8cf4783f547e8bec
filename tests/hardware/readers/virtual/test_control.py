import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.errors import ControlError
from hardware.readers.reader import em4100_card
from hardware.readers.virtual.control import ControlServer, ask, run_virtual
from hardware.readers.virtual.virtual import VirtualReader
from hardware.states import ReaderState
from tests.hardware.readers.reader_bench import SupervisorRecorder, open_files, wait_for

Watch = Callable[..., SupervisorRecorder]
ONE, TWO = em4100_card(1), em4100_card(2)


@pytest.fixture
def path(tmp_path: Path, virtual: VirtualReader) -> Iterator[Path]:
    with ControlServer(tmp_path / "control", virtual):
        yield tmp_path / "control"


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "reader"


def raw(path: Path, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(str(path))
        line.sendall(data)
        return line.makefile("rb").readline()


def test_another_terminal_taps_a_card(path: Path, link: Path, watch: Watch) -> None:
    watched = watch(link)
    assert ask(path, {"do": "tap", "card": ONE}) == {"ok": True, "frames": 4}
    assert ask(path, {"do": "tap", "card": TWO, "repeats": 0}) == {"ok": True, "frames": 1}
    watched.until_taps(2)
    assert watched.cards == [ONE, TWO]


def test_another_terminal_switches_faults(path: Path, link: Path, watch: Watch) -> None:
    watched = watch(link)
    assert ask(path, {"do": "fault", "name": "bad_checksum", "on": True})["faults"] == ["bad_checksum"]
    ask(path, {"do": "tap", "card": ONE})
    wait_for(lambda: watched.parser.bad_checksum == 4, "bad checksums")
    assert ask(path, {"do": "fault", "name": "bad_checksum", "on": False})["faults"] == []
    ask(path, {"do": "tap", "card": TWO})
    watched.until_taps(1)
    assert watched.cards == [TWO]


def test_another_terminal_unplugs_and_plugs_in(path: Path, link: Path, watch: Watch) -> None:
    watched = watch(link)
    assert ask(path, {"do": "unplug"})["port"] is None
    watched.until(ReaderState.ABSENT)
    with pytest.raises(ControlError, match="unplugged"):
        ask(path, {"do": "tap", "card": ONE})
    assert ask(path, {"do": "replug"})["port"] == str(link.readlink())
    watched.until(ReaderState.READY)


def test_the_state_has_link_port_use_and_faults(path: Path, link: Path) -> None:
    state = {"ok": True, "link": str(link), "port": str(link.readlink()), "in_use": False, "faults": []}
    assert ask(path, {"do": "state"}) == state


def test_a_tap_without_a_listening_program_is_an_error(path: Path, link: Path) -> None:
    with pytest.raises(ControlError, match=rf"No program reads {link}"):
        ask(path, {"do": "tap", "card": ONE})


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"do": "dance"}, "does not understand"),
        ({}, "does not understand"),
        ({"do": "fault", "name": "rain", "on": True}, "name"),
        ({"do": "tap"}, "card"),
        ({"do": "tap", "card": ONE, "repeats": 10**9}, "repeats"),
        ({"do": "tap", "card": "Amelia"}, "named em4100:"),
        ({"do": "tap", "card": 2**32}, "from 0 to"),
        ({"do": "state", "also": 1}, "also"),
    ],
)
def test_an_invalid_request_is_answered_with_one_sentence(
    path: Path, request_: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ControlError, match=sentence) as refused:
        ask(path, request_)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [b"tap\n", b"[]\n", b"\xff\xfe\n", b"x" * 4096])
def test_a_malformed_line_is_answered_and_the_next_request_served(path: Path, data: bytes) -> None:
    assert raw(path, data).startswith(b'{"ok": false')
    assert ask(path, {"do": "state"})["ok"]


def test_a_silent_client_does_not_block_others(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(path))
        assert ask(path, {"do": "state"}, timeout=60)["ok"]


def test_only_this_account_may_connect(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_request_without_a_server_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ControlError) as refused:
        ask(tmp_path / "none", {"do": "state"})
    sentence = (
        f"No virtual reader listens at {tmp_path / 'none'}: start the demo, or `latebook reader simulate`"
    )
    assert str(refused.value) == f"{sentence}, first."


def test_a_request_that_is_never_answered_times_out(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        deaf.listen()
        with pytest.raises(ControlError, match="did not answer within"):
            ask(tmp_path / "deaf", {"do": "state"}, timeout=0.1)


def test_a_socket_left_by_a_killed_program_is_replaced(tmp_path: Path, virtual: VirtualReader) -> None:
    path = tmp_path / "control"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with ControlServer(path, virtual):
        assert ask(path, {"do": "state"})["ok"]


def test_a_second_server_on_the_same_path_is_refused(path: Path, virtual: VirtualReader) -> None:
    with pytest.raises(ControlError, match="Another virtual reader answers"):
        ControlServer(path, virtual)
    assert ask(path, {"do": "state"})["ok"]


def test_a_file_at_the_sockets_path_is_never_touched(tmp_path: Path, virtual: VirtualReader) -> None:
    path = tmp_path / "control"
    path.write_text("precious")
    with pytest.raises(ControlError, match="not a socket"):
        ControlServer(path, virtual)
    assert path.read_text() == "precious"


def test_a_path_too_long_for_a_socket_is_one_sentence(tmp_path: Path, virtual: VirtualReader) -> None:
    path = tmp_path / ("x" * 120)
    with pytest.raises(ControlError, match=r"No control socket can be made at .* too long"):
        ControlServer(path, virtual)


def test_closing_leaves_no_thread_no_file_and_no_socket(tmp_path: Path, virtual: VirtualReader) -> None:
    path, threads, files = tmp_path / "control", set(threading.enumerate()), open_files()
    server = ControlServer(path, virtual)
    server.serve()
    ask(path, {"do": "state"})
    server.close()
    server.close()
    assert set(threading.enumerate()) == threads
    assert open_files() == files
    assert not path.exists()


def test_a_server_that_was_never_started_can_be_closed(tmp_path: Path, virtual: VirtualReader) -> None:
    ControlServer(tmp_path / "control", virtual).close()
    assert not (tmp_path / "control").exists()


def test_the_demos_reader_stops_even_while_a_card_is_held(tmp_path: Path, watch: Watch) -> None:
    link, control, stop = tmp_path / "run" / "reader", tmp_path / "run" / "control", threading.Event()
    running = threading.Thread(target=run_virtual, args=(link, control, stop))
    running.start()
    wait_for(control.is_socket, "the control socket")
    watched = watch(link)
    holding = threading.Thread(target=ask, args=(control, {"do": "tap", "card": ONE, "repeats": 1000}))
    holding.start()
    watched.until_taps(1)
    stop.set()
    running.join(60)
    holding.join(60)
    assert not running.is_alive()
    assert not holding.is_alive()
    assert not link.is_symlink()
    assert not control.exists()
    watched.until(ReaderState.ABSENT)
