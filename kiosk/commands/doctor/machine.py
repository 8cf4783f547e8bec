"""Checks of the display, touchscreen, clock, disk and power, read from the kernel's files below `root`."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from hardware.clock.clock import Reading
from kiosk.commands.doctor.result import CheckResult, failed, ok, warning
from kiosk.disk import disk_state, worst_step
from sync.wire.heartbeat import ENOUGH_FREE, LEAST_FREE, WORN_PERCENT

ASIDE = re.compile(r"\.(damaged|foreign)-[^.]*$")
"""The end of the names of what was put aside (`kiosk.journal.damage.swap`)."""
INPUT_PROP_DIRECT = 1 << 1
"""<linux/input-event-codes.h>: the device is touched where it shows the picture."""
UNDER_VOLTAGE, UNDER_VOLTAGE_SEEN = 1 << 0, 1 << 16
"""Bits of the Raspberry Pi firmware's `get_throttled`: now, and since the machine was started."""


def display(root: Path, environ: Mapping[str, str]) -> CheckResult:
    """Check that there is a display server, or a display at the graphics card."""
    subject = "Display"
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return ok(
            subject, f"a display server is running ({environ.get('DISPLAY') or environ['WAYLAND_DISPLAY']})"
        )
    cards = sorted((root / "sys/class/drm").glob("card*-*/status"))
    connected = [card.parent.name for card in cards if _text(card) == "connected"]
    if connected:
        return ok(subject, f"connected: {', '.join(connected)}")
    if list((root / "dev/dri").glob("card*")):
        return warning(
            subject, "a graphics card without a display", "Check the display's cable and its power."
        )
    return failed(subject, "no display", "Connect the display, or start the kiosk in a graphical session.")


def touch(root: Path) -> CheckResult:
    """Check that the kernel lists a touchscreen among its input devices."""
    subject, remedy = "Touch", "Check the touchscreen's USB or ribbon cable."
    devices = [each for each in (_text(root / "proc/bus/input/devices") or "").split("\n\n") if each.strip()]
    names = [_quoted(device) for device in devices if _is_touchscreen(device)]
    if names:
        return ok(subject, ", ".join(names))
    if any("mouse" in device.lower() for device in devices):
        return warning(subject, "a mouse and no touchscreen", remedy)
    return warning(subject, "no touchscreen found", remedy)


def _is_touchscreen(device: str) -> bool:
    """A direct device (INPUT_PROP_DIRECT), or an absolute pointer whose old driver reports no properties.

    A touchpad reports that it is a pointer, not direct.
    """
    properties = next((int(bits, 16) for bits in re.findall(r"B: PROP=([0-9a-f]+)", device)), 0)
    if properties:
        return bool(properties & INPUT_PROP_DIRECT)
    return "B: ABS=" in device and "mouse" in device.lower()


def clock(reading: Reading, *, has_battery: bool) -> CheckResult:
    """Check that the time can be trusted."""
    subject = "Clock"
    battery = "with a battery clock" if has_battery else "without a battery clock"
    detail = f"{reading.at:%Y-%m-%d %H:%M:%S} UTC, {reading.trust}, {battery}"
    if reading.trust == "unknown":
        remedy_end = (
            "which also sets the battery clock; if that loses the time again, change its battery."
            if has_battery
            else "or fit a battery clock."
        )
        return failed(
            subject,
            detail,
            "The time is not trusted, so the office must confirm every arrival: let the machine reach a time"
            f" server (timedatectl set-ntp true), {remedy_end}",
        )
    if not has_battery and reading.trust != "synced":
        return warning(
            subject,
            detail,
            "Let it reach a time server; otherwise a power cut loses the time.",
        )
    return ok(subject, detail)


def disk(folder: Path) -> CheckResult:
    """Check that the journal's folder exists, can be written and has room."""
    subject = "Disk"
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    detail = f"{_size(free)} free for {folder}"
    if not folder.is_dir():
        return failed(
            subject, f"{folder} does not exist", "Set [kiosk] state, or enrol this kiosk: latebook enrol"
        )
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return failed(
            subject,
            f"{folder} has become read-only, so nothing can be recorded",
            "Restart. If it happens again, the storage is worn out: change it. Its entries stay readable.",
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        return failed(
            subject, f"{folder} cannot be written", f"Run as the user who owns {folder}, or change its owner."
        )
    if free < LEAST_FREE:
        return failed(
            subject, detail, "Soon entries will not fit: delete files that are not needed from this disk."
        )
    if free < ENOUGH_FREE:
        return warning(subject, detail, "Delete files that are not needed from this disk before it is full.")
    return ok(subject, detail)


def wear(root: Path) -> CheckResult | None:
    """The wear that an eMMC reports; `None` if nothing reports it (an SD card never does)."""
    used = worst_step([_text(path) for path in sorted((root / "sys/block").glob("mmcblk*/device/life_time"))])
    if used is None:
        return None
    detail = f"{used} % of its life is used, by its own estimate"
    if used >= WORN_PERCENT:
        return warning(
            "Disk wear", detail, "Change the storage in the next holidays, after its entries have been sent."
        )
    return ok("Disk wear", detail)


def disk_errors(folder: Path, root: Path) -> CheckResult | None:
    """The errors that the file system has met; `None` if it met none, or does not count them."""
    errors = disk_state(folder, root).errors if folder.is_dir() else None
    if not errors:
        return None
    return failed(
        "Disk errors",
        f"{errors} since the file system was last checked",
        "Change the storage soon: it is failing. Let the kiosk send its entries first.",
    )


def put_aside(folder: Path) -> CheckResult | None:
    """The damaged journals that were put aside; `None` if there are none."""
    files = sorted(path.name for path in folder.glob("journal*.db*") if ASIDE.search(path.name))
    if not files:
        return None
    return warning(
        "Journal",
        f"damaged and put aside: {', '.join(files)}",
        "The office has what is missing, by number. Check the storage, and keep these files until the office"
        " needs nothing more from them.",
    )


def power(root: Path) -> CheckResult | None:
    """Check that a Raspberry Pi gets enough power; `None` on another machine."""
    # On a Raspberry Pi 5, both names contain the address of its chip.
    files = sorted((root / "sys/devices/platform").glob("soc*/soc*:firmware/get_throttled"))
    flags = _text(files[0]) if files else None
    if flags is None:
        return None
    bits, supply = (
        int(flags, 16),
        "Use the power supply recommended for this Raspberry Pi, and a short cable.",
    )
    if bits & UNDER_VOLTAGE:
        return failed("Power", "the voltage is too low now", supply)
    if bits & UNDER_VOLTAGE_SEEN:
        return warning("Power", "the voltage has been too low since the machine was started", supply)
    return ok("Power", "the voltage has been right since the machine was started")


def has_battery_clock(root: Path) -> bool:
    """Whether the machine has a clock that runs while it is switched off."""
    return (root / "sys/class/rtc/rtc0").exists()


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return None  # this machine has no such file


def _quoted(device: str) -> str:
    return next(
        (line.split('"')[1] for line in device.splitlines() if line.startswith('N: Name="')), "unnamed"
    )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
