"""What importing a roster would change: pupils who are new, changed and gone. Nothing is written."""

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
"""A roster that removes more than one in this many pupils needs a second confirmation."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a pupil, before and after. A `left_on` that is removed is a pupil who is back."""

    field: str
    before: str | date | None
    after: str | date | None


@dataclass(frozen=True, slots=True)
class PupilChange:
    """A pupil whose data differ between the roster and the register."""

    before: RollPupil
    after: RollPupil

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """The fields that differ."""
        pairs = (
            (f.name, getattr(self.before, f.name), getattr(self.after, f.name)) for f in fields(RollPupil)
        )
        return tuple(FieldChange(name, before, after) for name, before, after in pairs if before != after)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. Lists are in the order of the file; pupils who are gone, in the order of their
    ids."""

    school: str
    new: tuple[RollPupil, ...]
    changed: tuple[PupilChange, ...]
    gone: tuple[RollPupil, ...]
    unchanged: int
    held: tuple[RollPupil, ...]
    """Pupils not in the roster as far as it was readable, and kept: a refused row may be theirs."""
    faults: tuple[RowFault, ...]
    on_roll: int
    """The number of pupils on roll before the import."""
    fingerprint: str
    """Identifies all changes and their starting point, so that a user agrees to this plan and no other."""

    @property
    def on_roll_after(self) -> int:
        """The number of pupils on roll after it."""
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
        """The rows that are refused."""
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
        session: a session that reads.
        school: the school's id in the register.
        reading: the roster.
        whole: whether a pupil who is not in it has left; `None` for the format's own rule.
        advance: called with the number of further rows compared.

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
    unknown_owner = any(fault.could_be_any for fault in faults)
    held = [pupil for pupil in missing if unknown_owner or pupil.id in matches.held]
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
    """New pupils with an id each: the row's own, or a short new one."""
    own = [row.keys.id or row.keys.admission for row in rows]
    short = unused_ids(taken | set(own))
    used = set(taken)
    pupils = []
    for row, own_id in zip(rows, own, strict=True):
        id_ = own_id if own_id and own_id not in used else next(short)
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
    """The pupil with the row's values. A missing column keeps the old value, and so does an empty number."""
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
    """A preferred name equal to the first name is dropped; many exports fill it in for every pupil."""
    return row.preferred if row.preferred and row.preferred != row.first else None


def _fingerprint(
    before: Sequence[RollPupil],
    new: Iterable[RollPupil],
    changed: Iterable[PupilChange],
    gone: Iterable[RollPupil],
) -> str:
    parts = (before, new, (each.after for each in changed), gone)
    return hashlib.sha256("\n".join(map(digest, parts)).encode()).hexdigest()
