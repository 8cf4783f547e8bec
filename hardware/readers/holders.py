"""Finds the program that keeps a serial port from the kiosk, and says what to do about it.

A program of another account does not show which files it has open. What is known to take serial ports is
then recognised by its name: a login prompt (getty) or the kernel's console on the port, and ModemManager,
which opens every port that could be a modem.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_CONSOLES = Path("/sys/class/tty/console/active")
_MODEM_MANAGER = "ModemManager"
_GETTY = re.compile(r"(?:^|/)\w*getty$")


@dataclass(frozen=True, slots=True)
class PortHolder:
    """A program that uses a port."""

    title: str
    """Its name, and its number if it has one."""
    remedy: str
    """What to do, as the end of a sentence."""


def holder(path: Path, *, proc: Path = _PROC, consoles: Path = _CONSOLES) -> PortHolder | None:
    """The program, other than this one, that surely uses the port; `None` if none is found.

    Args:
        path: the port, or a link to it.
        proc: the processes.
        consoles: the file with the names of the kernel's consoles.
    """
    device = path.resolve()
    for process in _processes(proc):
        name = _name(process)
        if _holds(process, device) or _is_login_on(process, device.name):
            return PortHolder(f"{name} (process {process.name})", _remedy(name, device.name))
    if device.name in _text(consoles).split():
        return PortHolder(
            "the kernel's console", f"take console={device.name} out of the kernel's command line and restart"
        )
    return None


def likely_holder(path: Path, *, proc: Path = _PROC, consoles: Path = _CONSOLES) -> PortHolder | None:
    """The program that holds a port that is known to be held, even if it cannot be seen to.

    For the arguments see `holder`.
    """
    if (certain := holder(path, proc=proc, consoles=consoles)) is not None:
        return certain
    for process in _processes(proc):
        if _name(process) == _MODEM_MANAGER:
            return PortHolder(
                f"probably {_MODEM_MANAGER} (process {process.name})", _remedy(_MODEM_MANAGER, "")
            )
    return None


def _remedy(name: str, device: str) -> str:
    if name == _MODEM_MANAGER:
        return f"stop it for good (sudo systemctl disable --now {_MODEM_MANAGER}), a kiosk needs no modem"
    if _GETTY.search(name) or name == "login":
        return f"stop the login prompt for good (sudo systemctl mask --now serial-getty@{device})"
    return "stop that program"


def _processes(proc: Path) -> Iterator[Path]:
    own = str(os.getpid())
    try:
        entries = sorted(each for each in proc.iterdir() if each.name.isdecimal() and each.name != own)
    except OSError:
        return
    yield from entries


def _holds(process: Path, device: Path) -> bool:
    try:
        return any(_target(file) == str(device) for file in (process / "fd").iterdir())
    except OSError:  # it has ended, or belongs to another account
        return False


def _target(file: Path) -> str:
    try:
        return str(file.readlink())
    except OSError:
        return ""


def _is_login_on(process: Path, device: str) -> bool:
    command, *arguments = _text(process / "cmdline").split("\0")
    names = {argument.removeprefix("/dev/") for argument in arguments}
    return _GETTY.search(command) is not None and device in names


def _name(process: Path) -> str:
    return _text(process / "comm").strip() or "a program"


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
