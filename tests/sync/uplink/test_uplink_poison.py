"""One entry that the register has no answer for, among others: they go on, in their order."""

import json

import pytest

from sync.uplink.uplink import UplinkState
from sync.wire import EntryStatus
from tests.sync.uplink.test_uplink import (
    FakeOutbox,
    LittleWaiting,
    accept,
    entered,
    in_turn,
    serving,
    settled,
    uplink,
)


@pytest.fixture
def server():
    with serving() as running:
        yield running


def outbox_of(*entries):
    """Entries as `id/pupil`, oldest first."""
    outbox = FakeOutbox()
    for text in entries:
        entry_id, pupil = text.split("/")
        outbox.entries[entry_id] = json.dumps({"id": entry_id, "pupil": pupil})
    return outbox


def batches(server):
    return [
        [entry["id"] for entry in body["entries"]] for name, body, _ in server.requests if name == "entries"
    ]


def without(poison, status):
    return lambda ids: (status, {}) if poison in ids else accept(ids)


@pytest.mark.parametrize("status", [500, 502, 400, 422, 418, None])
def test_a_poison_entry_is_found_by_halving_and_the_others_go_on(server, status):
    server.on_entries = without("poison", status)
    others = [f"e{n}/P{n}" for n in range(20)]
    outbox = outbox_of(*others[:7], "poison/P99", *others[7:])
    with uplink(server, outbox, LittleWaiting()):
        settled(outbox, *(text.split("/")[0] for text in others))
    assert "poison" not in outbox.settled
    assert len(batches(server)[0]) == 21
    assert ["poison"] in batches(server)


def test_what_comes_after_it_of_its_pupil_waits_until_it_is_answered_for(server):
    server.on_entries = without("poison", 500)
    outbox = outbox_of("a/P1", "poison/P1", "b/P2", "c/P1", "d/P3")
    with uplink(server, outbox, LittleWaiting()):
        settled(outbox, "a", "b", "d")
        server.on_entries = lambda ids: accept(ids, "rejected" if ids == ["poison"] else "accepted")
        settled(outbox, "poison", "c")
    assert outbox.settled["poison"] is EntryStatus.REJECTED
    sent = batches(server)
    answered = next(at for at, ids in enumerate(sent) if "c" in ids and "poison" not in ids)
    assert ["poison"] in sent[:answered]


def test_an_entry_that_is_set_aside_does_not_make_the_kiosk_say_that_it_is_offline(server):
    server.on_entries = without("poison", 500)
    outbox = outbox_of("poison/P1", "a/P2")
    with uplink(server, outbox, LittleWaiting()) as link:
        settled(outbox, "a")
        before = batches(server).count(["poison"])
        with link.seen:
            told = len(link.states)
        entered(link, UplinkState.CONNECTED)
        for n in range(3):  # it is tried again and again meanwhile
            outbox.entries[f"b{n}"] = json.dumps({"id": f"b{n}", "pupil": "P2"})
            link.wake()
            settled(outbox, f"b{n}")
    assert link.states[told:] in ([], [UplinkState.CONNECTED])
    assert batches(server).count(["poison"]) >= before


@pytest.mark.parametrize("status", [503, 429, 408])
def test_a_register_that_is_busy_is_not_taken_for_a_poison_entry(server, status):
    server.on_entries = in_turn(*[lambda _ids: (status, {})] * 3, accept)
    outbox = outbox_of("a/P1", "b/P2", "c/P3")
    with uplink(server, outbox, LittleWaiting()):
        settled(outbox, "a", "b", "c")
    assert batches(server) == [["a", "b", "c"]] * 4


def test_a_register_that_is_not_there_is_not_taken_for_a_poison_entry(server):
    outbox = outbox_of("a/P1", "b/P2")
    server.on_entries = in_turn(*[lambda _ids: (None, {})] * 2, accept)
    server.on_heartbeat = in_turn(*[lambda: False] * 2, lambda: True)
    with uplink(server, outbox, LittleWaiting()):
        settled(outbox, "a", "b")
    assert batches(server) == [["a", "b"]] * 3


def test_an_answer_that_ends_early_is_taken_as_far_as_it_goes_and_the_rest_sent_again_in_order(server):
    def cut(ids):
        status, said = accept(ids)
        return status, {**said, "results": said["results"][:2]}

    server.on_entries = in_turn(cut, accept)
    outbox = outbox_of("a/P1", "b/P2", "c/P1", "d/P2")
    with uplink(server, outbox, LittleWaiting()):
        settled(outbox, "a", "b", "c", "d")
    assert batches(server) == [["a", "b", "c", "d"], ["c", "d"]]


def test_an_entry_left_out_of_an_answer_is_tried_by_itself_before_its_pupils_next(server):
    def leave_out(ids):
        status, said = accept(ids)
        return status, {**said, "results": [result for result in said["results"] if result["id"] != "a"]}

    server.on_entries = in_turn(leave_out, accept)
    outbox = outbox_of("a/P1", "b/P2")
    with uplink(server, outbox, LittleWaiting()) as link:
        settled(outbox, "a", "b")
        outbox.entries["c"] = json.dumps({"id": "c", "pupil": "P1"})
        link.wake()
        settled(outbox, "c")
    assert batches(server) == [["a", "b"], ["a"], ["c"]]


def test_entries_behind_many_that_are_held_back_are_found(server):
    server.on_entries = without("poison", 500)
    outbox = outbox_of("poison/P1", *(f"held{n}/P1" for n in range(600)), "a/P2")
    with uplink(server, outbox, LittleWaiting()):
        settled(outbox, "a")
    assert set(outbox.settled) == {"a"}
