import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from hardware.clock.clock import KnownTime
from kiosk.journal.journal import KEEP_SETTLED, Journal, JournalRecord
from sync.wire import Bundle, ClockReading, Entry, EntryDecision, EntryResult, EntryStatus, Kind, Trust
from tests.kiosk.reception import TUESDAY, HandClock, bundle, london

OURS, ANOTHER = "0f" * 8, "1e" * 8


@pytest.fixture
def clock() -> HandClock:
    return HandClock(london("09:07"))


@pytest.fixture
def journal(tmp_path: Path, clock: HandClock) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db", clock.now)
    yield journal
    journal.close()


def entry_with(
    seq: int, entry_id: UUID | None = None, at: datetime | None = None, corrects: UUID | None = None
) -> Entry:
    return Entry(
        id=entry_id or uuid4(),
        seq=seq,
        kind=Kind.ARRIVAL,
        pupil="P1",
        at=at or london("09:07"),
        corrects=corrects,
        date=TUESDAY,
        session="AM",
        decision=EntryDecision(outcome="late", code="L", policy="p", policy_version="v"),
        clock=ClockReading(trust=Trust.SYNCED, boot_id="b", monotonic_ns=1),
    )


def settle(
    journal: Journal, entry: Entry, status: EntryStatus = EntryStatus.ACCEPTED, detail: str | None = None
) -> None:
    journal.settle([EntryResult(id=str(entry.id), status=status, detail=detail)], OURS).result()


def record(journal: Journal, entry: Entry) -> JournalRecord:
    """The entry as the journal has it."""
    found = journal.find(entry.id).result()
    assert found is not None
    return found


def test_seq_counts_without_gaps_over_a_failed_commit_and_a_restart(tmp_path: Path, clock: HandClock) -> None:
    first = Journal(tmp_path / "journal.db", clock.now)
    assert first.commit(entry_with).result().seq == 1

    def broken(seq: int) -> Entry:
        raise ValueError("no entry")

    with pytest.raises(ValueError, match="no entry"):
        first.commit(broken).result()
    assert first.commit(entry_with).result().seq == 2
    first.close()
    again = Journal(tmp_path / "journal.db", clock.now)
    assert again.commit(entry_with).result().seq == 3
    again.close()


def test_seq_continues_after_settled_entries_are_purged(journal: Journal, clock: HandClock) -> None:
    old = journal.commit(entry_with).result()
    settle(journal, old)
    clock.passes((KEEP_SETTLED + timedelta(hours=1)).total_seconds())
    assert journal.purge("boot").result() == 1
    assert journal.commit(entry_with).result().seq == 2


def test_waiting_and_rejected_entries_are_never_purged(journal: Journal, clock: HandClock) -> None:
    waiting, rejected = journal.commit(entry_with).result(), journal.commit(entry_with).result()
    settle(journal, rejected, EntryStatus.REJECTED, "pupil: missing")
    clock.passes(400 * 86400)
    assert journal.purge("boot").result() == 0
    assert record(journal, waiting).state == "waiting"
    assert journal.find(rejected.id).result() == (rejected, "rejected", "pupil: missing")


def test_an_entry_waits_from_its_commit_until_it_is_settled(journal: Journal) -> None:
    entry = journal.commit(entry_with).result()
    assert journal.waiting(10).result() == [(str(entry.id), entry.model_dump_json())]
    settle(journal, entry, EntryStatus.DUPLICATE)
    assert journal.waiting(10).result() == []
    assert record(journal, entry).state == "accepted"


def test_a_rejected_entry_is_not_sent_again_and_counts_as_a_dead_letter(journal: Journal) -> None:
    entry = journal.commit(entry_with).result()
    settle(journal, entry, EntryStatus.REJECTED, "why")
    assert journal.waiting(10).result() == []
    assert journal.state().result().queue.dead == 1


