"""Requests for release in the journal: kept, replaced, forgotten, in the order in which they were made."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from kiosk.journal.journal import Journal

FIRST, SECOND = UUID("019ab4d6-7c00-7000-8000-000000000001"), UUID("019ab4d6-7c01-7000-8000-000000000000")


def test_a_request_survives_a_restart_until_it_is_forgotten(tmp_path: Path) -> None:
    def opened() -> Journal:
        return Journal(tmp_path / "journal.db", lambda: datetime(2026, 11, 24, tzinfo=UTC))

    journal = opened()
    journal.keep_request(SECOND, "second").result(5)
    journal.keep_request(FIRST, "first").result(5)
    journal.keep_request(SECOND, "second, answered in part").result(5)
    journal.close()
    journal = opened()
    assert journal.requests().result(5) == ["first", "second, answered in part"]
    journal.forget_request(FIRST).result(5)
    journal.forget_request(FIRST).result(5)
    assert journal.requests().result(5) == ["second, answered in part"]
    journal.close()
