"""The machine: its display, clock, disk and power. What the kernel tells is read below a root handed in."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from hardware.clock.clock import Reading
from kiosk.commands.doctor.finding import Finding, failed, ok, warning

LEAST_FREE = 200_000_000
"""Bytes: an entry takes one or two thousand, so this is years of them, and room for the system's own logs."""
ENOUGH_FREE = 1_000_000_000
WORN = 9
"""Steps of a tenth of an eMMC (JEDEC eMMC 5.1, DEVICE_LIFE_TIME_EST): 0x09 is 80 to 90 % of its life."""
INPUT_PROP_DIRECT = 1 << 1
"""<linux/input-event-codes.h>: a pointer that is where it is touched."""
UNDER_VOLTAGE, UNDER_VOLTAGE_SEEN = 1 << 0, 1 << 16
"""Bits of the Raspberry Pi firmware's `get_throttled`: now, and since the machine was started."""


def display(root: Path, environ: Mapping[str, str]) -> Finding:
    """Something to draw on: a display server, or the graphics card itself."""
    what = "Display"
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return ok(
            what, f"a display server is running ({environ.get('DISPLAY') or environ['WAYLAND_DISPLAY']})"
        )
    cards = sorted((root / "sys/class/drm").glob("card*-*/status"))
    connected = [card.parent.name for card in cards if _text(card) == "connected"]
    if connected:
        return ok(what, f"connected: {', '.join(connected)}")
    if list((root / "dev/dri").glob("card*")):
        return warning(
            what, "there is a graphics card, and no display at it", "Check the display's cable and its power."
        )
    return failed(
        what, "there is no display", "Connect the display, or start the kiosk within a graphical session."
    )


def touch(root: Path) -> Finding:
    """Something to touch, in the kernel's list of input devices."""
    what, remedy = "Touch", "Check the touchscreen's USB or ribbon cable."
    devices = [each for each in (_text(root / "proc/bus/input/devices") or "").split("\n\n") if each.strip()]
    names = [_quoted(device) for device in devices if _is_touchscreen(device)]
    if names:
        return ok(what, ", ".join(names))
    if any("mouse" in device.lower() for device in devices):
        return warning(what, "there is a mouse and no touchscreen", remedy)
    return warning(what, "no touchscreen is known to the system", remedy)


def _is_touchscreen(device: str) -> bool:
    """Touched where it shows (INPUT_PROP_DIRECT), or an absolute pointer of an old driver that does not say;
    a touchpad says that it is none."""
    properties = next((int(bits, 16) for bits in re.findall(r"B: PROP=([0-9a-f]+)", device)), 0)
    if properties:
        return bool(properties & INPUT_PROP_DIRECT)
    return "B: ABS=" in device and "mouse" in device.lower()


def clock(reading: Reading, *, has_battery: bool) -> Finding:
    """Whether the time is to be believed."""
    what = "Clock"
    battery = "with a battery clock" if has_battery else "without a battery clock"
    said = f"{reading.at:%Y-%m-%d %H:%M:%S} UTC, {reading.trust}, {battery}"
    if reading.trust == "unknown":
        lasting = (
            "which sets the battery clock, too; if that loses the time again, change its battery."
            if has_battery
            else "or fit a battery clock."
        )
        return failed(
            what,
            said,
            "Nothing keeps the time right, so every arrival goes to the office: let the machine reach a time"
            f" server (timedatectl set-ntp true), {lasting}",
        )
    if not has_battery and reading.trust != "synced":
        return warning(
            what, said, "Let the machine reach a time server; after a power cut it will not know the time."
        )
    return ok(what, said)


def disk(folder: Path) -> Finding:
    """Room for entries where the journal is, and whether it can be written."""
    what = "Disk"
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    said = f"{_size(free)} free for {folder}"
    if not folder.is_dir():
        return failed(
            what, f"{folder} is not there", "Set [kiosk] state, or enrol this kiosk: latebook enrol"
        )
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return failed(
            what,
            f"{folder} has become read-only, so nothing can be recorded",
            "Restart; if it is so again the storage is worn out: change it. Its entries can still be read.",
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        return failed(
            what, f"{folder} cannot be written", f"Run as the user who owns {folder}, or change its owner."
        )
    if free < LEAST_FREE:
        return failed(what, said, "Entries will soon find no room: remove what is not needed from this disk.")
    if free < ENOUGH_FREE:
        return warning(what, said, "Remove what is not needed from this disk before it is full.")
    return ok(what, said)


def apply_look(root: Path) -> Finding | None:
    """How worn an eMMC says it is; None where nothing says so (an SD card never does)."""
    estimates = sorted((root / "sys/block").glob("mmcblk*/device/life_time"))
    steps = [int(step, 16) for path in estimates for step in (_text(path) or "").split()]
    if not steps:
        return None
    worst = max(steps)
    said = f"{min(worst * 10, 100)} % of its life time is used, it says"
    if worst >= WORN:
        return warning(
            "Disk wear", said, "Change the storage in the next holidays, and keep its entries sent."
        )
    return ok("Disk wear", said)


def power(root: Path) -> Finding | None:
    """Whether a Raspberry Pi gets enough power; None on another machine."""
    # A Raspberry Pi 5 has the address of its chip in both names.
    told = sorted((root / "sys/devices/platform").glob("soc*/soc*:firmware/get_throttled"))
    said = _text(told[0]) if told else None
    if said is None:
        return None
    bits, supply = (
        int(said, 16),
        "Use the supply that the maker of the Raspberry Pi recommends, and a short cable.",
    )
    if bits & UNDER_VOLTAGE:
        return failed("Power", "the voltage is too low now", supply)
    if bits & UNDER_VOLTAGE_SEEN:
        return warning("Power", "the voltage was too low since the machine was started", supply)
    return ok("Power", "the voltage has been right since the machine was started")


def has_battery_clock(root: Path) -> bool:
    """Whether a clock ticks while the machine is switched off."""
    return (root / "sys/class/rtc/rtc0").exists()


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return None  # this machine has not got it


def _quoted(device: str) -> str:
    return next(
        (line.split('"')[1] for line in device.splitlines() if line.startswith('N: Name="')), "unnamed"
    )


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
