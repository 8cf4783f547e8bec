import pytest

from kiosk.disk_key import DiskKey
from tests.kiosk.journal.campaign import KEY, Campaign, scratch_folder

ROUNDS = 40


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_a_damaged_journal_opens_and_loses_nothing_that_can_be_read(key: DiskKey | None) -> None:
    with scratch_folder() as folder:
        figures = Campaign(folder, 1, key).run(ROUNDS)
    assert figures.lost == []
    assert figures.opened == ROUNDS
    assert figures.killed > 0
    assert figures.unreadable > 0  # the damages are real ones


@pytest.mark.slow
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_journal_opens_and_loses_nothing_that_can_be_read_500_times(
    seed: int, key: DiskKey | None
) -> None:
    with scratch_folder() as folder:
        assert Campaign(folder, 100 + seed, key).run(500).lost == []
