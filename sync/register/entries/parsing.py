"""Read a batch: split it into the exact text of each entry, and parse each entry by itself."""

import hashlib
import json
import re
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, NoReturn

from pydantic import ValidationError

from sync.register.errors import BatchFormatError
from sync.wire import MOST_CHARACTERS, Entry

MOST_SEQ = 2**63 - 1
"""The largest integer that both databases can store."""
MOST_MINUTES = 24 * 60
MOST_DIGITS = 20
"""The digits of the largest integer and its sign."""
LEGIBLE_FIELDS = ("kind", "pupil", "at")
"""The text fields of an unreadable entry that still tell the office who did what and when."""


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """An entry that cannot be parsed. `field` is the dotted name of the first invalid field."""

    id: str | None
    field: str
    seq: int | None
    legible: dict[str, str] = dataclass_field(default_factory=dict)
    """The valid ones of the fields in `LEGIBLE_FIELDS`, as they were sent."""


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """An entry that could be parsed, with its text and its id as they were sent."""

    id: str
    entry: Entry
    raw: str


def split(body: bytes) -> list[str]:
    """The JSON text of each entry in the body of `POST /entries`, character for character.

    Only the structure of the body is checked. An entry with a value that cannot be parsed (invalid UTF-8, a
    number of ten thousand digits, endless nesting) is split off like any other and is rejected by itself in
    `read`.

    Raises:
        BatchFormatError: the body is not a JSON object with a list of `entries`.
    """
    try:
        return _BatchScanner(body.decode("utf-8", "surrogateescape")).entries()
    except ValueError as error:
        raise BatchFormatError('the body must be JSON: {"entries": [entry, …]}') from error


_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s"\[\]{}:,]+', re.DOTALL)
"""A JSON string, a punctuation character, or a run of other characters."""


