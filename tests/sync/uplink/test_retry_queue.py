"""Which entry is sent next when the register does not answer for one."""

import json
from collections.abc import Sequence

from sync.uplink.retry_queue import TRIES, QueuedEntry, RetryQueue


def waiting(*entries: str) -> list[QueuedEntry]:
    """Entries as `id/pupil`, oldest first."""
    return [(text.split("/")[0], json.dumps({"pupil": text.split("/")[1]})) for text in entries]


def ids(batch: Sequence[QueuedEntry]) -> list[str]:
    return [entry_id for entry_id, _ in batch]


def test_without_an_entry_set_aside_nothing_is_held_back() -> None:
    assert ids(RetryQueue().ready(waiting("a/P1", "b/P1", "c/P2"))) == ["a", "b", "c"]


def test_later_entries_of_its_pupil_wait_behind_it_and_those_of_others_go_on() -> None:
    queue = RetryQueue()
    queue.put("a", now=0.0, share=1.0)
    assert ids(queue.ready(waiting("z/P1", "a/P1", "b/P2", "c/P1"))) == ["z", "b"]


def test_an_entry_is_retried_only_when_due() -> None:
    queue = RetryQueue()
    queue.put("a", now=10.0, share=1.0)
    assert queue.due(waiting("a/P1", "b/P1"), 11.9) == []
    assert queue.due_in(11.5) == 0.5
    assert ids(queue.due(waiting("a/P1", "b/P1"), 12.0)) == ["a"]


def test_of_two_entries_of_a_pupil_the_first_is_retried_first() -> None:
    queue = RetryQueue()
    for entry_id in ("a", "b"):
        queue.put(entry_id, now=0.0, share=0.0)
    assert ids(queue.due(waiting("a/P1", "b/P1"), 0.0)) == ["a"]


def test_the_waits_grow_to_a_minute() -> None:
    queue = RetryQueue()
    due: list[float | None] = []
    for _ in range(8):
        queue.put("a", now=0.0, share=1.0)
        due.append(queue.due_in(0.0))
    assert due == [2, 4, 8, 16, 32, 60, 60, 60]


def test_an_older_entry_does_not_hide_a_child_for_ever() -> None:
    queue = RetryQueue()
    for _ in range(TRIES - 1):
        queue.put("a", now=0.0, share=1.0)
    assert queue.ready(waiting("a/P1", "b/P1")) == []
    queue.put("a", now=0.0, share=1.0)
    assert ids(queue.ready(waiting("a/P1", "b/P1"))) == ["b"]
    assert ids(queue.due(waiting("a/P1", "b/P1"), 60.0)) == ["a"]


def test_an_answer_releases_the_pupils_other_entries() -> None:
    queue = RetryQueue()
    queue.put("a", now=0.0, share=1.0)
    queue.forget("a")
    assert ids(queue.ready(waiting("b/P1"))) == ["b"]
    assert queue.due_in(0.0) is None


def test_an_entry_that_cannot_be_read_holds_up_no_other() -> None:
    queue = RetryQueue()
    queue.put("a", now=0.0, share=1.0)
    unreadable = [("a", "{"), ("b", "{"), ("c", "[" * 100_000), ("d", '{"pupil": 7}')]
    assert ids(queue.ready(unreadable)) == ["b", "c", "d"]
