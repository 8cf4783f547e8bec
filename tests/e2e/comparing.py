"""Compares what a kiosk confirmed to pupils with what the register has."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sync.register.storage.models import EntryRow, WorkItemRow
from tests.e2e.kiosk_process import KioskProcess


def confirmed_differences(entries: Sequence[EntryRow], kiosk: KioskProcess) -> Iterator[str]:
    """Every confirmed entry is in the register once, with its own pupil and time."""
    yield from kiosk.failures
    counts = Counter(str(entry.id) for entry in entries)
    by_id = {str(entry.id): entry for entry in entries}
    for entry_id, sign_in in kiosk.confirmed.items():
        if counts[entry_id] != 1:
            yield f"{entry_id} was confirmed and is in the register {counts[entry_id]} times"
        elif (sign_in.pupil, _ms(sign_in.at)) != (by_id[entry_id].pupil, _ms(by_id[entry_id].at)):
            yield f"{entry_id} is kept as {by_id[entry_id].pupil} at {by_id[entry_id].at}, and was {sign_in}"


def register_differences(entries: Sequence[EntryRow], kiosk: KioskProcess) -> Iterator[str]:
    """Every entry in the register is a sign-in at the kiosk, in order and without gaps."""
    touched = Counter((each.pupil, _ms(each.at)) for each in kiosk.touched)
    for entry in entries:
        touched[entry.pupil, _ms(entry.at)] -= 1
        if touched[entry.pupil, _ms(entry.at)] < 0:
            yield f"{entry.id}: {entry.pupil} did not sign in at {entry.at}"
        if json.loads(entry.raw)["pupil"] != entry.pupil:
            yield f"{entry.id} is kept for another pupil than it was sent for"
    if [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
        yield "the numbers of the entries have gaps"
    for late, early in _overtaken(entries):
        yield f"{late} came before {early}, an earlier entry of the same pupil"


def mark_differences(
    entries: Sequence[EntryRow], marks: dict[str, str], work: Sequence[WorkItemRow]
) -> Iterator[str]:
    """Each pupil has the mark of their first entry with a code; another code later is an open conflict."""
    first: dict[str, str] = {}
    waiting = {(item.entry_id, item.kind) for item in work}
    for entry in entries:
        expected = set()
        if entry.code is not None and first.setdefault(entry.pupil, entry.code) != entry.code:
            expected.add((entry.id, "conflict"))
        if json.loads(entry.raw)["decision"]["needs_office"]:
            expected.add((entry.id, "needs_office"))
        if (found := {each for each in waiting if each[0] == entry.id}) != expected:
            yield f"{entry.id}: {found} waits for the office, and {expected} should be waiting"
        waiting -= expected
    if marks != first:
        yield f"the marks differ: {set(marks.items()) ^ set(first.items())}"
    for entry_id, kind in waiting:
        yield f"an unexpected work item waits for the office: {kind} of {entry_id}"


def _overtaken(entries: Sequence[EntryRow]) -> Iterator[tuple[str, str]]:
    """Pairs of entry ids: one received before an earlier entry of the same pupil, and that entry."""
    last: dict[str, EntryRow] = {}
    for entry in entries:  # in the order of their numbers
        before = last.get(entry.pupil)
        if before is not None and entry.received_at < before.received_at:
            yield str(entry.id), str(before.id)
        last[entry.pupil] = entry


def _ms(at: datetime) -> datetime:
    """In UTC and cut to milliseconds, as on the wire."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
