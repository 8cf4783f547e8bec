"""A kiosk process without a window: the product's clock, journal, desk and uplink.

Lines on standard input name the pupils to sign in. Standard output has the events that a screen would show:
`touched` with the time of the sign-in, before anything is written, and `confirmed` in place of “done”.
Only the uplink's jitter differs: its waits are short, so that a thousand faults fit into a quarter of an
hour.
"""

import queue
import random
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from uuid6 import uuid7

from attendance.calendar import wall_time
from attendance.reasons import Reason
from hardware.clock.clock import SystemClock
from kiosk.app.outbox import JournalOutbox
from kiosk.desk import Desk, SignIn
from kiosk.enrolment import enrolment_of, read_token
from kiosk.journal.journal import Journal
from kiosk.school.school import School
from sync import logs
from sync.uplink.http import RegisterClient
from sync.uplink.uplink import Uplink

WAIT_MOST_S = 0.25


class ShortWaits(random.SystemRandom):
    """Jitter within a quarter of a second."""

    def uniform(self, a: float, b: float) -> float:
        return super().uniform(min(a, WAIT_MOST_S), min(b, WAIT_MOST_S))


def main(state: Path, url: str, offset_s: float) -> None:
    """Run until standard input ends."""
    logs.configure()
    offset = timedelta(seconds=offset_s)
    todo: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    journal = Journal(state / "journal.db", lambda: datetime.now(UTC) + offset)
    clock = SystemClock(newest=journal.newest_trusted().result(), offset=offset)
    desk = Desk(journal, clock, uuid7, todo.put)
    stored = journal.bundle().result()
    token = read_token(state)
    uplink = Uplink(
        RegisterClient(url),
        token,
        JournalOutbox(
            journal,
            clock,
            dict,
            lambda school: todo.put(lambda: ready(school)),
            stored.etag if stored else None,
            enrolment=enrolment_of(token),
        ),
        on_state=lambda _state: None,
        on_settled=lambda _results: None,
        on_server_time=lambda _time: None,
        rng=ShortWaits(),
        monotonic=time.monotonic,
    )
    journal.on_commit = uplink.wake

    def ready(school: School) -> None:
        today = journal.on(wall_time(clock.now(), school.zone).date()).result()
        desk.open(school, today)
        say("ready")

    def sign_in(pupil_id: str) -> None:
        school = desk.school
        pupil = school.roster.by_id(pupil_id) if school else None
        assert pupil is not None
        reading = clock.reading()
        say("touched", pupil.id, reading.at.isoformat())
        desk.sign_in(pupil, reading, Reason.OVERSLEPT, on_saved=report_confirmed, on_failed=report_failed)

    def listen() -> None:
        for line in sys.stdin:
            command, _, pupil_id = line.strip().partition(" ")
            if command == "sign-in":
                todo.put(partial(sign_in, pupil_id))
            elif command == "queue":
                todo.put(lambda: say("waiting", str(journal.state().result().queue.waiting)))
        todo.put(None)

    if stored is not None:
        ready(School.of(stored.bundle))
    threading.Thread(target=listen, daemon=True).start()
    uplink.start()
    while (do := todo.get()) is not None:
        do()
    uplink.stop()
    journal.close()


def report_confirmed(sign_in: SignIn) -> None:
    """Stands in for the “done” screen."""
    say("confirmed", str(sign_in.entry), sign_in.pupil.id, sign_in.reading.at.isoformat())


def report_failed(error: BaseException) -> None:
    """Stands in for the “not saved” screen."""
    say("failed", type(error).__name__)


def say(*words: str) -> None:
    """Write a line and flush it before anything else happens."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
