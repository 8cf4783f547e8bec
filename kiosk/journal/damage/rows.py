"""Rows of a damaged journal, checked and put in order. Pure.

An entry's text is what was recorded; the other columns repeat parts of it, so they are taken from it again.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeGuard
from uuid import UUID

from kiosk.journal.damage.records import RawRow, Value
from kiosk.journal.seals import is_intact, repaired
from sync.wire import Kind, Trust

STATES = ("waiting", "accepted", "review", "rejected")
_SETTLED = ("accepted", "review")
_ENROLMENT = 16
"""Characters of an enrolment's id (`kiosk.enrolment.enrolment_of`)."""


class SavedEntry(NamedTuple):
    """An entry that could be read, as the columns of its row."""

    seq: int
    id: str
    date: str
    body: str
    state: str
    detail: str | None
    committed_at: str
    settled_at: str | None
    doubted_in: str | None
    corrects: str | None
    voids: str | None
    enrolment: str | None

    @property
    def is_unsent(self) -> bool:
        """Whether it still has to reach the register or the office."""
        return self.state not in _SETTLED


class DamagedRow(NamedTuple):
    """A row that was found and cannot be trusted."""

    of: str
    """The table."""
    number: int
    data: bytes
    """What is left of it."""


def saved_entry(row: RawRow, journals: set[int], now: datetime) -> SavedEntry | None:
    """The entry in a raw row of `entries`; `None` if its text is not as it was recorded.

    Args:
        row: the row, with its columns in the order of the table.
        journals: the journal's number, or both if its two copies differ.
        now: for a settled entry of which the time is lost (aware, UTC).
    """
    values = [*row.values, *[None] * 8][:13]
    body = _sound_body(row, journals)
    if body is None:
        return None
    try:
        text = body.decode("utf-8")
        fields = json.loads(text)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    seq = fields.get("seq") if _is_number(fields.get("seq")) else row.rowid
    entry = _uuid(fields.get("id")) or _uuid(_text(values[1]))
    day = _date(fields.get("date")) or _date(_text(values[2]))
    if not _is_number(seq) or entry is None or day is None:
        return None
    state = next((each for each in STATES if each == _text(values[4])), "waiting")
    settled_at = _instant(values[7]) or (
        now.isoformat(timespec="milliseconds") if state in _SETTLED else None
    )
    return SavedEntry(
        seq=seq,
        id=entry,
        date=day,
        body=text,
        state=state,
        detail=_text(values[5]),
        committed_at=_instant(values[6]) or now.isoformat(timespec="milliseconds"),
        settled_at=settled_at if state != "waiting" else None,
        doubted_in=_doubted_in(fields),
        corrects=_uuid(fields.get("corrects")),
        voids=_uuid(fields.get("voids")),
        enrolment=next((found for value in values[8:] if (found := _enrolment(value))), None),
    )


def is_entry(row: RawRow) -> bool:
    """Whether a raw row has the form of a row of `entries`."""
    values = row.values
    return (
        len(values) >= 4
        and values[0] is None
        and isinstance(values[1], bytes)
        and isinstance(values[3], bytes)
        and values[3].startswith(b"{")
    )


def is_sealed(row: RawRow, journals: set[int], *, needs_seal: bool = False) -> bool:
    """Whether an entry's text is as it was recorded in one of the journals.

    Args:
        row: the row of `entries`, with its columns in the order of the table.
        journals: the numbers of the journal; none if they are not known.
        needs_seal: whether a row without a seal, of an older version, does not count.
    """
    body, sealed = row.values[3], _seal_of(row)
    if sealed is None or not journals:
        return not needs_seal
    return isinstance(body, bytes) and any(is_intact(sealed, each, body) for each in journals)


def _sound_body(row: RawRow, journals: set[int]) -> bytes | None:
    """The entry's text, with a flipped bit turned back; `None` if it is not as it was recorded."""
    body = row.values[3]
    if not isinstance(body, bytes):
        return None
    if is_sealed(row, journals):
        return body
    sealed = _seal_of(row)
    fixed = (repaired(body, sealed, each) for each in journals if sealed is not None)
    found = next((text for text in fixed if text is not None), None)
    if found is None and _is_hit_behind_its_text(row):
        return body
    return found


def _is_hit_behind_its_text(row: RawRow) -> bool:
    """Whether a record is damaged where its seal is: its state or time of commit is none."""
    state, committed_at = row.values[4], row.values[6] if len(row.values) > 6 else None
    return _text(state) not in STATES or _instant(committed_at) is None


def _seal_of(row: RawRow) -> int | None:
    """The seal, which is the only number behind the text; a zeroed one is none."""
    return next((value for value in row.values[8:] if isinstance(value, int)), None) or None


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 1 << 63


def _uuid(value: object) -> str | None:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def _date(value: object) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def _doubted_in(fields: dict[str, Any]) -> str | None:
    """The boot whose clock the entry's time must be corrected with (`Journal.untrusted_entries`)."""
    clock = fields.get("clock")
    if not isinstance(clock, dict) or clock.get("trust") != Trust.UNKNOWN or fields.get("kind") == Kind.VOID:
        return None
    return str(clock.get("boot_id"))


def _text(value: Value) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else None


def _instant(value: Value) -> str | None:
    text = _text(value)
    try:
        return text if text and datetime.fromisoformat(text).astimezone(UTC) else None
    except (ValueError, OverflowError):
        return None


def _enrolment(value: Value) -> str | None:
    text = _text(value)
    is_one = text is not None and len(text) == _ENROLMENT and set(text) <= set("0123456789abcdef")
    return text if is_one else None


def ranges(numbers: set[int]) -> list[tuple[int, int]]:
    """The numbers as first and last of each run, in order."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def row_data(values: Sequence[Value | str]) -> bytes:
    """What is left of a row, to be kept: its values one after the other."""
    parts: list[Any] = [value if isinstance(value, bytes) else str(value).encode() for value in values]
    return b"\x1f".join(parts)