def test_the_queue_has_the_number_and_age_of_waiting_entries(journal: Journal) -> None:
    journal.commit(entry_with).result()
    journal.commit(entry_with).result()
    state = journal.state().result()
    assert (state.queue.waiting, state.queue.oldest_at, state.last_seq) == (2, london("09:07"), 2)


def test_a_duplicate_id_is_refused_and_changes_nothing(journal: Journal) -> None:
    entry = journal.commit(entry_with).result()
    with pytest.raises(sqlite3.IntegrityError):
        journal.commit(lambda seq: entry_with(seq, entry.id)).result()
    assert journal.state().result().last_seq == 1


def test_every_commit_is_forced_to_the_disk(tmp_path: Path, journal: Journal) -> None:
    """WAL and synchronous=FULL (2): with NORMAL a committed sign-in may be lost at a power cut."""
    assert journal._writer.submit(lambda: journal._db.execute("PRAGMA synchronous").fetchone()).result() == (
        2,
    )
    assert journal._writer.submit(lambda: journal._db.execute("PRAGMA journal_mode").fetchone()).result() == (
        "wal",
    )


def test_a_commit_survives_a_process_that_is_killed_right_after_it(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from hardware.clock.clock import KnownTime
from kiosk.journal.journal import Journal
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import london
journal = Journal(Path(sys.argv[1]), lambda: london("09:07"))
Path(sys.argv[2]).write_text(str(journal.commit(entry_with).result().id))
os.kill(os.getpid(), signal.SIGKILL)
"""
    committed = tmp_path / "committed"
    command = [sys.executable, "-c", program, str(tmp_path / "journal.db"), str(committed)]
    killed = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    assert killed.returncode == -9
    journal = Journal(tmp_path / "journal.db", lambda: london("09:08"))
    assert [entry_id for entry_id, _ in journal.waiting(10).result()] == [committed.read_text()]
    journal.close()


def test_an_entry_and_a_bundle_from_another_version_are_skipped_and_kept(
    tmp_path: Path, journal: Journal
) -> None:
    entry = journal.commit(entry_with).result()
    journal.keep_bundle(bundle(), "v1").result()

    def write_as_another_version() -> None:
        journal._db.execute("UPDATE bundle SET body = '{\"version\": 7}'")
        journal._db.execute('UPDATE entries SET body = \'{"kind": "of tomorrow"}\'')
        journal._db.conn.commit()

    journal._writer.submit(write_as_another_version).result()
    assert journal.bundle().result() is None
    assert journal.on(TUESDAY).result() == []
    assert [entry_id for entry_id, _ in journal.waiting(9).result()] == [str(entry.id)]
    assert journal.state().result().queue.waiting == 1


def test_a_failure_after_the_commit_does_not_make_the_entry_look_unrecorded(journal: Journal) -> None:
    def broken() -> None:
        raise OSError(28, "No space left on device")

    journal.on_commit = broken
    assert journal.commit(entry_with).result().seq == 1


def test_a_file_that_cannot_be_opened_is_an_error_at_once(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "state").touch()  # a file where the folder should be
    with pytest.raises((sqlite3.Error, OSError)):
        Journal(tmp_path / "state" / "journal.db", clock.now)


def test_the_bundle_is_replaced_whole(journal: Journal) -> None:
    assert journal.bundle().result() is None
    journal.keep_bundle(bundle(), '"v1"').result()
    newer = Bundle.model_validate({**bundle().model_dump(), "version": "v2", "pupils": []})
    journal.keep_bundle(newer, '"v2"').result()
    stored = journal.bundle().result()
    assert stored is not None
    assert (stored.bundle, stored.etag) == (newer, '"v2"')


def test_only_its_owner_can_read_the_file(tmp_path: Path, journal: Journal) -> None:
    journal.commit(entry_with).result()
    files = list(tmp_path.glob("journal.db*"))
    assert len(files) == 3, "the file, its -wal and its -shm"
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []


def untrusted_entry(seq: int, **more: object) -> Entry:
    entry = entry_with(seq)
    return entry.model_copy(
        update={"clock": ClockReading(trust=Trust.UNKNOWN, boot_id="b", monotonic_ns=1), **more}
    )


def test_untrusted_entries_of_this_boot_wait_until_they_are_corrected(journal: Journal) -> None:
    doubted = journal.commit(untrusted_entry).result()
    journal.commit(entry_with).result()
    assert journal.untrusted_entries("another boot").result() == []
    assert journal.untrusted_entries("b").result() == [doubted]
    journal.commit(lambda seq: entry_with(seq).model_copy(update={"corrects": doubted.id})).result()
    assert journal.untrusted_entries("b").result() == []
    assert record(journal, doubted).entry == doubted, "the first entry is kept"


def test_an_untrusted_time_does_not_count_as_the_newest(journal: Journal) -> None:
    journal.commit(entry_with).result()
    journal.commit(lambda seq: untrusted_entry(seq, at=london("2038-01-19T03:14"))).result()
    assert journal.newest_trusted().result() == london("09:07")


def test_the_known_time_is_stored(journal: Journal) -> None:
    assert journal.known_time().result() is None
    known = KnownTime(london("09:07"), 123, "b")
    journal.keep_known_time(known).result()
    assert journal.known_time().result() == known


def test_an_entry_that_awaits_correction_is_not_purged(journal: Journal, clock: HandClock) -> None:
    doubted = journal.commit(untrusted_entry).result()
    settle(journal, doubted, EntryStatus.REVIEW)
    clock.passes(30 * 86400)
    assert journal.purge("b").result() == 0
    assert journal.untrusted_entries("b").result() == [doubted]
    assert journal.purge("the next boot").result() == 1


def test_a_known_time_in_doubt_loses_its_boot_and_stays_a_lower_bound(
    journal: Journal,
) -> None:
    journal.keep_known_time(KnownTime(london("09:07"), 123, "b")).result()
    journal.doubt_known_time().result()
    assert journal.known_time().result() == KnownTime(london("09:07"), 123, "")


def test_an_entry_far_ahead_of_a_later_one_is_not_the_newest(
    journal: Journal,
) -> None:
    for at in ("09:00", "2038-01-19T03:14", "09:07", "09:06"):
        journal.commit(partial(entry_with, at=london(at))).result()
    assert journal.newest_trusted().result() == london("09:07")


def test_a_correction_of_an_old_entry_does_not_disprove_earlier_entries(journal: Journal) -> None:
    first = journal.commit(untrusted_entry).result()
    journal.commit(partial(entry_with, at=london("2026-11-27T09:07"))).result()
    journal.commit(partial(entry_with, corrects=first.id)).result()
    assert journal.newest_trusted().result() == london("2026-11-27T09:07")


def test_entries_that_a_register_accepted_and_lost_are_queued_again(journal: Journal) -> None:
    accepted, review, rejected, after = [journal.commit(entry_with).result() for _ in range(4)]
    settle(journal, accepted)
    settle(journal, review, EntryStatus.REVIEW, "conflict")
    settle(journal, rejected, EntryStatus.REJECTED, "pupil: missing")
    settle(journal, after)
    again = [str(accepted.id), str(review.id)]
    assert journal.send_again([(1, 1), (2, 3), (7, 9)], OURS).result() == again
    assert [entry for entry, _ in journal.waiting(10).result()] == again
    assert record(journal, rejected).detail == "pupil: missing"
    assert journal.send_again([(1, 3)], OURS).result() == []  # they are queued already
    settle(journal, accepted)
    assert journal.send_again([(1, 1)], OURS).result() == [str(accepted.id)]


def test_another_register_is_not_sent_entries_that_the_previous_one_accepted(journal: Journal) -> None:
    settle(journal, journal.commit(entry_with).result())
    assert journal.send_again([(1, 1)], ANOTHER).result() == []
    assert journal.waiting(10).result() == []
