"""What is sent next, where the register has no answer for some entry."""

import json

from sync.uplink.retry_queue import TRIES, RetryQueue


def waiting(*entries):
    """Entries as `id/pupil`, oldest first."""
    return [(text.split("/")[0], json.dumps({"pupil": text.split("/")[1]})) for text in entries]


def ids(batch):
    return [entry_id for entry_id, _ in batch]


def test_nothing_is_held_back_where_nothing_is_set_aside():
    assert ids(RetryQueue().ready(waiting("a/P1", "b/P1", "c/P2"))) == ["a", "b", "c"]


def test_the_pupils_later_entries_wait_behind_it_and_everybody_elses_go_on():
    aside = RetryQueue()
    aside.put("a", now=0.0, share=1.0)
    assert ids(aside.ready(waiting("z/P1", "a/P1", "b/P2", "c/P1"))) == ["z", "b"]


def test_it_is_tried_again_only_when_it_is_due():
    aside = RetryQueue()
    aside.put("a", now=10.0, share=1.0)
    assert aside.due(waiting("a/P1", "b/P1"), 11.9) == []
    assert aside.due_in(11.5) == 0.5
    assert ids(aside.due(waiting("a/P1", "b/P1"), 12.0)) == ["a"]


def test_of_two_of_one_pupil_the_first_is_tried_first():
    aside = RetryQueue()
    for entry_id in ("a", "b"):
        aside.put(entry_id, now=0.0, share=0.0)
    assert ids(aside.due(waiting("a/P1", "b/P1"), 0.0)) == ["a"]


def test_the_waits_grow_to_a_minute():
    aside, due = RetryQueue(), []
    for _ in range(8):
        aside.put("a", now=0.0, share=1.0)
        due.append(aside.due_in(0.0))
    assert due == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_child_is_not_missing_for_ever_over_an_older_entry():
    aside = RetryQueue()
    for _ in range(TRIES - 1):
        aside.put("a", now=0.0, share=1.0)
    assert aside.ready(waiting("a/P1", "b/P1")) == []
    aside.put("a", now=0.0, share=1.0)
    assert ids(aside.ready(waiting("a/P1", "b/P1"))) == ["b"]
    assert ids(aside.due(waiting("a/P1", "b/P1"), 60.0)) == ["a"]


def test_an_answer_lets_the_pupils_others_go():
    aside = RetryQueue()
    aside.put("a", now=0.0, share=1.0)
    aside.answered("a")
    assert ids(aside.ready(waiting("b/P1"))) == ["b"]
    assert aside.due_in(0.0) is None


def test_an_entry_that_cannot_be_read_holds_nobody_up():
    aside = RetryQueue()
    aside.put("a", now=0.0, share=1.0)
    unreadable = [("a", "{"), ("b", "{"), ("c", "[" * 100_000), ("d", '{"pupil": 7}')]
    assert ids(aside.ready(unreadable)) == ["b", "c", "d"]
