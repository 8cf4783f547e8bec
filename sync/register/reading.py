"""Reading a batch: the text of each entry exactly as it was sent, and what it means."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from pydantic import ValidationError

from sync.wire import Entry

MOST_SEQ = 2**63 - 1
"""The largest whole number that every database can keep."""
MOST_MINUTES = 24 * 60


class NotABatchError(ValueError):
    """The body is not `{"entries": […]}` in JSON."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry that cannot be understood. `field` is the first field that is at fault, dotted."""

    id: str | None
    field: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class Read:
    """An entry, its text as it was sent, and its id as it was written there."""

    id: str
    entry: Entry
    raw: str


def split(body: bytes) -> list[str]:
    """The JSON text of each entry in the body of `POST /entries`, character for character.

    Raises:
        NotABatchError: the body is not JSON, or not an object with a list of `entries`.
    """
    try:
        text = body.decode("utf-8")
        json.loads(text, parse_constant=_refuse_constant)  # the scanner below trusts it to be JSON
        return _Scanner(text).entries()
    except UnicodeDecodeError as error:
        raise NotABatchError("the body is not UTF-8") from error
    except (ValueError, IndexError, RecursionError) as error:
        raise NotABatchError('the body must be JSON: {"entries": [entry, …]}') from error


class _Scanner:
    """Finds the entries' slices. The values in between are read by the standard decoder."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._decoder = json.JSONDecoder()

    def entries(self) -> list[str]:
        found: list[str] | None = None
        self._expect("{")
        while not self._taken("}"):
            key = self._value()
            self._expect(":")
            if key == "entries":
                found = self._slices()
            else:
                self._value()
            if not self._taken(","):
                self._expect("}")
                break
        self._blank()
        if found is None or self._at != len(self._text):
            raise ValueError
        return found

    def _slices(self) -> list[str]:
        slices: list[str] = []
        self._expect("[")
        while not self._taken("]"):
            self._blank()
            start = self._at
            self._value()
            slices.append(self._text[start : self._at])
            if not self._taken(","):
                self._expect("]")
                break
        return slices

    def _value(self) -> Any:
        self._blank()
        value, self._at = self._decoder.raw_decode(self._text, self._at)
        return value

    def _blank(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
            self._at += 1

    def _taken(self, mark: str) -> bool:
        self._blank()
        if self._text[self._at : self._at + 1] != mark:
            return False
        self._at += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._taken(mark):
            raise ValueError


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def read(raw: str) -> Read | Unreadable:
    """What an entry's text says."""
    sent = json.loads(raw)
    if not isinstance(sent, dict):
        return Unreadable(None, "entry", None)
    try:
        entry = Entry.model_validate_json(raw)
    except ValidationError as error:
        return Unreadable(_id_of(sent), _first_field(error), _seq_of(sent))
    fault = _fault(entry)
    if fault is not None:
        return Unreadable(_id_of(sent), fault, _seq_of(sent))
    return Read(str(sent["id"]), entry, raw)


def content_hash(entry: Entry) -> str:
    """SHA-256 of the entry in a canonical form: spaces, the order of keys and how an instant is written do
    not count, and neither do keys that this version does not know."""
    meaning = json.dumps(entry.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(meaning.encode()).hexdigest()


def same_content(entry: Entry, stored_hash: str, stored_raw: str) -> bool:
    """Whether a stored entry says the same as this one.

    The hash is only the quick way: a stored one may be from an older version, which knew fewer keys.
    """
    new = content_hash(entry)
    return new == stored_hash or new == content_hash(Entry.model_validate_json(stored_raw))


def _first_field(error: ValidationError) -> str:
    location = ".".join(str(part) for part in error.errors()[0]["loc"])
    return location or "entry"


def _fault(entry: Entry) -> str | None:
    """What the message's own model lets through and no database can keep."""
    if entry.seq > MOST_SEQ:
        return "seq"
    if entry.decision.minutes_late is not None and not 0 <= entry.decision.minutes_late <= MOST_MINUTES:
        return "decision.minutes_late"
    departure = entry.departure
    instants = {
        "at": entry.at,
        "departure.expected_back": departure.expected_back if departure else None,
        "departure.released_at": departure.released_at if departure else None,
    }
    for name, value in instants.items():
        if value is not None and not _in_utc(value):
            return name
    texts = {"pupil": entry.pupil, "reason": entry.reason, "decision.outcome": entry.decision.outcome}
    texts["decision.suggested"] = entry.decision.suggested
    return next((name for name, text in texts.items() if text is not None and "\x00" in text), None)


def _in_utc(value: datetime) -> bool:
    """False in the first or last hours of the calendar, which some zones would push out of it."""
    try:
        value.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _id_of(sent: dict[str, Any]) -> str | None:
    value = sent.get("id")
    if not isinstance(value, str):
        return None
    # Half of a surrogate pair is legal in JSON text and cannot be sent back in UTF-8.
    return value if value.isprintable() else None


def _seq_of(sent: dict[str, Any]) -> int | None:
    value = sent.get("seq")
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_SEQ:
        return value
    return None
