"""The disk that the journal is on: room, read-only, wear and errors, before they hurt.

What a machine reports differs: an eMMC estimates its wear, an SD card never does; ext4 counts the errors that
it has met. What is not reported is `None`, and nothing is made of it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from sync.wire import DiskState

MACHINE = Path("/")


def disk_state(folder: Path, machine: Path = MACHINE) -> DiskState:
    """Look at the disk of a folder: a few small reads, none from the disk itself.

    Args:
        folder: a folder on the disk.
        machine: the folder with sys.

    Raises:
        OSError: the disk does not even say how full it is.
    """
    disk = os.statvfs(folder)
    device = _device(folder, machine)
    return DiskState(
        free=disk.f_bavail * disk.f_frsize,
        read_only=bool(disk.f_flag & os.ST_RDONLY),
        life_used=life_used(device) if device else None,
        errors=errors_met(device, machine) if device else None,
    )


def life_used(device: Path) -> int | None:
    """Percent of an eMMC's life that is used, by its own estimate; of two kinds of cells, the worse.

    Args:
        device: the folder of the device, or of a partition of it, below sys.
    """
    whole = device.parent if (device / "partition").exists() else device
    return worst_step([_text(whole / "device/life_time")])


def worst_step(estimates: Sequence[str | None]) -> int | None:
    """The percentage of the worst of some estimates, such as `0x02 0x09`."""
    worst = max((int(step, 16) for text in estimates for step in (text or "").split()), default=0)
    return min(worst * 10, 100) if worst else None  # a step of 0 is none


def errors_met(device: Path, machine: Path = MACHINE) -> int | None:
    """How many errors an ext4 file system has met; `None` for another one."""
    count = _text(machine / "sys/fs/ext4" / device.name / "errors_count")
    return int(count) if count and count.isdigit() else None


def _device(folder: Path, machine: Path) -> Path | None:
    """The folder below sys of the partition that a folder is on; `None` for a disk that is no device."""
    number = folder.stat().st_dev
    device = machine / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    return device.resolve() if device.exists() else None


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return None  # this machine has no such file
