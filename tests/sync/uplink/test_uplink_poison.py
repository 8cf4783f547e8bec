"""One entry that the register never answers does not hold up the others."""

import json
from collections.abc import Callable, Iterator

import pytest

from sync.uplink.uplink import UplinkState
from sync.wire import EntryStatus
from tests.sync.uplink.fakes import (
    Answer,
    FakeOutbox,
    LittleWaiting,
    Server,
    accept,
    in_turn,
    serving,
    uplink,
    wait_for_state,
    wait_until_settled,
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def outbox_of(*entries: str) -> FakeOutbox:
    """Entries as `id/pupil`, oldest first."""
    outbox = FakeOutbox()
    for text in entries:
        entry_id, pupil = text.split("/")
        outbox.entries[entry_id] = json.dumps({"id": entry_id, "pupil": pupil})
    return outbox


def without(poison: str, status: int | None) -> Callable[[list[str]], Answer]:
    return lambda ids: (status, {}) if poison in ids else accept(ids)


@pytest.mark.parametrize("status", [500, 502, 400, 422, 418, None])
def test_a_poison_entry_is_found_by_halving_and_the_others_go_on(server: Server, status: int | None) -> None:
    server.on_entries = without("poison", status)
    others = [f"e{n}/P{n}" for n in range(20)]
    outbox = outbox_of(*others[:7], "poison/P99", *others[7:])
    with uplink(server, outbox, LittleWaiting()):
        wait_until_settled(outbox, *(text.split("/")[0] for text in others))
    assert "poison" not in outbox.settled
    assert len(server.batches()[0]) == 21
    assert ["poison"] in server.batches()


def test_later_entries_of_its_pupil_wait_until_it_is_answered(server: Server) -> None:
    server.on_entries = without("poison", 500)
    outbox = outbox_of("a/P1", "poison/P1", "b/P2", "c/P1", "d/P3")
    with uplink(server, outbox, LittleWaiting()):
        wait_until_settled(outbox, "a", "b", "d")
        server.on_entries = lambda ids: accept(ids, "rejected" if ids == ["poison"] else "accepted")
        wait_until_settled(outbox, "poison", "c")
    assert outbox.settled["poison"] is EntryStatus.REJECTED
    sent = server.batches()
    answered = next(at for at, ids in enumerate(sent) if "c" in ids and "poison" not in ids)
    assert ["poison"] in sent[:answered]


def test_an_entry_that_is_set_aside_does_not_take_the_kiosk_offline(server: Server) -> None:
    server.on_entries = without("poison", 500)
    outbox = outbox_of("poison/P1", "a/P2")
    with uplink(server, outbox, LittleWaiting()) as link:
        wait_until_settled(outbox, "a")
        before = server.batches().count(["poison"])
        with link.seen:
            known = len(link.states)
        wait_for_state(link, UplinkState.CONNECTED)
        for n in range(3):  # it is retried meanwhile
            outbox.entries[f"b{n}"] = json.dumps({"id": f"b{n}", "pupil": "P2"})
            link.wake()
            wait_until_settled(outbox, f"b{n}")
    assert link.states[known:] in ([], [UplinkState.CONNECTED])
    assert server.batches().count(["poison"]) >= before


@pytest.mark.parametrize("status", [503, 429, 408])
def test_a_busy_register_is_not_mistaken_for_a_poison_entry(server: Server, status: int | None) -> None:
    server.on_entries = in_turn(*[lambda _ids: (status, {})] * 3, accept)
    outbox = outbox_of("a/P1", "b/P2", "c/P3")
    with uplink(server, outbox, LittleWaiting()):
        wait_until_settled(outbox, "a", "b", "c")
    assert server.batches() == [["a", "b", "c"]] * 4


def test_an_unreachable_register_is_not_mistaken_for_a_poison_entry(server: Server) -> None:
    outbox = outbox_of("a/P1", "b/P2")
    server.on_entries = in_turn(*[lambda _ids: (None, {})] * 2, accept)
    server.on_heartbeat = in_turn(*[lambda: False] * 2, lambda: True)
    with uplink(server, outbox, LittleWaiting()):
        wait_until_settled(outbox, "a", "b")
    assert server.batches() == [["a", "b"]] * 3


def test_a_truncated_answer_counts_as_far_as_it_goes_and_the_rest_is_sent_again_in_order(
    server: Server,
) -> None:
    def cut(ids: list[str]) -> Answer:
        status, answer = accept(ids)
        return status, {**answer, "results": answer["results"][:2]}

    server.on_entries = in_turn(cut, accept)
    outbox = outbox_of("a/P1", "b/P2", "c/P1", "d/P2")
    with uplink(server, outbox, LittleWaiting()):
        wait_until_settled(outbox, "a", "b", "c", "d")
    assert server.batches() == [["a", "b", "c", "d"], ["c", "d"]]


def test_an_entry_left_out_of_an_answer_is_tried_by_itself_before_its_pupils_next(server: Server) -> None:
    def leave_out(ids: list[str]) -> Answer:
        status, answer = accept(ids)
        return status, {**answer, "results": [result for result in answer["results"] if result["id"] != "a"]}

    server.on_entries = in_turn(leave_out, accept)
    outbox = outbox_of("a/P1", "b/P2")
    with uplink(server, outbox, LittleWaiting()) as link:
        wait_until_settled(outbox, "a", "b")
        outbox.entries["c"] = json.dumps({"id": "c", "pupil": "P1"})
        link.wake()
        wait_until_settled(outbox, "c")
    assert server.batches() == [["a", "b"], ["a"], ["c"]]


def test_entries_behind_many_that_are_held_back_are_found(server: Server) -> None:
    server.on_entries = without("poison", 500)
    outbox = outbox_of("poison/P1", *(f"held{n}/P1" for n in range(600)), "a/P2")
    with uplink(server, outbox, LittleWaiting()):
        wait_until_settled(outbox, "a")
    assert set(outbox.settled) == {"a"}
