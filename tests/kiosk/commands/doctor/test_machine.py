import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardware.clock.clock import Reading
from kiosk.commands.doctor import machine
from kiosk.commands.doctor.result import Health

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
    assert machine.display(tmp_path, {"DISPLAY": ":0"}).health is Health.OK


def test_without_a_display_server_the_graphics_card_s_own_word_counts(tmp_path: Path) -> None:
    put(tmp_path, "sys/class/drm/card1-DSI-1/status", "connected\n")
    put(tmp_path, "sys/class/drm/card1-HDMI-A-1/status", "disconnected\n")
    assert machine.display(tmp_path, {}).detail == "connected: card1-DSI-1"


def test_a_card_with_no_display_at_it_is_a_warning_and_none_at_all_a_failure(tmp_path: Path) -> None:
    assert machine.display(tmp_path, {}).health is Health.FAILED
    put(tmp_path, "dev/dri/card0", "")
    assert machine.display(tmp_path, {}).health is Health.WARNING


@pytest.mark.parametrize(
    ("devices", "state", "said"),
    [
        (TOUCHSCREEN, Health.OK, "Goodix"),
        (MOUSE, Health.WARNING, "a mouse and no touchscreen"),
        (TOUCHPAD, Health.WARNING, "a mouse and no touchscreen"),
        (TOUCHSCREEN_WITHOUT_MOUSE, Health.OK, "ILITEK"),
        ("", Health.WARNING, "no touchscreen"),
        (MOUSE + "\n" + TOUCHSCREEN, Health.OK, "Goodix"),
    ],
)
def test_a_touchscreen_is_told_from_a_mouse(tmp_path: Path, devices: str, state: Health, said: str) -> None:
    result = machine.touch(put(tmp_path, "proc/bus/input/devices", devices))
    assert result.health is state
    assert said in result.detail


@pytest.mark.parametrize(
    ("trust", "battery", "state"),
    [
        ("synced", False, Health.OK),
        ("held", True, Health.OK),
        ("held", False, Health.WARNING),
        ("unknown", True, Health.FAILED),
    ],
)
def test_a_clock_that_nothing_keeps_right_is_told(trust: str, battery: bool, state: Health) -> None:
    assert machine.clock(Reading(MORNING, trust, "boot", 1), has_battery=battery).health is state


@pytest.mark.parametrize(("battery", "told"), [(True, "change its battery"), (False, "fit a battery clock")])
def test_the_remedy_for_a_clock_knows_whether_there_is_a_battery_clock(battery: bool, told: str) -> None:
    remedy = machine.clock(Reading(MORNING, "unknown", "boot", 1), has_battery=battery).remedy
    assert told in remedy
    assert ("fit a battery clock" in remedy) is not battery


def test_a_folder_that_is_missing_or_is_not_one_has_a_remedy(tmp_path: Path) -> None:
    missing = machine.disk(tmp_path / "latebook")
    assert (missing.health, "latebook enrol" in missing.remedy) == (Health.FAILED, True)
    assert machine.disk(tmp_path).health in (Health.OK, Health.WARNING)


@pytest.mark.parametrize(
    ("free", "state"),
    [(100_000_000, Health.FAILED), (500_000_000, Health.WARNING), (2_000_000_000, Health.OK)],
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: Health
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": free}))
    assert machine.disk(tmp_path).health is state


def test_storage_that_became_read_only_is_told_from_a_folder_of_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=2_000_000_000))
    monkeypatch.setattr("os.statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY))
    worn = machine.disk(tmp_path)
    assert (worn.health, "change it" in worn.remedy) == (Health.FAILED, True)


@pytest.mark.parametrize(("life", "state"), [("0x01 0x02", Health.OK), ("0x03 0x09", Health.WARNING)])
def test_a_worn_emmc_is_told(tmp_path: Path, life: str, state: Health) -> None:
    result = machine.wear(put(tmp_path, "sys/block/mmcblk0/device/life_time", life + "\n"))
    assert result is not None
    assert result.health is state


def test_storage_that_says_nothing_of_its_wear_is_left_out(tmp_path: Path) -> None:
    assert machine.wear(tmp_path) is None


@pytest.mark.parametrize(
    ("bits", "state"), [("0", Health.OK), ("50000", Health.WARNING), ("50005", Health.FAILED)]
)
def test_too_little_power_is_told_while_it_lasts_and_afterwards(
    tmp_path: Path, bits: str, state: Health
) -> None:
    result = machine.power(put(tmp_path, "sys/devices/platform/soc/soc:firmware/get_throttled", bits))
    assert result is not None
    assert result.health is state


def test_a_raspberry_pi_5_keeps_its_word_elsewhere(tmp_path: Path) -> None:
    place = "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled"
    result = machine.power(put(tmp_path, place, "50005"))
    assert result is not None
    assert result.health is Health.FAILED


def test_another_machine_s_power_is_left_out(tmp_path: Path) -> None:
    assert machine.power(tmp_path) is None
