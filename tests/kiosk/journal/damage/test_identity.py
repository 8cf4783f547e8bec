"""Whose a write-ahead log is, from what it and the database say."""

import pytest

from kiosk.journal.damage.identity import CounterRow, WalOwner, numbers_of, owner_of

OURS, THEIRS = 17, 99


def counter(mark: int, before: int, journal: int = OURS) -> CounterRow:
    return CounterRow(last_seq=1, journal=journal, mark=mark, before=before)


NOW = [counter(mark=5, before=4)]


@pytest.mark.parametrize(
    ("log", "owner"),
    [
        ([counter(6, 5), counter(7, 6)], WalOwner.THIS),  # not copied into the database yet
        ([counter(4, 3), counter(5, 4), counter(6, 5)], WalOwner.THIS),  # copied in part
        ([counter(8, 7), counter(9, 8)], WalOwner.OUT_OF_STEP),  # the database is an older copy
        ([counter(2, 1), counter(3, 2)], WalOwner.OUT_OF_STEP),  # the log is an older copy
        ([counter(6, 5, THEIRS)], WalOwner.FOREIGN),
        ([], WalOwner.FOREIGN),  # every transaction of ours has the counter
    ],
)
def test_a_log_is_this_journals_if_it_continues_the_database(log: list[CounterRow], owner: WalOwner) -> None:
    assert owner_of({OURS}, NOW, log, has_our_rows=False, contradicts=False) is owner


def test_a_log_whose_counter_is_damaged_is_known_by_its_entries() -> None:
    owner = owner_of({OURS}, NOW, [], has_our_rows=True, contradicts=False)
    assert owner is WalOwner.OUT_OF_STEP


@pytest.mark.parametrize(("contradicts", "owner"), [(False, WalOwner.THIS), (True, WalOwner.FOREIGN)])
def test_without_a_number_only_other_entries_under_the_same_numbers_speak_against_a_log(
    contradicts: bool, owner: WalOwner
) -> None:
    log = [counter(6, 5, THEIRS)]
    assert owner_of(set(), [CounterRow(3)], log, has_our_rows=False, contradicts=contradicts) is owner


def page_with(number: int) -> bytes:
    return bytes(68) + number.to_bytes(4, "big") + bytes(4024)


@pytest.mark.parametrize(
    ("copy", "rows", "confirmed", "numbers"),
    [
        (OURS, [OURS], set(), {OURS}),
        (3, [OURS], {OURS}, {OURS}),
        (OURS, [3], {OURS}, {OURS}),
        (OURS, [], {OURS}, {OURS}),
        (3, [], set(), set()),
        (0, [], set(), set()),
    ],
)
def test_a_number_is_certain_if_its_copies_agree_or_an_entry_confirms_it(
    copy: int, rows: list[int], confirmed: set[int], numbers: set[int]
) -> None:
    counters = [counter(5, 4, each) for each in rows]
    assert numbers_of([page_with(copy)], counters, lambda number: number in confirmed) == numbers
