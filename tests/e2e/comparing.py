"""What pupils did at a kiosk and were told there, beside what the register has of it: where they differ."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sync.register.storage.models import EntryRow, WorkItemRow
from tests.e2e.kiosk_process import Kiosk


def of_the_confirmed(entries: Sequence[EntryRow], kiosk: Kiosk) -> Iterator[str]:
    """Everything that a pupil was told is “done” is there once, as itself, at its own instant."""
    yield from kiosk.failures
    there = Counter(str(entry.id) for entry in entries)
    by_id = {str(entry.id): entry for entry in entries}
    for entry_id, said in kiosk.confirmed.items():
        if there[entry_id] != 1:
            yield f"{entry_id} was confirmed and is in the register {there[entry_id]} times"
        elif (said.pupil, _ms(said.at)) != (by_id[entry_id].pupil, _ms(by_id[entry_id].at)):
            yield f"{entry_id} is kept as {by_id[entry_id].pupil} at {by_id[entry_id].at}, and was {said}"


def of_the_register(entries: Sequence[EntryRow], kiosk: Kiosk) -> Iterator[str]:
    """Everything in the register is something that somebody did, in order and without gaps."""
    touched = Counter((each.pupil, _ms(each.at)) for each in kiosk.touched)
    for entry in entries:
        touched[entry.pupil, _ms(entry.at)] -= 1
        if touched[entry.pupil, _ms(entry.at)] < 0:
            yield f"{entry.id}: nobody did {entry.pupil} at {entry.at}"
        if json.loads(entry.raw)["pupil"] != entry.pupil:
            yield f"{entry.id} is kept as another pupil's than it was sent as"
    if [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
        yield "the numbers of the entries have gaps"
    for late, early in _overtaken(entries):
        yield f"{late} came before {early} of the same pupil, who did it earlier"


def of_the_marks(
    entries: Sequence[EntryRow], marks: dict[str, str], work: Sequence[WorkItemRow]
) -> Iterator[str]:
    """Each pupil has the mark of their first entry that has a code; another later is a shown conflict."""
    first: dict[str, str] = {}
    asked = {(item.entry_id, item.kind) for item in work}
    for entry in entries:
        expected = set()
        if entry.code is not None and first.setdefault(entry.pupil, entry.code) != entry.code:
            expected.add((entry.id, "conflict"))
        if json.loads(entry.raw)["decision"]["needs_office"]:
            expected.add((entry.id, "needs_office"))
        if (found := {each for each in asked if each[0] == entry.id}) != expected:
            yield f"{entry.id} asks {found} of the office, and should ask {expected}"
        asked -= expected
    if marks != first:
        yield f"the marks differ: {set(marks.items()) ^ set(first.items())}"
    for entry_id, kind in asked:
        yield f"something else waits for the office: {kind} of {entry_id}"


def _overtaken(entries: Sequence[EntryRow]) -> Iterator[tuple[str, str]]:
    """Entries that were received before an earlier one of the same pupil."""
    last: dict[str, EntryRow] = {}
    for entry in entries:  # in the order of their numbers
        before = last.get(entry.pupil)
        if before is not None and entry.received_at < before.received_at:
            yield str(entry.id), str(before.id)
        last[entry.pupil] = entry


def _ms(at: datetime) -> datetime:
    """As the wire has it: to the millisecond."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)
