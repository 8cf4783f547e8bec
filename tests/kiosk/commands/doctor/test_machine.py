"""The doctor's checks of the machine, with made-up files of the kernel."""

import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardware.clock.clock import Reading
from kiosk.commands.doctor import machine
from kiosk.commands.doctor.result import CheckHealth

TOUCHSCREEN = """I: Bus=0018
N: Name="Goodix Capacitive TouchScreen"
H: Handlers=mouse0 event0
B: ABS=2608000 3
"""
MOUSE = """I: Bus=0003
N: Name="Wheel Mouse"
H: Handlers=mouse0 event1
B: REL=103
"""
TOUCHSCREEN_WITHOUT_MOUSE = """I: Bus=0003
N: Name="ILITEK Multi-Touch"
H: Handlers=event2
B: PROP=2
B: ABS=2608000 3
"""
TOUCHPAD = """I: Bus=0018
N: Name="Synaptics TouchPad"
H: Handlers=mouse0 event0
B: PROP=5
B: ABS=2608000 3
"""
MORNING = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return root


def test_a_display_server_is_a_display(tmp_path: Path) -> None:
    assert machine.display(tmp_path, {"DISPLAY": ":0"}).health is CheckHealth.OK


def test_without_a_display_server_the_graphics_card_is_read(tmp_path: Path) -> None:
    put(tmp_path, "sys/class/drm/card1-DSI-1/status", "connected\n")
    put(tmp_path, "sys/class/drm/card1-HDMI-A-1/status", "disconnected\n")
    assert machine.display(tmp_path, {}).detail == "connected: card1-DSI-1"


def test_a_graphics_card_without_a_display_is_a_warning_and_no_card_a_failure(tmp_path: Path) -> None:
    assert machine.display(tmp_path, {}).health is CheckHealth.FAILED
    put(tmp_path, "dev/dri/card0", "")
    assert machine.display(tmp_path, {}).health is CheckHealth.WARNING


@pytest.mark.parametrize(
    ("devices", "health", "detail"),
    [
        (TOUCHSCREEN, CheckHealth.OK, "Goodix"),
        (MOUSE, CheckHealth.WARNING, "a mouse and no touchscreen"),
        (TOUCHPAD, CheckHealth.WARNING, "a mouse and no touchscreen"),
        (TOUCHSCREEN_WITHOUT_MOUSE, CheckHealth.OK, "ILITEK"),
        ("", CheckHealth.WARNING, "no touchscreen"),
        (MOUSE + "\n" + TOUCHSCREEN, CheckHealth.OK, "Goodix"),
    ],
)
def test_a_touchscreen_is_distinguished_from_a_mouse(
    tmp_path: Path, devices: str, health: CheckHealth, detail: str
) -> None:
    result = machine.touch(put(tmp_path, "proc/bus/input/devices", devices))
    assert result.health is health
    assert detail in result.detail


@pytest.mark.parametrize(
    ("trust", "battery", "health"),
    [
        ("synced", False, CheckHealth.OK),
        ("held", True, CheckHealth.OK),
        ("held", False, CheckHealth.WARNING),
        ("unknown", True, CheckHealth.FAILED),
    ],
)
def test_an_untrusted_clock_has_failed(trust: str, battery: bool, health: CheckHealth) -> None:
    assert machine.clock(Reading(MORNING, trust, "boot", 1), has_battery=battery).health is health


@pytest.mark.parametrize(("battery", "words"), [(True, "change its battery"), (False, "fit a battery clock")])
def test_the_remedy_for_a_clock_depends_on_the_battery_clock(battery: bool, words: str) -> None:
    remedy = machine.clock(Reading(MORNING, "unknown", "boot", 1), has_battery=battery).remedy
    assert words in remedy
    assert ("fit a battery clock" in remedy) is not battery


def test_a_missing_folder_has_a_remedy(tmp_path: Path) -> None:
    missing = machine.disk(tmp_path / "latebook")
    assert (missing.health, "latebook enrol" in missing.remedy) == (CheckHealth.FAILED, True)
    assert machine.disk(tmp_path).health in (CheckHealth.OK, CheckHealth.WARNING)


@pytest.mark.parametrize(
    ("free", "health"),
    [(100_000_000, CheckHealth.FAILED), (500_000_000, CheckHealth.WARNING), (2_000_000_000, CheckHealth.OK)],
)
def test_a_disk_is_reported_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, health: CheckHealth
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": free}))
    assert machine.disk(tmp_path).health is health


def test_storage_that_became_read_only_has_its_own_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=2_000_000_000))
    monkeypatch.setattr("os.statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY))
    worn = machine.disk(tmp_path)
    assert (worn.health, "change it" in worn.remedy) == (CheckHealth.FAILED, True)


@pytest.mark.parametrize(
    ("life", "health"), [("0x01 0x02", CheckHealth.OK), ("0x03 0x09", CheckHealth.WARNING)]
)
def test_a_worn_emmc_is_a_warning(tmp_path: Path, life: str, health: CheckHealth) -> None:
    result = machine.wear(put(tmp_path, "sys/block/mmcblk0/device/life_time", life + "\n"))
    assert result is not None
    assert result.health is health


def test_a_journal_that_was_put_aside_is_a_warning_with_the_names_of_its_files(tmp_path: Path) -> None:
    assert machine.put_aside(tmp_path) is None
    put(tmp_path, "journal.db", "")
    put(tmp_path, "journal.db.damaged-20261124T090700Z.building", "")
    assert machine.put_aside(tmp_path) is None
    put(tmp_path, "journal.db.damaged-20261124T090700Z", "")
    put(tmp_path, "journal.db-wal.foreign-20261125T090700Z", "")
    result = machine.put_aside(tmp_path)
    assert result is not None
    assert result.health is CheckHealth.WARNING
    assert "journal.db.damaged-20261124T090700Z, " not in result.detail
    assert "journal.db-wal.foreign-20261125T090700Z, journal.db.damaged-20261124T090700Z" in result.detail


def test_storage_that_does_not_report_wear_is_left_out(tmp_path: Path) -> None:
    assert machine.wear(tmp_path) is None


@pytest.mark.parametrize(
    ("bits", "health"), [("0", CheckHealth.OK), ("50000", CheckHealth.WARNING), ("50005", CheckHealth.FAILED)]
)
def test_too_little_power_is_reported_during_and_afterwards(
    tmp_path: Path, bits: str, health: CheckHealth
) -> None:
    result = machine.power(put(tmp_path, "sys/devices/platform/soc/soc:firmware/get_throttled", bits))
    assert result is not None
    assert result.health is health


def test_a_raspberry_pi_5_reports_power_under_another_path(tmp_path: Path) -> None:
    place = "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled"
    result = machine.power(put(tmp_path, place, "50005"))
    assert result is not None
    assert result.health is CheckHealth.FAILED


def test_the_power_of_another_machine_is_left_out(tmp_path: Path) -> None:
    assert machine.power(tmp_path) is None