class _BatchScanner:
    """Finds the text of each entry with the standard decoder; where that fails, by counting brackets."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._decoder = json.JSONDecoder(parse_int=whole, parse_constant=_refuse_constant)

    def entries(self) -> list[str]:
        entries: list[str] | None = None
        self._expect("{")
        more = not self._skip("}")
        while more:
            key = json.loads(self._slice())
            self._expect(":")
            if key == "entries":
                entries = self._slices()
            else:
                self._slice()
            more = self._skip(",")
            if not more:
                self._expect("}")
        self._blank()
        if entries is None or self._at != len(self._text):
            raise ValueError
        return entries

    def _slices(self) -> list[str]:
        slices: list[str] = []
        self._expect("[")
        more = not self._skip("]")
        while more:
            slices.append(self._slice())
            more = self._skip(",")
            if not more:
                self._expect("]")
        return slices

    def _slice(self) -> str:
        """The text of the next value."""
        self._blank()
        start = self._at
        try:
            self._at = self._decoder.raw_decode(self._text, start)[1]
        except (ValueError, RecursionError):
            self._at = self._end_by_brackets(start)
        return self._text[start : self._at]

    def _end_by_brackets(self, start: int) -> int:
        """The end of a value that is a single token or a bracketed group."""
        at, depth = start, 0
        while True:
            token = _TOKEN.match(self._text, _end_of(_BLANK, self._text, at))
            if token is None:
                raise ValueError
            mark, at = token.group(), token.end()
            depth += (mark in "[{") - (mark in "]}")
            if depth < 0 or (depth == 0 and mark in ",:"):
                raise ValueError
            if depth == 0:
                return at

    def _blank(self) -> None:
        self._at = _end_of(_BLANK, self._text, self._at)

    def _skip(self, mark: str) -> bool:
        self._blank()
        if self._text[self._at : self._at + 1] != mark:
            return False
        self._at += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._skip(mark):
            raise ValueError


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def whole(text: str) -> int:
    """Parse a JSON integer. One with too many digits becomes a single value that no field accepts."""
    return int(text) if len(text) <= MOST_DIGITS else MOST_SEQ + 1


def read(raw: str) -> ParsedEntry | UnreadableEntry:
    """Parse the text of one entry."""
    try:
        raw.encode()  # raises for bytes that were not UTF-8, which cannot be stored as they were sent
        sent = json.loads(raw, parse_int=whole, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return UnreadableEntry(_id_in(raw), "entry", None)
    if not isinstance(sent, dict):
        return UnreadableEntry(None, "entry", None)
    if len(raw) > MOST_CHARACTERS:
        return UnreadableEntry(_id_of(sent), "entry", _seq_of(sent))
    try:
        entry = Entry.model_validate_json(raw)
    except ValidationError as error:
        return UnreadableEntry(
            _id_of(sent), _first_field(error), _seq_of(sent), _legible(sent, _fields(error))
        )
    fault = _fault(entry)
    if fault is not None:
        return UnreadableEntry(_id_of(sent), fault, _seq_of(sent), _legible(sent, {fault}))
    return ParsedEntry(str(sent["id"]), entry, raw)


def content_hash(entry: Entry) -> str:
    """SHA-256 of the entry in a canonical form: independent of white space, the order of keys, the notation
    of instants, and keys that this version does not know."""
    meaning = json.dumps(entry.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(meaning.encode()).hexdigest()


def same_content(entry: Entry, stored_hash: str, stored_raw: str) -> bool:
    """Whether a stored entry has the same content as this one.

    Equal hashes are enough; a different hash may come from an older version that knew fewer keys, so the
    stored text is then parsed again.
    """
    new = content_hash(entry)
    return new == stored_hash or new == content_hash(Entry.model_validate_json(stored_raw))


def brought_by(stored_raw: str) -> str | None:
    """The adult who brought the pupil, in the stored text of an entry; `None` for a pupil who came alone."""
    # A list has thousands of entries, and hardly any has an adult: do not parse the others.
    return Entry.model_validate_json(stored_raw).brought_by if '"brought_by"' in stored_raw else None


_ROUTE = re.compile(r'"route"\s*:\s*"')


def route_of(stored_raw: str) -> str | None:
    """The late bus that brought the pupil, in the stored text of an entry; `None` for any other entry."""
    # A list has thousands of entries, and few of them a route: do not parse the others.
    return Entry.model_validate_json(stored_raw).route if _ROUTE.search(stored_raw) else None


def _first_field(error: ValidationError) -> str:
    location = ".".join(str(part) for part in error.errors()[0]["loc"])
    return location or "entry"


def _fault(entry: Entry) -> str | None:
    """The first field with a value that the message's model accepts and the database cannot store."""
    if entry.seq > MOST_SEQ:
        return "seq"
    if entry.decision.minutes_late is not None and not 0 <= entry.decision.minutes_late <= MOST_MINUTES:
        return "decision.minutes_late"
    texts = {"pupil": entry.pupil, "reason": entry.reason, "decision.outcome": entry.decision.outcome}
    texts["decision.suggested"] = entry.decision.suggested
    if entry.unlisted is not None:
        texts |= {"unlisted.name": entry.unlisted.name, "unlisted.form": entry.unlisted.form}
    return next((name for name, text in texts.items() if text is not None and "\x00" in text), None)


def _fields(error: ValidationError) -> set[str]:
    """The top-level names of all invalid fields; `entry` when the entry as a whole is invalid."""
    return {str(each["loc"][0]) if each["loc"] else "entry" for each in error.errors()}


def _legible(sent: dict[str, Any], faults: set[str]) -> dict[str, str]:
    if "entry" in faults:
        return {}
    values = {name: sent[name] for name in LEGIBLE_FIELDS if name in sent and name not in faults}
    return {name: value for name, value in values.items() if value.isprintable()}


_ID = re.compile(r'"id"\s*:\s*"([0-9A-Za-z-]{1,64})"')


def _id_in(text: str) -> str | None:
    """The id in a text that is not JSON, so that the kiosk learns which entry was rejected."""
    match = _ID.search(text)
    return match[1] if match else None


def _id_of(sent: dict[str, Any]) -> str | None:
    value = sent.get("id")
    if not isinstance(value, str):
        return None
    # A lone surrogate is legal in JSON but cannot be encoded in the answer.
    return value if value.isprintable() else None


def _seq_of(sent: dict[str, Any]) -> int | None:
    value = sent.get("seq")
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_SEQ:
        return value
    return None
