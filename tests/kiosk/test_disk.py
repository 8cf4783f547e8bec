import os
from pathlib import Path

import pytest

from kiosk.disk import disk_state, errors_met, life_used, worst_step
from sync.wire import DiskState, DiskTrouble

PLENTY = 10_000_000_000


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine whose storage is an eMMC with the folder on its second partition."""
    device = tmp_path / "sys/devices/mmc0/block/mmcblk0"
    put(device / "device/life_time", "0x02 0x09\n")
    put(device / "mmcblk0p2/partition", "2\n")
    put(tmp_path / "sys/fs/ext4/mmcblk0p2/errors_count", "3\n")
    number = tmp_path.stat().st_dev
    link = tmp_path / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(device / "mmcblk0p2")
    return tmp_path


def test_wear_and_errors_are_those_of_the_partition_that_the_folder_is_on(machine: Path) -> None:
    state = disk_state(machine, machine)
    assert (state.life_used, state.errors, state.read_only) == (90, 3, False)
    assert state.free > 0


def test_what_a_machine_does_not_report_is_unknown(tmp_path: Path) -> None:
    state = disk_state(tmp_path, tmp_path)
    assert (state.life_used, state.errors) == (None, None)
    assert life_used(tmp_path) is None
    assert errors_met(tmp_path, tmp_path) is None


def test_this_machine_is_looked_at_without_a_fault(tmp_path: Path) -> None:
    assert disk_state(tmp_path).free > 0


@pytest.mark.parametrize(
    ("estimates", "percent"),
    [(["0x01 0x02"], 20), (["0x0b 0x01"], 100), (["0x00 0x00"], None), ([None], None), ([], None)],
)
def test_the_worst_estimate_counts(estimates: list[str | None], percent: int | None) -> None:
    assert worst_step(estimates) == percent


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (DiskState(free=PLENTY), None),
        (DiskState(free=PLENTY, errors=0, life_used=80), None),
        (DiskState(free=500_000_000), DiskTrouble.NEARLY_FULL),
        (DiskState(free=500_000_000, life_used=90), DiskTrouble.WORN),
        (DiskState(free=PLENTY, life_used=90, errors=1), DiskTrouble.ERRORS),
        (DiskState(free=1000, errors=1), DiskTrouble.FULL),
        (DiskState(free=0, read_only=True), DiskTrouble.READ_ONLY),
    ],
)
def test_what_is_worst_is_named(state: DiskState, trouble: DiskTrouble | None) -> None:
    assert state.trouble is trouble
