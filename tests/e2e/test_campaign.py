"""A short run of the fault campaign; `make campaign` is the long one."""

from pathlib import Path

import pytest

from demo.programs import database_url
from tests.e2e.campaign import run
from tests.e2e.faults import Fault

ROUNDS, SEED = 25, 8
"""With this seed, every fault occurs and each process is killed twice."""


def test_a_few_rounds_of_faults_lose_and_duplicate_nothing(tmp_path: Path) -> None:
    report = run(8, SEED, database_url(tmp_path), tmp_path)
    assert report.differences == [], str(report)
    assert report.confirmed > 8


@pytest.mark.slow
@pytest.mark.timeout(300)  # four starts of processes, on a machine that may be busy
def test_every_confirmed_entry_is_in_the_register_once_and_no_other_is(tmp_path: Path) -> None:
    report = run(ROUNDS, SEED, database_url(tmp_path), tmp_path)
    assert report.differences == [], str(report)
    assert report.confirmed > ROUNDS
    assert (report.kiosk_kills, report.register_kills) == (2, 2)
    assert set(report.faults) == set(Fault)
