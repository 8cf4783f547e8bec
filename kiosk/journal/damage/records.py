"""Reads the rows in single pages of a database by hand, where SQLite would give up.

The format is SQLite's (sqlite.org/fileformat2.html, sections 1.6 and 2). Every function takes any bytes: what
does not look like a row is left out.
"""

import json
import re
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from kiosk.journal.damage.files import PAGE

Value: TypeAlias = int | float | bytes | None
"""A value as the file has it; text is bytes."""
PageAt: TypeAlias = Callable[[int], bytes | None]
"""A page by its number, `None` if there is none."""

TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of an integer by its serial type."""
MOST_LOCAL = PAGE - 35
_LEAST_LOCAL = (PAGE - 12) * 32 // 255 - 23
_MOST_KEY = (PAGE - 12) * 64 // 255 - 23
_BODY = re.compile(rb'\{"id":"[0-9a-f-]{36}","seq":(\d{1,18})')
"""How the text of every entry begins."""
_BEFORE_BODY = 36 + 10
"""Bytes of the id and the date, which stand between the header of an entry's record and its text."""


class RawRow(NamedTuple):
    """A row as a page has it."""

    rowid: int
    values: list[Value]


def table_rows(page: bytes, number: int, page_at: PageAt) -> Iterator[RawRow]:
    """The rows of a leaf page of a table, with the parts of long ones from other pages."""
    for cell in _cells(page, number, TABLE_LEAF):
        size, at = _varint(page, cell)
        rowid, at = _varint(page, at)
        payload = _payload(page, at, size, page_at)
        values = None if payload is None else _record(payload)
        if values is not None:
            yield RawRow(rowid, values)


def has_one_row(page: bytes, number: int) -> bool:
    """Whether it is a leaf page of a table with one row; quicker than reading that."""
    start = _start(number)
    return page[start] == TABLE_LEAF and page[start + 3 : start + 5] == b"\0\x01"


def index_keys(page: bytes, number: int) -> Iterator[list[Value]]:
    """The keys of a page of an index; the last value of each is the row's number."""
    kind = page[_start(number)]
    for cell in _cells(page, number, kind) if kind in (INDEX_LEAF, INDEX_INTERIOR) else ():
        size, at = _varint(page, cell + (4 if kind == INDEX_INTERIOR else 0))
        values = _record(page[at : at + size]) if size <= _MOST_KEY else None
        if values is not None:
            yield values


def carved_entries(page: bytes) -> Iterator[RawRow]:
    """The entries that stand anywhere in the bytes of a page, found by their text: also those to which the
    page's own list of rows no longer leads. Of one whose record cannot be read, only the text is known."""
    for found in _BODY.finditer(page):
        at = found.start()
        rowid = int(found[1])
        values = _record_around(page, at)
        if values is None:
            body = _json_at(page, at)
            values = None if body is None else [None, body[7:43], None, body]
        if values is not None:
            yield RawRow(rowid, values)


def _start(number: int) -> int:
    """Where a page's own header begins: the first page has the file's header before it."""
    return 100 if number == 1 else 0


def _cells(page: bytes, number: int, kind: int) -> Iterator[int]:
    start = _start(number)
    if page[start] != kind:
        return
    [count] = struct.unpack_from(">H", page, start + 3)
    first = start + (12 if kind == INDEX_INTERIOR else 8)
    for position in range(first, min(first + 2 * count, PAGE - 1), 2):
        [at] = struct.unpack_from(">H", page, position)
        if first <= at < PAGE:
            yield at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """An integer of one to nine bytes, and where it ends. Past the end of the data it is 0."""
    value = 0
    for number, byte in enumerate(data[at : at + 9]):
        if number == 8:
            value = value << 8 | byte
            return (value - (1 << 64) if value >> 63 else value), at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + number + 1
    return 0, len(data)


def _payload(page: bytes, at: int, size: int, page_at: PageAt) -> bytes | None:
    if size <= MOST_LOCAL:
        return page[at : at + size] if at + size <= PAGE else None
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE - 4)
    if local > MOST_LOCAL:
        local = _LEAST_LOCAL
    if at + local + 4 > PAGE:
        return None
    parts, left = [page[at : at + local]], size - local
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    seen: set[int] = set()
    while left > 0:
        more = None if following in seen else page_at(following)
        if more is None:
            return None
        seen.add(following)
        parts.append(more[4 : 4 + min(left, PAGE - 4)])
        left -= PAGE - 4
        following = int.from_bytes(more[:4], "big")
    return b"".join(parts)


def _record(payload: bytes) -> list[Value] | None:
    """The values of a record; `None` if its parts do not fit together."""
    types = _types(payload)
    if types is None:
        return None
    at, values = _varint(payload, 0)[0], []
    for serial in types:
        size = _size(serial)
        if at + size > len(payload):
            return None
        values.append(_value(serial, payload[at : at + size]))
        at += size
    return values


def _types(record: bytes) -> list[int] | None:
    end, at = _varint(record, 0)
    types = []
    while at < min(end, len(record)):
        serial, at = _varint(record, at)
        if serial < 0 or serial in (10, 11):
            return None
        types.append(serial)
    return types if types and at == end else None


def _size(serial: int) -> int:
    if serial >= 12:
        return (serial - 12) // 2
    return 8 if serial == 7 else _SIZES.get(serial, 0)


def _value(serial: int, data: bytes) -> Value:
    if serial == 0:
        return None
    if serial in (8, 9):
        return serial - 8
    if serial == 7:
        return float(struct.unpack(">d", data)[0])
    return data if serial >= 12 else int.from_bytes(data, "big", signed=True)


def _record_around(page: bytes, body: int) -> list[Value] | None:
    """The record of an entry whose text begins there: its header ends before the id and the date."""
    for length in range(9, 40):
        start = body - _BEFORE_BODY - length
        if start < 0 or page[start] != length:
            continue
        types = _types(page[start : start + length])
        if types and types[:3] == [0, 36 * 2 + 13, 10 * 2 + 13] and len(types) >= 8:
            return _record(page[start:])
    return None


def _json_at(page: bytes, at: int) -> bytes | None:
    text = page[at:].decode("utf-8", "surrogateescape")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
        return text[:end].encode("utf-8")
    except ValueError:
        return None
