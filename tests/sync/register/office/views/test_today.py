"""The Today page as data; the browser tests check how it is drawn."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sync.register.actor import Actor
from sync.register.kiosks.kiosks import revoke
from sync.register.marks.marks import Place, amend_mark
from sync.register.office.views.today import PAGE, Today, today
from sync.register.storage.models import SchoolRow
from sync.register.worklist.open_items import open_items
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve
from tests.sync.register.support import (
    LOGIN,
    PASSWORD,
    TUESDAY,
    Clock,
    Kiosk,
    Running,
    entry,
    heartbeat,
    void,
)

U = {"outcome": "after_close", "code": "U", "minutes_late": 46}


def page(register: Running) -> Today:
    with register.database.read() as session:
        school = session.get_one(SchoolRow, "oak-lane")
        return today(session, school, now=register.clock())


def only_row(register: Running) -> tuple[str, ...]:
    (row,) = page(register).rows
    return row.time, row.name, row.form, row.code, row.lateness, row.reason, row.state


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (entry(), ("09:07:42", "Amelia K.", "7B", "L", "22 min", "Overslept", "in the register")),
        (
            entry(pupil="P2", reason=None, decision=U),
            ("09:07:42", "Leo P.", "10C", "U", "After close", "—", "in the register"),
        ),
        (
            entry(pupil="P6", decision={"outcome": "on_time", "code": None, "minutes_late": None}),
            ("09:07:42", "Tom B.", "11D", "—", "On time", "Overslept", "no mark needed"),
        ),
        (
            entry(
                pupil="P4",
                reason="medical",
                decision={"outcome": "excused", "code": "M", "minutes_late": None},
            ),
            ("09:07:42", "Maja W.", "9A", "M", "—", "Medical or dental, agreed", "in the register"),
        ),
        (
            entry(
                reason="school-transport",
                decision={
                    "outcome": "review",
                    "code": None,
                    "suggested": "/",
                    "minutes_late": None,
                    "needs_office": True,
                },
            ),
            (
                "09:07:42",
                "Amelia K.",
                "7B",
                "—",
                "—",
                "School transport was late",
                "decide: present?",
            ),
        ),
        (
            entry(reason="school-transport", route="27"),
            (
                "09:07:42",
                "Amelia K.",
                "7B",
                "L",
                "22 min",
                "School transport was late · bus 27",
                "in the register",
            ),
        ),
        (
            entry(reason=None, route="Blue Coaches 2"),
            ("09:07:42", "Amelia K.", "7B", "L", "22 min", "Blue Coaches 2", "in the register"),
        ),
        (
            entry(reason="medical", decision={**U, "suggested": "M", "needs_office": True}),
            (
                "09:07:42",
                "Amelia K.",
                "7B",
                "U",
                "After close",
                "Medical appointment",
                "decide: U or M",
            ),
        ),
        (
            entry(pupil="P999"),
            ("09:07:42", "Not on the roll", "—", "L", "22 min", "Overslept", "decide: which pupil?"),
        ),
        (
            entry(at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}),
            ("09:33:00", "Amelia K.", "7B", "L", "22 min", "Overslept", "decide: time uncertain"),
        ),
    ],
)
def test_a_visits_row_in_words(
    register: Running, kiosk: Kiosk, sent: dict[str, Any], shown: tuple[str, ...]
) -> None:
    kiosk.send(sent)
    assert only_row(register) == shown


def test_a_row_names_the_adult_who_brought_the_pupil(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    kiosk.send(entry(brought_by="Ruth Okafor"), entry(2, pupil="P2"))
    rows = {row.name: row.brought_by for row in page(register).rows}
    assert rows == {"Amelia K.": "Ruth Okafor", "Leo P.": ""}
    assert "<small>brought by Ruth Okafor</small>" in office.get("/").text
    header, *lines = office.get("/today.csv").text.splitlines()
    assert header.split(",")[-3:] == ["Reason", "Brought by", "Mark"]
    assert sorted(line.split(",")[-2] for line in lines) == ["", "Ruth Okafor"]


def test_times_are_local_in_summer_too(register: Running, clock: Clock) -> None:
    kiosk = register.enrol(for_days=365)
    clock.instant = datetime(2026, 6, 30, 8, 33, tzinfo=UTC)
    kiosk.send(entry(at="2026-06-30T08:07:42.120Z", date="2026-06-30"))
    assert only_row(register)[0] == "09:07:42"
    assert f"{page(register).now:%H:%M}" == "09:33"


def test_a_conflict_shows_the_registers_mark(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    amend(register, "/")
    kiosk.send(entry())
    assert only_row(register)[-1] == "register already has /"
    assert page(register).decisions_by_kind == ["1 conflict"]


def test_a_changed_and_an_undone_mark_are_not_shown_as_in_the_register(
    register: Running, kiosk: Kiosk
) -> None:
    sent, other = entry(1), entry(2, pupil="P2")
    kiosk.send(sent, other, void(other, 3))
    amend(register, "M")
    assert {row.name: row.state for row in page(register).rows} == {
        "Amelia K.": "register now has M",
        "Leo P.": "undone",
    }


def amend(register: Running, code: str) -> None:
    with register.database.write() as session:
        place = Place("oak-lane", "P1", TUESDAY, "AM")
        amend_mark(
            session, place, code, at=register.clock(), reason="seen", actor=Actor("T. Teacher", "Teacher")
        )


def test_visits_are_newest_first_without_yesterdays(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    kiosk.send(
        entry(1, at="2026-11-24T09:01:00Z"),
        entry(2, pupil="P2", at="2026-11-24T09:20:00Z", decision=U),
        entry(3, pupil="P3", at="2026-11-24T09:10:00Z"),
    )
    assert [row.name for row in page(register).rows] == ["Leo P.", "Yusuf A.", "Amelia K."]
    assert (page(register).late_l, page(register).late_u) == (2, 1)
    clock.forward(days=1)
    assert (page(register).rows, page(register).late_l) == ([], 0)


def test_an_entry_with_two_work_items_is_one_decision(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(pupil="P999", clock={"trust": "unknown"}))
    assert (page(register).open_decisions, page(register).decisions_by_kind) == (1, ["1 unknown pupil"])


def test_items_without_a_visit_are_notices(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1), entry(5, pupil="P2"))
    assert page(register).notices == [
        "Main reception: entries 2 to 4 have not arrived, though later ones have. The kiosk has been "
        "asked to send what it still has. Ask at reception about any that do not arrive."
    ]


def test_a_kiosk_is_silent_after_ninety_seconds(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    kiosk.post("/heartbeat", heartbeat())
    clock.forward(seconds=90)
    assert page(register).silent_kiosks == []
    clock.forward(seconds=1)
    (silent,) = page(register).silent_kiosks
    assert (silent.state, silent.live) == ("silent since 09:33", False)
    clock.forward(days=1)
    assert page(register).kiosks[0].state == "silent since 09:33 on 24 November"


def test_waiting_entries_are_counted_from_the_heartbeat(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=3, last_seq=3))
    (waiting,) = page(register).waiting_kiosks
    assert (waiting.waiting, waiting.oldest, waiting.oldest_ago) == (3, "09:29", "4 min")


def test_entries_that_arrived_since_the_heartbeat_no_longer_wait(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=2, last_seq=2))
    clock.forward(seconds=5)
    kiosk.send(entry(1))
    (waiting,) = page(register).waiting_kiosks
    assert (waiting.waiting, waiting.oldest) == (1, None)
    kiosk.send(entry(2, pupil="P2"), entry(3, pupil="P3"))
    assert page(register).waiting == 0


def test_an_entry_newer_than_the_heartbeat_leaves_the_older_ones_waiting(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=1, last_seq=1))
    clock.forward(seconds=5)
    kiosk.send(entry(2))
    assert page(register).waiting == 1


@pytest.mark.parametrize(
    ("readers", "summary"),
    [
        ({}, "no card reader"),
        ({"front": "lost"}, "reader lost"),
        ({"b": "ready", "a": "lost"}, "reader a lost, b ready"),
    ],
)
def test_a_kiosks_reader_is_shown(
    register: Running, kiosk: Kiosk, readers: dict[str, str], summary: str
) -> None:
    kiosk.post("/heartbeat", heartbeat(readers=readers))
    assert page(register).kiosks[0].reader_summary == summary


@pytest.fixture
def html(register: Running) -> Iterator[Any]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as browser:
        browser.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield lambda: browser.get("/").text


def test_an_empty_day_is_explained(html: Any) -> None:
    text = html()
    assert "No one has signed in yet today." in text
    assert "No kiosk is enrolled yet." in text
    assert "Hold first-day calls" not in text


def test_a_silent_kiosk_or_a_queue_holds_first_day_calls(
    register: Running, kiosk: Kiosk, clock: Clock, html: Any
) -> None:
    kiosk.post("/heartbeat", heartbeat())
    assert "Hold first-day calls" not in html()
    kiosk.post("/heartbeat", heartbeat(waiting=1, last_seq=1))
    assert "Main reception still has 1 sign-in to send." in html()
    kiosk.post("/heartbeat", heartbeat())
    clock.instant += timedelta(seconds=91)
    assert "Main reception last contacted the register at 09:33" in html()


def queue(dead: int) -> dict[str, Any]:
    return {"waiting": 0, "oldest_at": None, "dead": dead}


def test_refused_sign_ins_hold_first_day_calls_until_dealt_with(
    register: Running, kiosk: Kiosk, clock: Clock, html: Any
) -> None:
    sent = [entry(seq, pupil=f"P{seq}", decision={"code": "H"}) for seq in (1, 2)]
    kiosk.send(*sent)
    assert (page(register).refused, page(register).decisions_by_kind) == (2, ["2 refused entries"])
    kiosk.post("/heartbeat", heartbeat(last_seq=2, queue=queue(2)))
    text = html()
    assert "Hold first-day calls" in text
    assert "2 sign-ins of Main reception were refused and are not in the register" in text
    assert "everything has arrived" not in text
    assert "nothing to decide" not in text
    assert page(register).summary.startswith(
        "0 late today, 0 not in the register yet, 2 refused, 2 decisions"
    )
    assert page(register).notices[0] == (
        "Main reception: entry 1 was refused because its “decision.code” could not be read. It is in no list "
        "and made no mark, although the kiosk confirmed it to the pupil. Enter the mark by hand, and have "
        "the kiosk’s queue checked."
    )
    note(register, clock)
    assert page(register).refused == 1
    assert "1 sign-in of Main reception was refused and is not in the register" in html()
    taken = [each | {"decision": entry()["decision"]} for each in sent]
    kiosk.send(taken[0])  # dealt with, and accepted later: the other one must still count
    kiosk.post("/heartbeat", heartbeat(last_seq=2, queue=queue(1)))
    assert page(register).refused == 1
    kiosk.send(taken[1])
    kiosk.post("/heartbeat", heartbeat(last_seq=2))
    assert page(register).refused == 0
    assert "Hold first-day calls" not in html()


def test_a_refused_sign_in_known_only_from_the_heartbeat_holds_calls_too(
    register: Running, kiosk: Kiosk, html: Any
) -> None:
    kiosk.post("/heartbeat", heartbeat(queue=queue(1)))
    assert "1 sign-in of Main reception was refused" in html()
    assert "everything has arrived" not in html()


def test_dead_letters_that_were_dealt_with_hold_no_calls(
    register: Running, kiosk: Kiosk, clock: Clock, html: Any
) -> None:
    sent = entry(1)
    kiosk.send(sent, sent | {"pupil": "P2"}, entry(2, decision={"code": "H"}))
    kiosk.post("/heartbeat", heartbeat(last_seq=2, queue=queue(2)))
    assert page(register).refused == 2
    note(register, clock)
    note(register, clock)
    assert "Hold first-day calls" not in html()
    assert page(register).kiosks[0].rejected == 2


def note(register: Running, clock: Clock) -> None:
    """The office notes the oldest open item."""
    with register.database.write() as session:
        item = open_items(session, "oak-lane")[0].id
        who = Actor("J. Office", "Attendance officer", "oak-lane", LOGIN)
        resolve(session, item, OfficeDecision(Choice.NOTED), who, reason="put in by hand", now=clock())


def test_entries_on_a_removed_kiosk_hold_calls_until_dealt_with(
    register: Running, kiosk: Kiosk, clock: Clock, html: Any
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=5, last_seq=5))
    with register.database.write() as session:
        for _ in range(2):
            revoke(session, uuid.UUID(kiosk.id), now=clock())
    assert "Main reception was removed with 5 sign-ins unsent." in html()
    assert "everything has arrived" not in html()
    assert (page(register).waiting, page(register).decisions_by_kind) == (5, ["1 kiosk with unsent entries"])
    clock.forward(days=1)
    assert page(register).waiting == 5
    note(register, clock)
    assert "Hold first-day calls" not in html()
    assert (page(register).kiosks, page(register).waiting) == ([], 0)


def test_a_kiosk_removed_with_an_empty_queue_is_not_listed(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=1, last_seq=1))
    clock.forward(seconds=5)
    kiosk.send(entry(1))
    with register.database.write() as session:
        revoke(session, uuid.UUID(kiosk.id), now=clock())
    assert (page(register).kiosks, page(register).open_decisions) == ([], 0)


def test_a_name_is_escaped(register: Running, html: Any) -> None:
    register.enrol("<script>alert(1)</script>")
    assert "<script>alert" not in html()
    assert "&lt;script&gt;alert(1)" in html()


DEPARTURE = {"outcome": "absent_pm", "code": "M", "minutes_late": None}


@pytest.fixture
def all_kinds(kiosk: Kiosk) -> None:
    taken_back = entry(6, pupil="P5")
    kiosk.send(
        entry(1),
        entry(2, pupil="P2", decision=U),
        leaves(3, "P4"),
        leaves(4, "P6"),
        entry(5, pupil="P6", kind="return", at="2026-11-24T09:30:00Z", decision={"code": None}),
        taken_back,
        void(taken_back, 7),
    )


def leaves(seq: int, pupil: str) -> dict[str, Any]:
    back = {"collector": "Aunt May", "expected_back": "2026-11-24T11:30:00Z", "released_by": "Jo Office"}
    return entry(seq, pupil=pupil, kind="departure", session="PM", decision=DEPARTURE, departure=back)


@pytest.mark.usefixtures("all_kinds")
@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("late", ["Amelia"]),
        ("after-close", ["Leo"]),
        ("signed-out", ["Tom", "Maja"]),
        ("returned", ["Tom"]),
    ],
)
def test_the_list_can_be_filtered(office: httpx.Client, show: str, names: list[str]) -> None:
    lines = office.get("/today.csv", params={"show": show}).text.splitlines()[1:]
    assert [line.split(",")[2].split()[0] for line in lines] == names


@pytest.mark.usefixtures("all_kinds")
def test_a_refresh_keeps_the_filter(office: httpx.Client) -> None:
    text = office.get("/", params={"show": "late"}).text
    assert 'hx-get="/today/live?show=late"' in text
    assert '<a href="/?show=late" aria-current="true">Late</a>' in text
    live = office.get("/today/live", params={"show": "late"}).text
    assert "Amelia K." in live
    assert "Leo P." not in live


@pytest.mark.usefixtures("all_kinds")
def test_signed_out_back_and_due_pupils_are_counted(register: Running, clock: Clock) -> None:
    assert page(register).signed_out.details == ["1 back", "1 due 11:30"]
    assert page(register).signed_out.number == 2
    clock.forward(hours=3)
    assert page(register).signed_out.details == ["1 back", "1 not back in time"]


def test_an_earlier_day_can_be_shown(office: httpx.Client, clock: Clock, kiosk: Kiosk) -> None:
    kiosk.send(entry())
    clock.forward(days=1)
    text = office.post("/login", data={"login": LOGIN, "password": PASSWORD}).text
    assert "No one has signed in yet today." in text
    text = office.get("/", params={"day": "2026-11-24"}).text
    assert "<h1>Tuesday 24 November</h1>" in text
    assert "Amelia K." in text
    assert "Late that day" in text
    assert 'href="/">Today' in text.replace("\n", "")


@pytest.mark.parametrize("day", ["2026-11-25", ""])
def test_a_future_day_counts_as_today(office: httpx.Client, day: str) -> None:
    assert "<h1>Today</h1>" in office.get("/", params={"day": day}).text


@pytest.mark.usefixtures("all_kinds")
def test_the_last_six_school_days_are_a_chart_and_a_table(register: Running, office: httpx.Client) -> None:
    bars = page(register).chart.bars
    assert [(bar.label, bar.late, bar.closed) for bar in bars] == [
        ("Tue", 0, 0),
        ("Wed", 0, 0),
        ("Thu", 0, 0),
        ("Fri", 0, 0),
        ("Mon", 0, 0),
        ("Today", 1, 1),
    ]
    text = office.get("/").text
    assert '<th scope="row" role="rowheader">Tuesday 24 November</th>' in text
    assert "style=" not in text.split("<main")[1]


def test_a_long_day_is_paged_newest_first(register: Running, kiosk: Kiosk, office: httpx.Client) -> None:
    on_time = {"outcome": "on_time", "code": None, "minutes_late": None}
    kiosk.send(
        *(
            entry(seq, at=f"2026-11-24T08:{seq // 60:02}:{seq % 60:02}Z", decision=on_time)
            for seq in range(1, PAGE + 3)
        )
    )
    text = office.get("/").text
    assert f"1 to {PAGE} of {PAGE + 2}, newest first" in text
    assert "08:00:02" not in text
    assert 'href="/?page=2" rel="next"' in text
    older = office.get("/?page=2").text
    assert f"{PAGE + 1} to {PAGE + 2} of {PAGE + 2}" in older
    assert ("08:00:02" in older, "08:00:01" in older, "08:00:03" in older) == (True, True, False)
    assert 'hx-get="/today/live?page=2"' in older
    assert "08:00:01" in office.get("/?page=99").text
    assert len(office.get("/today.csv").text.splitlines()) == PAGE + 2 + 1


def test_the_days_visits_are_followed_by_those_of_other_days_across_pages(
    register: Running, kiosk: Kiosk, office: httpx.Client
) -> None:
    on_time = {"outcome": "on_time", "code": None, "minutes_late": None}
    kiosk.send(
        entry(1, at="2026-11-23T09:12:00Z", date="2026-11-23"),
        *(
            entry(seq, at=f"2026-11-24T08:{seq // 60:02}:{seq % 60:02}Z", decision=on_time)
            for seq in range(2, PAGE + 3)
        ),
    )
    assert "for Monday 23 November" not in office.get("/").text
    older = office.get("/?page=2").text
    assert ("08:00:02" in older, "08:00:03" in older) == (True, False)
    assert "for Monday 23 November" in older


def test_kiosks_and_decisions_are_exported(office: httpx.Client, kiosk: Kiosk) -> None:
    undecided = {"outcome": "review", "code": None, "suggested": "/", "needs_office": True}
    kiosk.send(entry(decision=undecided))
    assert "Main reception,live,0" in office.get("/kiosks.csv").text
    assert "Amelia Kaur, 7B" in office.get("/needs.csv").text
