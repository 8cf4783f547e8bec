"""A damaged journal becomes one work item, which names what is missing by number."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.register.api.test_entries import work
from tests.sync.register.office_client import at_the_office, content
from tests.sync.register.support import Kiosk, Running, entry, heartbeat

FILE = "journal.db.damaged-20261124T090700Z"
Tell = Callable[..., None]


@pytest.fixture
def tell(kiosk: Kiosk) -> Tell:
    """Send a heartbeat of a kiosk that has put a journal aside."""

    def do(missing: list[tuple[int, int]], file: str = FILE, saved: int = 12) -> None:
        runs = [{"first": first, "last": last} for first, last in missing]
        aside = {"file": file, "at": "2026-11-24T09:07:00Z", "saved": saved, "unreadable": 1, "missing": runs}
        disk: dict[str, Any] = {"free": 5_000_000_000, "put_aside": aside}
        answer = kiosk.post("/heartbeat", heartbeat(disk=disk))
        assert answer.status_code == 200, answer.text

    return do


def send(kiosk: Kiosk, *seqs: int) -> None:
    answer = kiosk.post("/entries", {"entries": [entry(seq) for seq in seqs]})
    assert answer.status_code == 200, answer.text


def damaged(register: Running) -> list[dict[str, Any]]:
    return [detail for kind, detail in work(register) if kind == "damaged"]


def test_a_damaged_journal_is_one_work_item_however_often_it_is_reported(
    register: Running, tell: Tell
) -> None:
    for _ in range(3):
        tell([(57, 57), (60, 62)])
    assert damaged(register) == [{"file": FILE, "saved": 12, "missing": [[57, 57], [60, 62]]}]


def test_a_number_that_arrived_is_not_missing(register: Running, kiosk: Kiosk, tell: Tell) -> None:
    send(kiosk, 1, 2, 3, 4, 6, 7)
    tell([(2, 5), (7, 9)])
    assert [each["missing"] for each in damaged(register)] == [[[5, 5], [8, 9]]]


def test_a_gap_that_the_damage_explains_is_no_second_work_item(
    register: Running, kiosk: Kiosk, tell: Tell
) -> None:
    send(kiosk, 1, 3, 5)
    assert [kind for kind, _ in work(register)] == ["gap", "gap"]
    tell([(2, 2)])
    assert work(register) == [
        ("gap", {"epoch": 1, "first": 4, "last": 4}),
        ("damaged", {"file": FILE, "saved": 12, "missing": [[2, 2]]}),
    ]


def test_another_damage_is_another_work_item(register: Running, tell: Tell) -> None:
    tell([])
    tell([(8, 8)], file=FILE + "-2")
    assert [each["missing"] for each in damaged(register)] == [[], [[8, 8]]]


def test_a_heartbeat_without_a_disk_is_that_of_an_older_kiosk(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.post("/heartbeat", heartbeat()).status_code == 200
    assert work(register) == []


def test_many_runs_of_missing_numbers_end_in_one(register: Running, kiosk: Kiosk, tell: Tell) -> None:
    send(kiosk, *range(1, 200, 2))
    tell([(1, 200)])
    [item] = damaged(register)
    assert len(item["missing"]) == 50
    assert item["missing"][0] == [2, 2]
    assert item["missing"][-1] == [100, 200]


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ([], "12 entries were saved from it, and none is missing"),
        ([(57, 57)], "Entry 57 cannot be read and never arrived: ask at reception who came around then"),
        ([(57, 57), (60, 62)], "Entries 57 and 60 to 62 cannot be read and never arrived"),
    ],
)
def test_the_office_reads_what_is_missing_and_what_to_do(
    register: Running, tell: Tell, missing: list[tuple[int, int]], words: str
) -> None:
    tell(missing)
    with at_the_office(register) as office:
        text = content(office.get("/needs"))
    assert words in text
    assert "Have the kiosk’s storage changed before more is lost." in text
