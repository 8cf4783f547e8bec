"""The office's list of pupils, and its search by letters or a number."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from attendance.years import YEARS
from sync.register.roster import upn as upns
from sync.register.roster.reading import same_number
from sync.register.storage.models import CardRow, ContactRow, PlanRow, PupilRow

_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters that Unicode does not decompose into a plain letter and an accent."""


@dataclass(frozen=True, slots=True)
class PupilListing:
    """A pupil in the list."""

    id: str
    first: str
    last: str
    preferred: str | None
    year: str
    form: str
    upn: str | None
    admission_number: str | None
    left_on: date | None
    has_plan: bool
    """Whether the pupil has a part-time timetable."""
    leaves_alone: bool
    cards: int
    barred: int
    """The number of contacts who may not collect the pupil."""

    @property
    def name(self) -> str:
        """The everyday name: `Tom Bell`."""
        return f"{self.preferred or self.first} {self.last}"

    @property
    def by_last_name(self) -> str:
        """For sorted lists: `Bell, Tom (Thomas)`."""
        legal = f" ({self.first})" if self.preferred and self.preferred != self.first else ""
        return f"{self.last}, {self.preferred or self.first}{legal}"


@dataclass(frozen=True, slots=True)
class PupilSearch:
    """Search criteria; empty for all pupils on roll."""

    text: str = ""
    """Beginnings of names or of the form, in any order; or a UPN or an admission number."""
    year: str = ""
    form: str = ""
    left: bool = False
    """Whether to search pupils who have left instead of those on roll."""


def find_pupils(session: Session, school: str, search: PupilSearch) -> list[PupilListing]:
    """The pupils of a school that match, by year, form and last name."""
    condition = PupilRow.left_on.is_not(None) if search.left else PupilRow.left_on.is_(None)
    rows = session.scalars(select(PupilRow).where(PupilRow.school_id == school, condition))
    matching = [row for row in rows if _matches(row, search)]
    cards = _counted(session, select(CardRow.pupil, func.count()).where(CardRow.school_id == school))
    barred = _counted(
        session,
        select(ContactRow.pupil, func.count()).where(
            ContactRow.school_id == school, ContactRow.may_collect.is_(False)
        ),
    )
    not_ended = (PlanRow.school_id == school, PlanRow.ended_on.is_(None))
    planned = set(session.scalars(select(PlanRow.pupil).where(*not_ended)))
    return [
        _listed(row, cards.get(row.id, 0), barred.get(row.id, 0), has_plan=row.id in planned)
        for row in sorted(matching, key=_sort_key)
    ]


def years_and_forms(session: Session, school: str) -> tuple[list[str], list[str]]:
    """The years and the forms with pupils on roll, in order."""
    query = select(PupilRow.year, PupilRow.form).where(
        PupilRow.school_id == school, PupilRow.left_on.is_(None)
    )
    pairs = session.execute(query.distinct()).all()
    return sorted({year for year, _ in pairs}, key=_year), _in_order({form for _, form in pairs if form})


def plain(text: str) -> str:
    """Letters and digits without case, accents, hyphens and apostrophes: `Zoë O’Neill` → `zoe oneill`.

    A hyphen becomes a gap between two names.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN).replace("-", " "))
    kept = (letter for letter in decomposed if letter.isalnum() or letter.isspace())
    return " ".join("".join(kept).split())


def _matches(row: PupilRow, search: PupilSearch) -> bool:
    if search.year and row.year != search.year:
        return False
    if search.form and row.form != search.form:
        return False
    words = plain(search.text).split()
    return not words or _has_number(row, search.text) or _has_words(row, words)


def _has_number(row: PupilRow, text: str) -> bool:
    number = text.strip()
    if row.upn is not None and row.upn == upns.tidy(number):
        return True
    known = row.admission_number
    return bool(number) and known is not None and same_number(known) == same_number(number)


def _has_words(row: PupilRow, words: Sequence[str]) -> bool:
    """Whether each word begins a name or the form; the halves of a double name may be written as one."""
    texts = [plain(each) for each in (row.first, row.last, row.preferred or "", row.form)]
    parts = [part for text in texts for part in (*text.split(), text.replace(" ", ""))]
    return all(any(part.startswith(word) for part in parts) for word in words)


def _counted(session: Session, query: Any) -> dict[str, int]:
    """Pupil's id → number, from a query for both."""
    return {
        pupil: int(number) for pupil, number in session.execute(query.group_by(query.selected_columns[0]))
    }


def _listed(row: PupilRow, cards: int, barred: int, *, has_plan: bool) -> PupilListing:
    return PupilListing(
        id=row.id,
        first=row.first,
        last=row.last,
        preferred=row.preferred,
        year=row.year,
        form=row.form,
        upn=row.upn,
        admission_number=row.admission_number,
        left_on=row.left_on,
        has_plan=has_plan,
        leaves_alone=row.leaves_alone,
        cards=cards,
        barred=barred,
    )


def _sort_key(row: PupilRow) -> tuple[int, list[tuple[int, str]], str, str, str]:
    return _year(row.year), _natural(row.form), plain(row.last), plain(row.preferred or row.first), row.id


def _year(year: str) -> int:
    return YEARS.index(year) if year in YEARS else len(YEARS)


def _in_order(forms: Iterable[str]) -> list[str]:
    return sorted(forms, key=_natural)


def _natural(text: str) -> list[tuple[int, str]]:
    """Sort key by which 7B comes before 10C."""
    runs: list[str] = []
    for letter in text:
        if runs and runs[-1][-1].isdecimal() == letter.isdecimal():
            runs[-1] += letter
        else:
            runs.append(letter)
    return [(int(run), "") if run.isdecimal() else (-1, run.casefold()) for run in runs]
