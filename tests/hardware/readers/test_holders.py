"""The program that keeps a port from the kiosk."""

import os
from pathlib import Path

import pytest

from hardware.readers.holders import PortHolder, holder, likely_holder

PORT = Path("/dev/ttyAMA0")


def process(proc: Path, number: int, name: str, *command: str, opened: Path | None = None) -> None:
    files = proc / str(number) / "fd"
    files.mkdir(parents=True)
    (proc / str(number) / "comm").write_text(name + "\n")
    (proc / str(number) / "cmdline").write_text("\0".join(command or (name,)) + "\0")
    if opened is not None:
        (files / "7").symlink_to(opened)


@pytest.fixture
def consoles(tmp_path: Path) -> Path:
    path = tmp_path / "active"
    path.write_text("tty1\n")
    return path


def test_a_program_with_the_port_open_is_named(tmp_path: Path, consoles: Path) -> None:
    process(tmp_path, 1, "systemd")
    process(tmp_path, 812, "minicom", opened=PORT)
    expected = PortHolder("minicom (process 812)", "stop that program")
    assert holder(PORT, proc=tmp_path, consoles=consoles) == expected


def test_a_login_prompt_is_known_by_its_command(tmp_path: Path, consoles: Path) -> None:
    process(tmp_path, 5, "agetty", "/sbin/agetty", "--noclear", "tty1", "linux")
    process(tmp_path, 6, "agetty", "/sbin/agetty", "-o", "-p -- \\u", "115200", "ttyAMA0", "vt220")
    found = holder(PORT, proc=tmp_path, consoles=consoles)
    assert found is not None
    assert found.title == "agetty (process 6)"
    assert "mask --now serial-getty@ttyAMA0" in found.remedy


def test_the_kernels_console_is_named(tmp_path: Path, consoles: Path) -> None:
    consoles.write_text("tty1 ttyAMA0\n")
    found = holder(PORT, proc=tmp_path / "none", consoles=consoles)
    assert found is not None
    assert found.title == "the kernel's console"
    assert "console=ttyAMA0" in found.remedy


def test_modemmanager_is_suspected_only_of_a_port_that_is_held(tmp_path: Path, consoles: Path) -> None:
    process(tmp_path, 300, "ModemManager", "/usr/sbin/ModemManager")
    assert holder(PORT, proc=tmp_path, consoles=consoles) is None
    found = likely_holder(PORT, proc=tmp_path, consoles=consoles)
    assert found is not None
    assert found.title == "probably ModemManager (process 300)"


def test_the_kiosk_itself_is_no_holder(tmp_path: Path, consoles: Path) -> None:
    process(tmp_path, os.getpid(), "latebook", opened=PORT)
    assert likely_holder(PORT, proc=tmp_path, consoles=consoles) is None
