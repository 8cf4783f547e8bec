"""Check of the installed versions."""

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kiosk.commands.doctor.result import CheckResult, failed, ok

NEEDED = ("kivy", "pyserial", "requests", "sqlite-utils")
"""Libraries that every kiosk needs; a command that needs another one names it when it is missing."""


def versions(root: Path) -> CheckResult:
    """The versions of Latebook, Python and the libraries that a kiosk needs, and the machine's model."""
    found, missing = [f"latebook {version('latebook')}", f"Python {platform.python_version()}"], []
    for name in NEEDED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return failed(
            "Versions", f"{', '.join(missing)} not installed", "Install Latebook with its kiosk part."
        )
    model = root / "proc/device-tree/model"
    machine = model.read_text("utf-8").rstrip("\0\n") if model.exists() else platform.machine()
    return ok("Versions", ", ".join([*found, f"{platform.system()} {platform.release()}", machine]))
