"""`POST /entries` on a real port and a real SQLite file."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from sync.register.actor import Actor
from sync.register.entries.numbering import Numbering
from sync.register.marks.marks import Place, amend_mark
from sync.register.storage.models import EntryRow, MarkChangeRow, MarkRow, WorkItemRow
from tests.sync.register.support import TUESDAY, Clock, Kiosk, Running, entry, heartbeat, void, wait_for

pytestmark = pytest.mark.both_databases

AMELIA = Place("oak-lane", "P1", TUESDAY, "AM")


def marks(register: Running) -> list[tuple[str, str, int | None, str]]:
    with register.database.read() as session:
        rows = session.scalars(select(MarkRow).order_by(MarkRow.pupil, MarkRow.session)).all()
        return [(row.pupil, row.code, row.minutes_late, row.source) for row in rows]


def changes(register: Running) -> list[tuple[str | None, str | None, str]]:
    with register.database.read() as session:
        rows = session.scalars(select(MarkChangeRow).order_by(MarkChangeRow.id)).all()
        return [
            (
                row.original["code"] if row.original else None,
                row.amended["code"] if row.amended else None,
                row.position,
            )
            for row in rows
        ]


def work(register: Running, *, resolved: bool = False) -> list[tuple[str, dict[str, Any]]]:
    with register.database.read() as session:
        rows = session.scalars(select(WorkItemRow).order_by(WorkItemRow.id)).all()
        return [(row.kind, row.detail) for row in rows if (row.resolved_at is not None) is resolved]


def stored(register: Running) -> int:
    with register.database.read() as session:
        return session.scalar(select(func.count()).select_from(EntryRow)) or 0


def by_a_person(register: Running, code: str | None) -> None:
    with register.database.write() as session:
        amend_mark(
            session,
            AMELIA,
            code,
            at=register.clock(),
            reason="taken in class",
            actor=Actor("T. Teacher", "Teacher"),
        )


def test_an_entry_becomes_a_mark_with_its_change_recorded(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    assert kiosk.send(sent) == [{"id": sent["id"], "status": "accepted", "detail": None}]
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert changes(register) == [(None, "L", "kiosk")]


def test_an_entry_is_kept_character_for_character(register: Running, kiosk: Kiosk) -> None:
    sent = json.dumps(entry() | {"mood": "sunny"}, indent=3).replace('"seq": 1', '"seq"  :  1')
    answer = httpx.post(
        f"{kiosk.url}/api/v1/entries", content=f'{{"entries": [{sent}]}}', headers=kiosk.headers
    )
    assert answer.json()["results"][0]["status"] == "accepted"
    with register.database.read() as session:
        assert session.scalars(select(EntryRow.raw)).one() == sent


def test_the_same_entry_again_changes_nothing(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    assert kiosk.statuses(sent) == ["accepted"]
    assert kiosk.statuses(sent) == ["duplicate"]
    assert kiosk.statuses(sent, sent) == ["duplicate", "duplicate"]
    assert (stored(register), len(changes(register))) == (1, 1)


def test_the_same_entry_twice_in_one_batch_counts_once(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    assert kiosk.statuses(sent, sent) == ["accepted", "duplicate"]
    assert stored(register) == 1


def test_a_retry_does_not_bring_back_what_a_user_has_changed_since(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    by_a_person(register, "/")
    assert kiosk.statuses(sent) == ["duplicate"]
    assert marks(register) == [("P1", "/", None, "person")]


def test_an_id_with_other_content_is_rejected_and_makes_one_work_item(
    register: Running, kiosk: Kiosk
) -> None:
    sent = entry()
    kiosk.send(sent)
    other = sent | {"pupil": "P2"}
    for _ in range(2):
        assert kiosk.send(other) == [{"id": sent["id"], "status": "rejected", "detail": "id reused"}]
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert [kind for kind, _ in work(register)] == ["reused_id"]


def test_an_id_reused_within_one_batch_keeps_the_first(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    assert kiosk.statuses(sent, sent | {"pupil": "P2"}) == ["accepted", "rejected"]
    assert marks(register) == [("P1", "L", 22, "kiosk")]


def test_a_reenrolled_kiosk_may_send_its_old_queue_again(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    assert register.enrol("Main reception again").statuses(sent) == ["duplicate"]


def test_results_come_in_the_order_of_the_entries_and_a_bad_one_spoils_none(
    register: Running, kiosk: Kiosk
) -> None:
    good, better = entry(1), entry(4, pupil="P2")
    bad = entry(2, pupil="")
    code = entry(3, pupil="P3", decision={"code": "H"})
    results = kiosk.send(good, bad, "nonsense", code, better)
    assert [(result["status"], result["detail"]) for result in results] == [
        ("accepted", None),
        ("rejected", "pupil"),
        ("rejected", "entry"),
        ("rejected", "decision.code"),
        ("accepted", None),
    ]
    assert [result["id"] for result in results] == [good["id"], bad["id"], None, code["id"], better["id"]]
    assert [pupil for pupil, *_ in marks(register)] == ["P1", "P2"]
    assert stored(register) == 2


REFUSE_P2 = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE INSERT ON marks WHEN NEW.pupil = 'P2' "
        "BEGIN SELECT RAISE(ABORT, 'refused'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON marks FOR EACH ROW WHEN (NEW.pupil = 'P2') "
        "EXECUTE FUNCTION refuse()",
    ],
}


def test_an_entry_that_the_database_refuses_is_rolled_back_alone(register: Running, kiosk: Kiosk) -> None:
    with register.database.write() as session:
        for statement in REFUSE_P2[register.database.engine.dialect.name]:
            session.execute(text(statement))
    batch = [entry(1), entry(2, pupil="P2"), entry(3, pupil="P3")]
    results = kiosk.send(*batch)
    assert [(each["status"], each["detail"]) for each in results] == [
        ("accepted", None),
        ("rejected", "entry"),
        ("accepted", None),
    ]
    assert [pupil for pupil, *_ in marks(register)] == ["P1", "P3"]
    item = rejection_item(batch[1], "entry")
    assert (stored(register), len(changes(register)), work(register)) == (2, 2, [item])
    assert kiosk.statuses(*batch) == ["duplicate", "rejected", "duplicate"]
    assert work(register) == [item]


def rejection_item(sent: dict[str, Any], field: str, *but: str) -> tuple[str, dict[str, Any]]:
    """The work item of a rejected entry, which has what could be understood but for that."""
    legible = {name: sent[name] for name in ("kind", "pupil", "at") if name not in but}
    return "rejected", {"id": sent["id"], "seq": sent["seq"], "field": field, **legible}


def test_a_rejected_entry_is_put_before_the_office_once(register: Running, kiosk: Kiosk) -> None:
    code, pupil = entry(1, decision={"code": "H"}), entry(2, pupil="")
    for _ in range(2):
        assert kiosk.statuses(code, pupil, "nonsense", code) == ["rejected"] * 4
        assert work(register) == [
            rejection_item(code, "decision.code"),
            rejection_item(pupil, "pupil", "pupil"),
            ("rejected", {"id": None, "seq": None, "field": "entry"}),
        ]


def test_a_rejected_entry_that_is_taken_in_after_all_is_settled(register: Running, kiosk: Kiosk) -> None:
    code, pupil = entry(1, decision={"code": "H"}), entry(2, pupil="")
    kiosk.send(code, pupil)
    again = register.enrol("Main reception again")  # whose queue is what its former self could not send
    assert again.statuses(code | {"decision": entry()["decision"]}) == ["accepted"]
    assert work(register) == [rejection_item(pupil, "pupil", "pupil")]
    assert work(register, resolved=True) == [rejection_item(code, "decision.code")]
    with register.database.read() as session:
        (over,) = session.scalars(select(WorkItemRow).where(WorkItemRow.resolved_at.is_not(None)))
        assert (over.resolution, over.resolved_by) == (
            "it was sent again and taken in",
            "Main reception again",
        )


def test_a_rejected_entry_that_is_taken_in_within_the_same_batch_is_settled(
    register: Running, kiosk: Kiosk
) -> None:
    sent = entry(1)
    assert kiosk.statuses(sent | {"pupil": ""}, sent) == ["rejected", "accepted"]
    assert work(register) == []


def test_nothing_counts_as_stored_when_the_database_fails(
    register: Running, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    sent = entry()
    with monkeypatch.context() as broken:
        broken.setattr(Numbering, "write", full)
        answer = kiosk.post("/entries", {"entries": [sent]})
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert stored(register) == 0
    assert kiosk.statuses(sent) == ["accepted"]


def test_a_lost_answer_makes_no_second_mark(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    body = json.dumps({"entries": [sent]}).encode()
    address = urlsplit(kiosk.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        connection.sendall(
            b"POST /api/v1/entries HTTP/1.1\r\nHost: register\r\nAuthorization: Bearer "
            + kiosk.token.encode()
            + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
            + body
        )
        wait_for(lambda: stored(register) == 1, "the entry to be stored")
    assert kiosk.statuses(sent) == ["duplicate"]
    assert len(changes(register)) == 1


def test_two_kiosks_at_once_write_one_mark_and_lose_no_entry(register: Running, kiosk: Kiosk) -> None:
    kiosks = [kiosk, register.enrol("Infants entrance")]
    sends = [
        (each, entry(seq, decision={"code": code}))
        for seq in range(1, 11)
        for each, code in zip(kiosks, "LU", strict=True)
    ]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda send: send[0].statuses(send[1])[0], sends))
    assert stored(register) == 20
    assert len(changes(register)) == 1
    assert (statuses.count("accepted"), statuses.count("review")) == (10, 10)


def test_a_users_mark_is_never_overwritten(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "/")
    assert kiosk.statuses(entry()) == ["review"]
    assert marks(register) == [("P1", "/", None, "person")]
    assert work(register) == [("conflict", {"has": "/", "kiosk": "L"})]


def test_a_users_n_is_replaced_and_the_original_kept(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "N")
    assert kiosk.statuses(entry()) == ["accepted"]
    assert marks(register) == [("P1", "L", 22, "kiosk")]
    assert changes(register) == [(None, "N", "Teacher"), ("N", "L", "kiosk")]


def test_a_users_mark_with_the_same_code_stays_theirs(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "L")
    assert kiosk.statuses(entry()) == ["accepted"]
    assert marks(register) == [("P1", "L", None, "person")]
    assert work(register) == []


def test_entries_for_the_office_are_stored_with_the_reason(register: Running, kiosk: Kiosk) -> None:
    results = kiosk.send(
        entry(1, decision={"outcome": "review", "code": None, "needs_office": True, "suggested": "/"}),
        entry(2, pupil="P2", clock={"trust": "unknown"}),
        entry(3, pupil="P999"),
    )
    assert [(r["status"], r["detail"]) for r in results] == [
        ("review", "needs_office"),
        ("review", "clock"),
        ("review", "unknown_pupil"),
    ]
    assert marks(register) == []
    assert stored(register) == 3


def test_the_date_is_checked_in_the_schools_time_zone(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    assert kiosk.statuses(entry(1, pupil="P2", date="2026-11-23")) == ["review"]
    clock.instant = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    in_summer = register.enrol("Summer gate")
    summer_night = {"at": "2026-06-30T23:30:00Z", "date": "2026-07-01"}
    assert in_summer.statuses(entry(1, **summer_night)) == ["accepted"]


def test_a_void_sets_the_mark_back_to_empty_and_records_it(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    assert kiosk.statuses(sent, void(sent, 2)) == ["accepted", "accepted"]
    assert marks(register) == []
    assert changes(register) == [(None, "L", "kiosk"), ("L", None, "kiosk")]


def test_a_void_restores_a_users_earlier_mark(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "N")
    sent = entry()
    kiosk.send(sent, void(sent, 2))
    assert marks(register) == [("P1", "N", None, "person")]


def test_a_void_after_a_users_change_is_for_the_office(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    kiosk.send(sent)
    by_a_person(register, "M")
    assert kiosk.statuses(void(sent, 2)) == ["review"]
    assert marks(register) == [("P1", "M", None, "person")]
    assert work(register) == [("void", {"why": "changed since", "voids": sent["id"]})]


def test_a_void_settles_its_entrys_work_items(register: Running, kiosk: Kiosk) -> None:
    by_a_person(register, "/")
    sent = entry()
    kiosk.send(sent)
    assert kiosk.statuses(void(sent, 2)) == ["accepted"]
    assert (work(register), [kind for kind, _ in work(register, resolved=True)]) == ([], ["conflict"])
    assert marks(register) == [("P1", "/", None, "person")]


def test_a_second_void_and_a_void_of_nothing_are_for_the_office(register: Running, kiosk: Kiosk) -> None:
    sent = entry()
    assert kiosk.statuses(sent, void(sent, 2), void(sent, 3), void(entry(), 4)) == [
        "accepted",
        "accepted",
        "review",
        "review",
    ]


def test_a_gap_is_reported_once_and_settled_when_it_closes(register: Running, kiosk: Kiosk) -> None:
    missing = [entry(seq, pupil="P2") for seq in (2, 3)]
    kiosk.send(entry(1), entry(4, pupil="P3"))
    kiosk.send(entry(5, pupil="P4"))
    assert work(register) == [("gap", {"epoch": 1, "first": 2, "last": 3})]
    kiosk.send(missing[0])
    assert len(work(register)) == 1
    kiosk.send(missing[1])
    assert (work(register), len(work(register, resolved=True))) == ([], 1)


def test_a_rejected_entry_leaves_no_gap(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1), entry(2, pupil=""), entry(3, pupil="P2"))
    assert [kind for kind, _ in work(register)] == ["rejected"]


def test_more_than_500_entries_are_413_so_that_the_kiosk_halves_them(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.post("/entries", {"entries": [{}] * 501}).status_code == 413
    assert len(kiosk.send(*[{}] * 500)) == 500


def test_a_body_too_large_is_413_and_no_batch_is_422(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.post("/entries", {"entries": ["x" * 3_000_000]}).status_code == 413
    assert kiosk.post("/entries", {"records": []}).status_code == 422
    assert kiosk.send() == []


def test_the_answer_has_the_registers_time(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    answer = kiosk.post("/entries", {"entries": []}).json()
    assert answer["server_time"] == clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_batch_that_loses_a_race_twice_is_retried_and_not_rejected(
    register: Running, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = iter(range(3))  # the batch, and both tries of the entry alone
    write = Numbering.write

    def quicker(*args: Any) -> None:
        if next(lost, None) is not None:
            raise IntegrityError("INSERT", {}, UniqueViolation("another transaction was first"))
        write(*args)

    with monkeypatch.context() as racing:
        racing.setattr(Numbering, "write", quicker)
        assert kiosk.statuses(entry()) == ["accepted"]
    assert stored(register) == 1


@pytest.mark.parametrize("value", ["9" * 5000, "NaN", "[" * 50_000 + "]" * 50_000])
def test_an_unreadable_value_rejects_its_entry_and_not_the_batch(
    register: Running, kiosk: Kiosk, value: str
) -> None:
    bad = entry(2)
    texts = [json.dumps(each) for each in (entry(1), bad, entry(3, pupil="P3"))]
    texts[1] = texts[1][:-1] + f', "mood": {value}}}'
    answer = httpx.post(
        f"{kiosk.url}/api/v1/entries", content='{"entries": [' + ",".join(texts) + "]}", headers=kiosk.headers
    )
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["accepted", "rejected", "accepted"]
    assert results[1] == {"id": bad["id"], "status": "rejected", "detail": "entry"}


def test_a_trusted_time_far_ahead_needs_the_office(register: Running, kiosk: Kiosk) -> None:
    assert kiosk.statuses(entry(at="2026-11-24T10:07:00Z")) == ["review"]
    assert (marks(register), work(register)) == ([], [("clock", {"why": "ahead", "code": "L"})])


def gaps(register: Running) -> list[tuple[str, dict[str, Any]]]:
    return [item for item in work(register) if item[0] == "gap"]


def test_a_gap_that_a_rejected_entry_helps_to_close_is_settled(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1), entry(4, pupil="P3"))
    kiosk.send(entry(3, pupil=""))
    assert gaps(register) == [("gap", {"epoch": 1, "first": 2, "last": 2})]
    kiosk.send(entry(2, pupil="P2"))
    assert gaps(register) == []


def test_entries_missing_at_the_end_are_known_from_the_heartbeat(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1))
    kiosk.post("/heartbeat", heartbeat(waiting=2, last_seq=3))
    assert work(register) == []
    for _ in range(2):
        kiosk.post("/heartbeat", heartbeat(last_seq=3))
    assert work(register) == [("gap", {"epoch": 1, "first": 2, "last": 3})]
    kiosk.send(entry(2, pupil="P2"), entry(3, pupil="P3"))
    assert work(register) == []


def test_a_reenrolled_kiosk_has_no_gap_before_its_first_entry(register: Running, kiosk: Kiosk) -> None:
    queued = [entry(seq, pupil="P2") for seq in (1, 2, 3)]
    kiosk.send(*queued)
    again = register.enrol("Main reception", for_days=0)
    again.post("/heartbeat", heartbeat(waiting=2, last_seq=4))
    since = {"at": "2026-11-24T09:33:00Z"}
    assert again.statuses(queued[2], entry(4, pupil="P3", **since)) == ["duplicate", "accepted"]
    assert work(register) == []
    again.send(entry(6, pupil="P4", **since))
    assert work(register) == [("gap", {"epoch": 1, "first": 5, "last": 5})]


def test_two_kiosks_with_one_name_are_not_a_reenrolment(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    other = register.enrol("Main reception")
    clock.forward(minutes=1)
    kiosk.send(*(entry(seq, pupil="P2") for seq in (1, 2, 3)))
    other.send(entry(4, pupil="P3"))
    assert work(register) == [("gap", {"epoch": 1, "first": 1, "last": 3})]
    other.send(*(entry(seq, pupil="P3") for seq in (1, 2, 3)))
    assert work(register) == []
