"""What is written to the journal's tables. Called on the writer thread, which owns the connection.

Each function is one transaction: on the disk when it returns, and rolled back when it raises `sqlite3.Error`.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlite_utils import Database

from hardware.clock.clock import TRUST_LOST, KnownTime
from kiosk.journal.reads import StoredTap
from kiosk.journal.seals import seal
from kiosk.journal.transactions import number_of, transaction
from sync.wire import Bundle, Entry, EntryResult, EntryStatus, Kind, Trust

_STATE_OF = {
    EntryStatus.ACCEPTED: "accepted",
    EntryStatus.DUPLICATE: "accepted",
    EntryStatus.REVIEW: "review",
    EntryStatus.REJECTED: "rejected",
}


TAP_COLUMNS = "id, pupil, at, trust, boot_id, monotonic_ns, unlisted, brought_by"
"""What a tap's seal is of."""


def commit(db: Database, entry_with: Callable[[int], Entry], now: Callable[[], datetime]) -> Entry:
    """Store the entry that `entry_with` makes for the next `seq`, in the place of its tap."""
    with transaction(db):
        [seq] = db.execute("UPDATE counter SET last_seq = last_seq + 1 RETURNING last_seq").fetchone()
        entry = entry_with(seq)
        body = entry.model_dump_json()
        db.execute(
            "INSERT INTO entries (seq, id, date, body, committed_at, doubted_in, corrects, voids, seal)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                seq,
                str(entry.id),
                entry.date.isoformat(),
                body,
                _text(now()),
                entry.clock.boot_id if _awaits_correction(entry) else None,
                str(entry.corrects) if entry.corrects else None,
                str(entry.voids) if entry.voids else None,
                seal(number_of(db), body),
            ],
        )
        db.execute("DELETE FROM taps WHERE id = ?", [str(entry.id)])
    return entry


def keep_tap(db: Database, tap: StoredTap) -> None:
    """Store a tap, or what was typed for it since. Tried again, it may have become an entry meanwhile."""
    at, trust, boot_id, monotonic_ns = tap.reading
    unlisted = tap.unlisted.model_dump_json() if tap.unlisted else None
    with transaction(db):
        db.execute(
            f"INSERT INTO taps ({TAP_COLUMNS}) SELECT ?, ?, ?, ?, ?, ?, ?, ?"  # noqa: S608  ours
            " WHERE NOT EXISTS (SELECT 1 FROM entries WHERE id = ?1)"
            " ON CONFLICT (id) DO UPDATE"
            " SET unlisted = excluded.unlisted, brought_by = excluded.brought_by",
            [
                *(str(tap.id), tap.pupil, at.astimezone(UTC).isoformat(), trust, boot_id, monotonic_ns),
                *(unlisted, tap.brought_by),
            ],
        )
        stored = db.execute(f"SELECT {TAP_COLUMNS} FROM taps WHERE id = ?", [str(tap.id)]).fetchone()  # noqa: S608
        if stored is not None:
            sealed = seal(number_of(db), *stored)
            db.execute("UPDATE taps SET seal = ? WHERE id = ?", [sealed, str(tap.id)])


def drop_tap(db: Database, tap: UUID) -> None:
    """Delete a tap."""
    with transaction(db):
        db.execute("DELETE FROM taps WHERE id = ?", [str(tap)])


def try_write(db: Database) -> None:
    """Write, and change nothing that counts."""
    with transaction(db):
        pass


def settle(db: Database, results: Sequence[EntryResult], enrolment: str, now: datetime) -> None:
    """Store the register's answers."""
    with transaction(db):
        for result in results:
            db.execute(
                "UPDATE entries SET state = ?, detail = ?, settled_at = ?, enrolment = ?"
                " WHERE id = ? AND state = 'waiting'",
                [_STATE_OF[result.status], result.detail, _text(now), enrolment, result.id],
            )


def send_again(db: Database, numbers: Sequence[tuple[int, int]], enrolment: str) -> list[str]:
    """Queue accepted entries again; returns their ids."""
    with transaction(db):
        return [
            entry
            for first, last in numbers
            for (entry,) in db.execute(
                "UPDATE entries SET state = 'waiting', detail = NULL, settled_at = NULL"
                " WHERE seq BETWEEN ? AND ? AND state IN ('accepted', 'review') AND enrolment = ?"
                " RETURNING id",
                [first, last, enrolment],
            ).fetchall()
        ]


def retry(db: Database, ids: Sequence[str]) -> int:
    """Queue rejected entries again; returns their number."""
    with transaction(db):
        return sum(
            db.execute(
                "UPDATE entries SET state = 'waiting', detail = NULL, settled_at = NULL"
                " WHERE id = ? AND state = 'rejected'",
                [entry],
            ).rowcount
            for entry in ids
        )


def keep_bundle(db: Database, bundle: Bundle, etag: str, now: datetime) -> None:
    """Replace the stored bundle."""
    body = bundle.model_dump_json()
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO bundle (one, etag, body, received_at, seal) VALUES (1, ?, ?, ?, ?)",
            [etag, body, _text(now), seal(number_of(db), etag, body)],
        )


def keep_known_time(db: Database, known: KnownTime) -> None:
    """Store the instant at which the clock was last trusted."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO known_time VALUES (1, ?, ?, ?)",
            [_text(known.at), known.monotonic_ns, known.boot_id],
        )


def doubt_known_time(db: Database) -> None:
    """Withdraw the trust of the stored time."""
    with transaction(db):
        db.execute("UPDATE known_time SET boot_id = ?", [TRUST_LOST])


def keep_pin_tries(db: Database, wrong: int, at_ns: int, boot_id: str) -> None:
    """Store the PIN tries."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO pin_tries VALUES (1, ?, ?, ?)", [wrong, at_ns, boot_id])


def purge(db: Database, boot_id: str, before: datetime) -> int:
    """Delete entries that were settled before an instant, but for those of this boot whose time is still to
    be corrected; returns their number. The numbers that they had are accounted for."""
    with transaction(db):
        purged = db.execute(
            "DELETE FROM entries WHERE state IN ('accepted', 'review') AND settled_at < ?"
            " AND (doubted_in IS NULL OR doubted_in <> ?"
            " OR id IN (SELECT corrects FROM entries WHERE corrects IS NOT NULL)) RETURNING seq",
            [_text(before), boot_id],
        ).fetchall()
        highest = max((seq for (seq,) in purged), default=0)
        db.execute("UPDATE counter SET accounted = max(accounted, ?)", [highest])
    return len(purged)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _awaits_correction(entry: Entry) -> bool:
    """Whether the entry's time must be corrected once the clock is right. A void's time is never used."""
    return entry.clock.trust is Trust.UNKNOWN and entry.kind is not Kind.VOID
