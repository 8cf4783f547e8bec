"""What the Today page says, as data; the browser's tests show that it is drawn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sync.register.marks import Place, amend_mark
from sync.register.office.today import Today, today
from sync.register.storage.models import SchoolRow
from tests.register.support import (
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
            ("09:07:42", "Maja W.", "9A", "M", "—", "Medical, agreed", "in the register"),
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
            ("09:07:42", "Amelia K.", "7B", "—", "—", "School transport", "needs the office: mark present?"),
        ),
        (
            entry(reason="medical", decision={**U, "suggested": "M", "needs_office": True}),
            (
                "09:07:42",
                "Amelia K.",
                "7B",
                "U",
                "After close",
                "Medical",
                "needs the office: M instead of U?",
            ),
        ),
        (
            entry(pupil="P999"),
            ("09:07:42", "Not on the roll", "—", "L", "22 min", "Overslept", "needs the office: who is it?"),
        ),
        (
            entry(at="1970-01-01T00:01:00Z", date="1970-01-01", clock={"trust": "unknown"}),
            ("09:33:00", "Amelia K.", "7B", "L", "22 min", "Overslept", "needs the office: time not certain"),
        ),
    ],
)
def test_a_visit_is_told_in_words(
    register: Running, kiosk: Kiosk, sent: dict[str, Any], shown: tuple[str, ...]
) -> None:
    kiosk.send(sent)
    assert only_row(register) == shown


def test_times_are_the_schools_in_summer_too(register: Running, clock: Clock, kiosk: Kiosk) -> None:
    clock.instant = datetime(2026, 6, 30, 8, 33, tzinfo=UTC)
    kiosk.send(entry(at="2026-06-30T08:07:42.120Z", date="2026-06-30"))
    assert only_row(register)[0] == "09:07:42"
    assert f"{page(register).now:%H:%M}" == "09:33"


def test_a_conflict_says_what_the_register_has(register: Running, kiosk: Kiosk, clock: Clock) -> None:
    amend(register, "/")
    kiosk.send(entry())
    assert only_row(register)[-1] == "register already says /"
    assert page(register).needs_office_of == ["1 conflict"]


def test_a_mark_changed_since_and_one_taken_back_are_not_said_to_be_in_the_register(
    register: Running, kiosk: Kiosk
) -> None:
    sent, other = entry(1), entry(2, pupil="P2")
    kiosk.send(sent, other, void(other, 3))
    amend(register, "M")
    assert {row.name: row.state for row in page(register).rows} == {
        "Amelia K.": "register now says M",
        "Leo P.": "taken back",
    }


def amend(register: Running, code: str) -> None:
    with register.database.write() as session:
        place = Place("oak-lane", "P1", TUESDAY, "AM")
        amend_mark(
            session, place, code, at=register.clock(), reason="seen", name="T. Teacher", position="Teacher"
        )


def test_the_newest_visit_is_first_and_yesterdays_are_not_there(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.send(
        entry(1, at="2026-11-24T09:01:00Z"),
        entry(2, pupil="P2", at="2026-11-24T09:20:00Z", decision=U),
        entry(3, pupil="P3", at="2026-11-24T09:10:00Z"),
    )
    assert [row.name for row in page(register).rows] == ["Leo P.", "Yusuf A.", "Amelia K."]
    assert (page(register).late_l, page(register).late_u) == (2, 1)
    clock.forward(days=1)
    assert (page(register).rows, page(register).late_l) == ([], 0)


def test_an_entry_that_needs_the_office_twice_is_one_thing_to_look_at(
    register: Running, kiosk: Kiosk
) -> None:
    kiosk.send(entry(pupil="P999", clock={"trust": "unknown"}))
    assert (page(register).needs_office, page(register).needs_office_of) == (1, ["1 unknown pupil"])


def test_what_belongs_to_no_visit_is_told_beside_the_list(register: Running, kiosk: Kiosk) -> None:
    kiosk.send(entry(1), entry(5, pupil="P2"))
    assert page(register).notices == [
        "Main reception: entries 2 to 4 have not arrived, though later ones have. Is its queue empty?"
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


def test_what_waits_on_a_kiosk_is_counted_from_its_heartbeat(
    register: Running, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.post("/heartbeat", heartbeat(waiting=3, last_seq=3))
    (waiting,) = page(register).waiting_kiosks
    assert (waiting.waiting, waiting.oldest, waiting.oldest_ago) == (3, "09:29", "4 min")


def test_what_has_come_since_the_heartbeat_does_not_wait_any_more(
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
    ("readers", "said"),
    [
        ({}, "no card reader"),
        ({"front": "lost"}, "reader lost"),
        ({"b": "ready", "a": "lost"}, "reader a lost, b ready"),
    ],
)
def test_a_kiosks_reader_is_told(register: Running, kiosk: Kiosk, readers: dict[str, str], said: str) -> None:
    kiosk.post("/heartbeat", heartbeat(readers=readers))
    assert page(register).kiosks[0].reader_said == said


@pytest.fixture
def html(register: Running) -> Iterator[Any]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as browser:
        browser.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield lambda: browser.get("/").text


def test_an_empty_day_is_told_in_words(html: Any) -> None:
    text = html()
    assert "Nobody has signed in today yet." in text
    assert "No kiosk has been enrolled yet." in text
    assert "Hold first-day calls" not in text


def test_the_office_is_told_to_hold_its_calls_while_a_kiosk_is_silent_or_has_a_queue(
    register: Running, kiosk: Kiosk, clock: Clock, html: Any
) -> None:
    kiosk.post("/heartbeat", heartbeat())
    assert "Hold first-day calls" not in html()
    kiosk.post("/heartbeat", heartbeat(waiting=1, last_seq=1))
    assert "Main reception still has 1 sign-in to send." in html()
    kiosk.post("/heartbeat", heartbeat())
    clock.instant += timedelta(seconds=91)
    assert "Main reception last reached the register at 09:33" in html()


def test_a_name_is_shown_as_text_whatever_is_in_it(register: Running, html: Any) -> None:
    register.enrol("<script>alert(1)</script>")
    assert "<script>alert" not in html()
    assert "&lt;script&gt;alert(1)" in html()
