"""What runs here."""

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kiosk.commands.doctor.finding import Finding, failed, ok

NEEDED = ("kivy", "pyserial", "requests", "sqlite-utils")
"""What a kiosk cannot do without; the rest is told when it is missing."""


def versions(root: Path) -> Finding:
    """Latebook, Python, the libraries that matter, the machine."""
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
