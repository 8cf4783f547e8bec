"""What importing a roster would do to the register: who is new, changed and gone. Nothing is written."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from sqlalchemy.orm import Session

from sync.register.roster.errors import RosterError
from sync.register.roster.matching import match, unused_ids
from sync.register.roster.reading import STRIDE, Advance, RosterContents
from sync.register.roster.roll import RollPupil, digest, roll
from sync.register.roster.rows import RosterRow, RowFault, Weight
from sync.register.storage.models import SchoolRow

SHRINK = 10
"""A roster that takes away more than one in this many pupils waits for somebody to say yes once more."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one pupil, before and after. A `left_on` that goes away is a pupil who is back."""

    field: str
    before: str | date | None
    after: str | date | None


@dataclass(frozen=True, slots=True)
class PupilChange:
    """A pupil of whom the roster says something else than the register."""

    before: RollPupil
    after: RollPupil

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """Field by field."""
        pairs = (
            (f.name, getattr(self.before, f.name), getattr(self.after, f.name)) for f in fields(RollPupil)
        )
        return tuple(FieldChange(name, before, after) for name, before, after in pairs if before != after)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. Every list is in the order of the file or, for who is gone, of the ids."""

    school: str
    new: tuple[RollPupil, ...]
    changed: tuple[PupilChange, ...]
    gone: tuple[RollPupil, ...]
    unchanged: int
    held: tuple[RollPupil, ...]
    """Not in the roster as far as it could be read, and kept: one of the rows not taken may be theirs."""
    faults: tuple[RowFault, ...]
    on_roll: int
    """How many are on roll before."""
    fingerprint: str
    """Of all that would be done and what it starts from: whoever agrees to a plan agrees to this one."""

    @property
    def on_roll_after(self) -> int:
        """How many would be on roll after it."""
        back = sum(1 for each in self.changed if each.after.on_roll and not each.before.on_roll)
        return self.on_roll + len(self.new) + back - len(self.gone)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.new or self.changed or self.gone)

    @property
    def shrinks(self) -> bool:
        """Whether more than a tenth of the pupils would go."""
        return len(self.gone) * SHRINK > self.on_roll

    @property
    def refused(self) -> tuple[RowFault, ...]:
        """The rows that are not taken."""
        return tuple(fault for fault in self.faults if fault.weight is Weight.REFUSED)


def school_name(session: Session, school: str) -> str:
    """The school's name in the register.

    Raises:
        RosterError: it has no such school.
    """
    row = session.get(SchoolRow, school)
    if row is None:
        raise RosterError(
            f"there is no school {school!r} in the register; add it with: latebook register school add"
        )
    return row.name


def make_plan(
    session: Session,
    school: str,
    reading: RosterContents,
    *,
    whole: bool | None = None,
    advance: Advance = lambda _: None,
) -> Plan:
    """Compare a roster with the register.

    Args:
        session: reads; nothing is written.
        school: the school's id in the register.
        reading: the roster.
        whole: whether a pupil who is not in it has left; None: as its format says.
        advance: is told of rows that have been compared.

    Raises:
        RosterError: the register has no such school.
    """
    school_name(session, school)
    before = roll(session, school)
    matches = match(reading.rows, (f for f in reading.faults if f.weight is Weight.REFUSED), before)
    faults = (*reading.faults, *matches.faults)
    new = _new(matches.new, {pupil.id for pupil in before})
    changed = _changed(matches.known, advance)
    seen = {pupil.id for _, pupil in matches.known}
    missing = [pupil for pupil in before if pupil.on_roll and pupil.id not in seen]
    if not (reading.whole if whole is None else whole):
        missing = []
    nobody_knows = any(fault.anybodys for fault in faults)
    held = [pupil for pupil in missing if nobody_knows or pupil.id in matches.held]
    kept = {pupil.id for pupil in held}
    gone = [pupil for pupil in missing if pupil.id not in kept]
    return Plan(
        school=school,
        new=tuple(new),
        changed=tuple(changed),
        gone=tuple(gone),
        unchanged=len(matches.known) - len(changed),
        held=tuple(held),
        faults=tuple(sorted(faults, key=lambda fault: (fault.place.file, fault.place.line))),
        on_roll=sum(1 for pupil in before if pupil.on_roll),
        fingerprint=_fingerprint(before, new, changed, gone),
    )


def _new(rows: Sequence[RosterRow], taken: set[str]) -> list[RollPupil]:
    """Each with an id of its own: the row's, or a short new one."""
    own = [row.keys.id or row.keys.admission for row in rows]
    short = unused_ids(taken | set(own))
    used = set(taken)
    pupils = []
    for row, wanted in zip(rows, own, strict=True):
        id_ = wanted if wanted and wanted not in used else next(short)
        used.add(id_)
        pupils.append(_enrolled(id_, row))
    return pupils


def _changed(known: Iterable[tuple[RosterRow, RollPupil]], advance: Advance) -> list[PupilChange]:
    changed = []
    for count, (row, pupil) in enumerate(known, start=1):
        after = _updated(pupil, row)
        if after != pupil:
            changed.append(PupilChange(pupil, after))
        if count % STRIDE == 0:
            advance(STRIDE)
    return changed


def _enrolled(id_: str, row: RosterRow) -> RollPupil:
    return RollPupil(
        id=id_,
        first=row.first,
        last=row.last,
        preferred=_preferred(row),
        year=row.year,
        form=row.form or "",
        upn=row.keys.upn or None,
        admission_number=row.keys.admission or None,
        left_on=None,
    )


def _updated(pupil: RollPupil, row: RosterRow) -> RollPupil:
    """What the row says; what it does not speak of stays, and so does a number where it has none."""
    return replace(
        pupil,
        first=row.first,
        last=row.last,
        preferred=pupil.preferred if row.preferred is None else _preferred(row),
        year=row.year,
        form=pupil.form if row.form is None else row.form,
        upn=row.keys.upn or pupil.upn,
        admission_number=row.keys.admission or pupil.admission_number,
        left_on=None,
    )


def _preferred(row: RosterRow) -> str | None:
    """A preferred name that is the first name says nothing; many exports fill it in for everybody."""
    return row.preferred if row.preferred and row.preferred != row.first else None


def _fingerprint(
    before: Sequence[RollPupil],
    new: Iterable[RollPupil],
    changed: Iterable[PupilChange],
    gone: Iterable[RollPupil],
) -> str:
    parts = (before, new, (each.after for each in changed), gone)
    return hashlib.sha256("\n".join(map(digest, parts)).encode()).hexdigest()
