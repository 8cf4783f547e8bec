"""Matches rows with the register's pupils. The package's docstring states the rules."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sync.register.roster.reading import same_number
from sync.register.roster.roll import RollPupil
from sync.register.roster.rows import PupilNumbers, RosterRow, RowFault

_Item = TypeVar("_Item")


@dataclass(slots=True)
class Matches:
    """Every row with its pupil, or as a new one."""

    known: list[tuple[RosterRow, RollPupil]] = field(default_factory=list)
    new: list[RosterRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    """Ids of pupils whose row was refused: they stay as they are."""


def match(rows: Iterable[RosterRow], refused: Iterable[RowFault], roll: Sequence[RollPupil]) -> Matches:
    """Find each row's pupil.

    Args:
        rows: the rows that can be accepted.
        refused: the faults of those that cannot: their pupils are held.
        roll: the register's pupils, including those who have left.
    """
    matches, index = Matches(), _Index(roll)
    claimed: dict[str, RosterRow] = {}
    left_over = _by_number(rows, index, matches, claimed)
    left_over = _by_name(left_over, roll, matches, claimed)
    _add_new(left_over, roll, matches, claimed)
    for fault in refused:
        matches.held.update(pupil.id for pupil in index.possible_pupils(fault))
    matches.held -= claimed.keys()
    return matches


class _Index:
    """The roll, indexed by its numbers."""

    def __init__(self, roll: Sequence[RollPupil]) -> None:
        self._by_id = {pupil.id: pupil for pupil in roll}
        # Of two pupils with the same number, one on roll takes precedence over one who has left.
        last_wins = sorted(roll, key=lambda pupil: pupil.on_roll)
        self._by_upn = {pupil.upn: pupil for pupil in last_wins if pupil.upn}
        self._by_admission = {
            same_number(pupil.admission_number): pupil for pupil in last_wins if pupil.admission_number
        }
        self._by_name = _grouped((p for p in roll if p.on_roll), lambda p: _name(p.first, p.last))

    def find(self, keys: PupilNumbers) -> list[RollPupil]:
        """The pupils that a row's numbers name: none, one, or two that contradict each other."""
        upn = self._by_upn.get(keys.upn) if keys.upn else None
        admission = self._by_admission.get(same_number(keys.admission)) if keys.admission else None
        named = [pupil for pupil in (upn, admission) if pupil is not None]
        if named:
            return named if named[0] is not named[-1] else named[:1]
        for own in (keys.id, keys.admission):
            same_id = self._by_id.get(own) if own else None
            if same_id is not None and not _contradict(keys, same_id):
                return [same_id]
        return []

    def possible_pupils(self, fault: RowFault) -> list[RollPupil]:
        """The pupils that a faulty row may belong to."""
        pupils = self.find(fault.keys)
        if pupils or fault.name is None:
            return pupils
        return self._by_name.get(_name(*fault.name), [])


def _by_number(
    rows: Iterable[RosterRow], index: _Index, matches: Matches, claimed: dict[str, RosterRow]
) -> list[RosterRow]:
    left_over = []
    for row in rows:
        pupils = index.find(row.keys)
        if len(pupils) > 1:
            reason = "its UPN is one pupil's in the register and its admission number another's"
            _refuse(row, reason, pupils, matches)
        elif pupils and pupils[0].id in claimed:
            line = claimed[pupils[0].id].place.line
            _refuse(row, f"it is the pupil of line {line} again; the first is used", pupils, matches)
        elif pupils:
            claimed[pupils[0].id] = row
            matches.known.append((row, pupils[0]))
        else:
            left_over.append(row)
    return left_over


def _by_name(
    rows: list[RosterRow], roll: Sequence[RollPupil], matches: Matches, claimed: dict[str, RosterRow]
) -> list[RosterRow]:
    """Match by name: pupils on roll first, and those who have left only for rows still unmatched."""
    for on_roll in (True, False):
        for key, applies in _CRITERIA:
            free = _grouped((p for p in roll if p.on_roll is on_roll and p.id not in claimed), key)
            unmatched = _grouped((row for row in rows if applies(row)), key)
            for shared, same_rows in unmatched.items():
                candidates = [p for p in free.get(shared, []) if not _contradict(same_rows[0].keys, p)]
                if len(same_rows) == len(candidates) == 1:
                    claimed[candidates[0].id] = same_rows[0]
                    matches.known.append((same_rows[0], candidates[0]))
            settled = {id(row) for row in claimed.values()}
            rows = [row for row in rows if id(row) not in settled]
    return rows


def _add_new(
    rows: list[RosterRow], roll: Sequence[RollPupil], matches: Matches, claimed: dict[str, RosterRow]
) -> None:
    """Take the remaining rows as new pupils, except rows without numbers that could be one of several."""
    free = _grouped((p for p in roll if p.on_roll and p.id not in claimed), lambda p: _name(p.first, p.last))
    for row in rows:
        several = [] if row.keys.any else free.get(_name(row.first, row.last), [])
        if several:
            reason = "several pupils have this name; an admission number or a UPN would tell them apart"
            _refuse(row, reason, several, matches)
        else:
            matches.new.append(row)


def _refuse(row: RosterRow, reason: str, held: Iterable[RollPupil], matches: Matches) -> None:
    matches.faults.append(RowFault(row.place, reason, keys=row.keys))
    matches.held.update(pupil.id for pupil in held)


def _contradict(keys: PupilNumbers, pupil: RollPupil) -> bool:
    """Whether both have a number of the same kind, and they differ."""
    other_upn = keys.upn and pupil.upn and keys.upn != pupil.upn
    known = pupil.admission_number
    other_admission = keys.admission and known and same_number(keys.admission) != same_number(known)
    return bool(other_upn or other_admission)


def _name(first: str, last: str) -> tuple[str, str]:
    return first.casefold(), last.casefold()


def _name_year_form(of: RosterRow | RollPupil) -> Hashable:
    return *_name(of.first, of.last), of.year, (of.form or "").casefold()


def _name_and_year(of: RosterRow | RollPupil) -> Hashable:
    return *_name(of.first, of.last), of.year


def _name_alone(of: RosterRow | RollPupil) -> Hashable:
    return _name(of.first, of.last)


_CRITERIA: tuple[tuple[Callable[[RosterRow | RollPupil], Hashable], Callable[[RosterRow], bool]], ...] = (
    (_name_year_form, lambda row: row.form is not None),
    (_name_and_year, lambda row: row.form is None or not row.keys.any),
    (_name_alone, lambda row: not row.keys.any),
)
"""What a row and a pupil must share to match, strictest first, and the rows to which it applies."""


def _grouped(items: Iterable[_Item], key: Callable[[_Item], Hashable]) -> dict[Hashable, list[_Item]]:
    groups: dict[Hashable, list[_Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def unused_ids(taken: set[str]) -> Iterator[str]:
    """Short ids that are not taken, always the same ones for the same `taken`."""
    number = 0
    while True:
        number += 1
        if f"n{number}" not in taken:
            yield f"n{number}"
