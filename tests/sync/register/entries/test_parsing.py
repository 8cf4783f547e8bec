"""Parsing a batch: the exact text of each entry, and the first invalid field of an unreadable one."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.register.entries.parsing import (
    ParsedEntry,
    UnreadableEntry,
    brought_by,
    content_hash,
    read,
    same_content,
    split,
)
from sync.register.errors import BatchFormatError
from sync.wire import Entry
from tests.sync.register.support import entry

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(JSON, max_size=5), st.dictionaries(st.text(), JSON, max_size=2), st.sampled_from([None, 0, 3])
)
def test_the_text_of_each_entry_is_split_off_exactly(
    values: list[Any], other: dict[str, Any], indent: int | None
) -> None:
    body = json.dumps(other | {"entries": values}, indent=indent, ensure_ascii=False)
    texts = split(body.encode("utf-8", "surrogatepass")) if _encodable(body) else []
    if texts or not values:
        assert [json.loads(text) for text in texts] == (values if _encodable(body) else [])
    assert all(text in body for text in texts)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_the_adults_name_has_a_most_length_and_an_entry_without_one_is_read() -> None:
    assert brought_by(json.dumps(entry(brought_by="Ruth Okafor"))) == "Ruth Okafor"
    assert brought_by(json.dumps(entry(brought_by=None))) is None
    assert brought_by(json.dumps(entry())) is None
    for wrong in ("R" * 81, "", 5):
        unreadable = read(json.dumps(entry(brought_by=wrong)))
        assert isinstance(unreadable, UnreadableEntry)
        assert unreadable.field == "brought_by"


def test_spaces_and_the_order_of_keys_within_an_entry_are_kept() -> None:
    odd = '{ "seq" :1,\n "id":"\\u0041"}'
    assert split(f'{{"v": [1, {{}}], "entries": [ {odd} ,7]}}'.encode()) == [odd, "7"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"entries": {}}',
        b'{"entries": [}',
        b'{"entries": [1,]}',
        b'{"entries": [}]}',
        b'{"entries": ["x]}',
        b'{"entries": []} x',
        b'{"entries": []]',
        b'{"entries": [1 2]}',
        b'{"entries": [] "v": 1}',
        b'{"entries": ' + b"[" * 100_000,
    ],
)
def test_a_body_that_is_not_a_batch_is_refused(body: bytes) -> None:
    with pytest.raises(BatchFormatError):
        split(body)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("seq", {"seq": 0}),
        ("seq", {"seq": 2**63}),
        ("id", {"id": "not-a-uuid"}),
        ("id", {"id": None}),
        ("kind", {"kind": "wave"}),
        ("pupil", {"pupil": ""}),
        ("pupil", {"pupil": "P\x001"}),
        ("at", {"at": "2026-11-24T09:07:42"}),
        ("at", {"at": "0001-01-01T00:00:00+05:00"}),
        ("date", {"date": "24/11/2026"}),
        ("session", {"session": "XM"}),
        ("reason", {"reason": "x" * 65}),
        ("route", {"route": "x" * 41}),
        ("route", {"route": ""}),
        ("decision.minutes_late", {"decision": {"minutes_late": -1}}),
        ("decision.policy", {"decision": {"policy": None}}),
        ("clock.trust", {"clock": {"trust": "perhaps"}}),
    ],
)
def test_the_first_invalid_field_is_named(field: str, change: dict[str, Any]) -> None:
    sent = entry(7, **change)
    result = read(json.dumps(sent))
    assert isinstance(result, UnreadableEntry)
    assert result.field == field


def test_an_unreadable_entry_keeps_its_id_and_seq() -> None:
    sent = entry(7, pupil="")
    legible = {"kind": "arrival", "at": sent["at"]}
    assert read(json.dumps(sent)) == UnreadableEntry(sent["id"], "pupil", 7, legible)
    assert read("7") == UnreadableEntry(None, "entry", None)
    assert read('{"id": "\\ud800", "seq": true}') == UnreadableEntry(None, "entry", None)


@pytest.mark.parametrize(
    ("change", "legible"),
    [
        ({"reason": "x" * 65}, {"kind", "pupil", "at"}),
        ({"decision": {"minutes_late": -1}}, {"kind", "pupil", "at"}),
        ({"kind": "somersault", "at": 7}, {"pupil"}),
        ({"pupil": "P1\x00"}, {"kind", "at"}),
        ({"pupil": "P1\n", "date": "today"}, {"kind", "at"}),
        ({"pupil": "\ud800"}, set()),
    ],
)
def test_the_valid_fields_of_an_unreadable_entry_are_kept(change: dict[str, Any], legible: set[str]) -> None:
    sent = entry(7, **change)
    result = read(json.dumps(sent))
    assert isinstance(result, UnreadableEntry)
    assert result.legible == {name: sent[name] for name in legible}


ID = "0193b0c0-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    "bad",
    [
        b'{"id": "%s", "seq": ' + b"9" * 5000 + b"}",
        b'{"id": "%s", "mood": -' + b"9" * 5000 + b"}",
        b'{"id": "%s", "mood": NaN}',
        b'{"id": "%s", "mood": "\xff"}',
        b'{"id": "%s", "mood": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"id": "%s", "mood": sunny}',
    ],
)
def test_an_unparsable_value_makes_only_its_own_entry_unreadable(bad: bytes) -> None:
    bad = bad.replace(b"%s", ID.encode())
    good = json.dumps(entry())
    texts = split(b'{"entries": [' + good.encode() + b", " + bad + b"," + good.encode() + b"]}")
    assert (texts[0], texts[2], len(texts)) == (good, good, 3)
    refused = read(texts[1])
    assert isinstance(refused, UnreadableEntry)
    assert refused.id == ID


def test_keys_of_a_newer_version_are_ignored() -> None:
    assert isinstance(read(json.dumps(entry() | {"mood": "sunny"})), ParsedEntry)


def test_content_does_not_depend_on_notation() -> None:
    one = entry()
    other = dict(reversed(one.items())) | {"at": "2026-11-24T09:07:42.12+00:00", "mood": "sunny"}
    other["id"] = one["id"].upper()
    assert content_hash(Entry.model_validate(one)) == content_hash(Entry.model_validate(other))


def test_content_differs_when_any_field_does() -> None:
    one = entry()
    hashes = {content_hash(Entry.model_validate(one | change)) for change in _changes()}
    assert len(hashes) == len(_changes())


def _changes() -> list[dict[str, Any]]:
    return [
        {},
        {"seq": 2},
        {"pupil": "P2"},
        {"at": "2026-11-24T09:07:42.121Z"},
        {"session": "PM"},
        {"reason": None},
        {"note": "x"},
        {"decision": entry(decision={"code": "U"})["decision"]},
        {"voids": str(uuid.UUID(int=1))},
    ]


def test_content_hashed_by_an_older_version_is_compared_by_its_text() -> None:
    sent = entry()
    assert same_content(Entry.model_validate(sent), "a hash of another version", json.dumps(sent))
    assert not same_content(Entry.model_validate(sent), "other", json.dumps(sent | {"pupil": "P2"}))


EXTREMES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+05:00",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:30:00+01:00",
    "9001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
]
"""Instants that are valid JSON, but whose local time or next day may be outside the calendar."""


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("field", ["at", "departure.expected_back", "departure.released_at", "date"])
def test_an_instant_at_either_end_of_the_calendar_is_invalid(extreme: str, field: str) -> None:
    detail = {"collector": "Aunt May"}
    if field == "date":
        sent = entry(7, date=extreme[:10])
    elif field == "at":
        sent = entry(7, at=extreme)
    else:
        sent = entry(7, kind="departure", departure=detail | {field.removeprefix("departure."): extreme})
    result = read(json.dumps(sent))
    if field == "date" and extreme.startswith("1970"):
        assert isinstance(result, ParsedEntry)
    else:
        assert isinstance(result, UnreadableEntry)
        assert (result.id, result.field, result.seq) == (sent["id"], field, 7)


@given(st.datetimes(timezones=st.timezones()) | st.datetimes(timezones=st.just(UTC)))
def test_every_valid_instant_exists_in_every_zone_and_has_a_next_day(at: datetime) -> None:
    try:
        result = read(json.dumps(entry(1, at=at.isoformat())))
    except OverflowError:  # one of Hypothesis' zones has no offset at that instant
        return
    if isinstance(result, ParsedEntry):
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Europe/London"):
            assert result.entry.at.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    else:
        assert result.field == "at"
