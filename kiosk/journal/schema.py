"""The journal's tables, as migrations that are applied in order, once each.

A journal stores the names of its migrations, so they must never change.
"""

import secrets

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk.journal.seals import seal

migrations = Migrations("journal")


@migrations()
def entries_and_bundle(db: Database) -> None:
    """An entry and its place in the outbox are one row; `seq` continues after entries are purged."""
    db.conn.execute(
        """
        CREATE TABLE entries (
            seq          INTEGER PRIMARY KEY,
            id           TEXT NOT NULL UNIQUE,
            date         TEXT NOT NULL,
            body         TEXT NOT NULL,
            state        TEXT NOT NULL DEFAULT 'waiting'
                         CHECK (state IN ('waiting', 'accepted', 'review', 'rejected')),
            detail       TEXT,
            committed_at TEXT NOT NULL,
            settled_at   TEXT
        ) STRICT
        """
    )
    db.conn.execute("CREATE INDEX entries_outbox ON entries (state, seq)")
    db.conn.execute("CREATE INDEX entries_by_date ON entries (date)")
    db.conn.execute("CREATE TABLE counter (last_seq INTEGER NOT NULL) STRICT")
    db.conn.execute("INSERT INTO counter VALUES (0)")
    db.conn.execute(
        """
        CREATE TABLE bundle (
            one         INTEGER PRIMARY KEY CHECK (one = 1),
            etag        TEXT NOT NULL,
            body        TEXT NOT NULL,
            received_at TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def the_time_known_last(db: Database) -> None:
    """The last trusted time, and the boot of entries whose untrusted time awaits correction."""
    db.conn.execute(
        """
        CREATE TABLE known_time (
            one          INTEGER PRIMARY KEY CHECK (one = 1),
            at           TEXT NOT NULL,
            monotonic_ns INTEGER NOT NULL,
            boot_id      TEXT NOT NULL
        ) STRICT
        """
    )
    db.conn.execute("ALTER TABLE entries ADD COLUMN doubted_in TEXT")  # boot id of an untrusted time
    db.conn.execute("ALTER TABLE entries ADD COLUMN corrects TEXT")
    db.conn.execute("CREATE INDEX entries_doubted ON entries (doubted_in) WHERE doubted_in IS NOT NULL")


@migrations()
def what_is_taken_back_and_pins_that_were_tried(db: Database) -> None:
    """The entry that a void undoes, and the number of wrong PINs, which must survive a restart."""
    db.conn.execute("ALTER TABLE entries ADD COLUMN voids TEXT")
    db.conn.execute(
        """
        CREATE TABLE pin_tries (
            one     INTEGER PRIMARY KEY CHECK (one = 1),
            wrong   INTEGER NOT NULL,
            at_ns   INTEGER NOT NULL,
            boot_id TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def under_which_enrolment(db: Database) -> None:
    """The enrolment under which an entry was settled: only that register may request the entry again."""
    db.conn.execute("ALTER TABLE entries ADD COLUMN enrolment TEXT")


@migrations()
def taps_that_are_no_entry_yet(db: Database) -> None:
    """The card of a pupil who has not been signed in yet. The entry takes the tap's id and its place."""
    db.conn.execute(
        """
        CREATE TABLE taps (
            id           TEXT PRIMARY KEY,
            pupil        TEXT NOT NULL,
            at           TEXT NOT NULL,
            trust        TEXT NOT NULL,
            boot_id      TEXT NOT NULL,
            monotonic_ns INTEGER NOT NULL
        ) STRICT
        """
    )


@migrations()
def requests_that_wait(db: Database) -> None:
    """The requests for release that wait for the office, which a restart takes up again."""
    db.conn.execute("CREATE TABLE requests (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT")


@migrations()
def pupils_who_typed_their_names(db: Database) -> None:
    """A tap may be the confirmed name of a pupil who is not on the roster, and has the adult who came."""
    db.conn.execute("ALTER TABLE taps ADD COLUMN unlisted TEXT")  # a `sync.wire.Unlisted` as JSON
    db.conn.execute("ALTER TABLE taps ADD COLUMN brought_by TEXT")


@migrations()
def seals_marks_and_what_was_put_aside(db: Database) -> None:
    """Seals beside the rows (`kiosk.journal.seals`), the journal's number and marks (`.damage.identity`), and
    what became of a damaged journal (`.told`)."""
    for name in ("journal", "mark", "before"):
        db.conn.execute(f"ALTER TABLE counter ADD COLUMN {name} INTEGER")
    # Numbers up to this one that have no row are accounted for: purged, or told as missing.
    db.conn.execute("ALTER TABLE counter ADD COLUMN accounted INTEGER NOT NULL DEFAULT 0")
    for table in ("entries", "bundle", "taps", "requests"):
        db.conn.execute(f"ALTER TABLE {table} ADD COLUMN seal INTEGER")
    # Another version of Latebook that changes a text knows nothing of seals.
    db.conn.execute(
        "CREATE TRIGGER entries_unsealed AFTER UPDATE OF body ON entries"
        " BEGIN UPDATE entries SET seal = NULL WHERE seq = new.seq; END"
    )
    db.conn.execute(
        """
        CREATE TABLE salvages (
            number     INTEGER PRIMARY KEY,
            at         TEXT NOT NULL,
            put_aside  TEXT NOT NULL,
            saved      INTEGER NOT NULL,
            unreadable INTEGER NOT NULL,
            missing    TEXT NOT NULL
        ) STRICT
        """
    )
    db.conn.execute(
        "CREATE TABLE damaged_rows (one INTEGER PRIMARY KEY, of TEXT, number INTEGER, data BLOB) STRICT"
    )
    number = secrets.randbits(31) | 1
    db.conn.execute(f"PRAGMA application_id = {number:d}")
    used = {seq for (seq,) in db.conn.execute("SELECT seq FROM entries")}
    [last_seq] = db.conn.execute("SELECT last_seq FROM counter").fetchone()
    accounted = next((seq for seq in range(last_seq, 0, -1) if seq not in used), 0)
    db.conn.execute(
        "UPDATE counter SET journal = ?, mark = random(), before = 0, accounted = ?", [number, accounted]
    )
    for seq, body in db.conn.execute("SELECT seq, CAST(body AS BLOB) FROM entries").fetchall():
        db.conn.execute("UPDATE entries SET seal = ? WHERE seq = ?", [seal(number, body), seq])
