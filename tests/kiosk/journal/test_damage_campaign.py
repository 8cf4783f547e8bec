import pytest

from tests.kiosk.journal.campaign import Campaign, scratch_folder

ROUNDS = 40


def test_a_damaged_journal_opens_and_loses_nothing_that_can_be_read() -> None:
    with scratch_folder() as folder:
        figures = Campaign(folder, seed=1).run(ROUNDS)
    assert figures.lost == []
    assert figures.opened == ROUNDS
    assert figures.killed > 0
    assert figures.unreadable > 0  # the damages are real ones


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_journal_opens_and_loses_nothing_that_can_be_read_500_times(seed: int) -> None:
    with scratch_folder() as folder:
        assert Campaign(folder, 100 + seed).run(500).lost == []
