"""The names that pupils typed who are not on the kiosk's list, as the office reads them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.register.storage.models import EntryRow
from sync.wire import UNLISTED_PREFIX, Entry, Unlisted


def typed_names(session: Session, school: str, pupils: Collection[str]) -> dict[str, Unlisted]:
    """The typed name and form of each of these pupils who is not on the list, by pupil id."""
    unlisted = [pupil for pupil in pupils if pupil.startswith(UNLISTED_PREFIX)]
    if not unlisted:
        return {}
    query = select(EntryRow.pupil, EntryRow.raw).where(
        EntryRow.school_id == school, EntryRow.pupil.in_(unlisted)
    )
    read = ((pupil, Entry.model_validate_json(raw).unlisted) for pupil, raw in session.execute(query))
    return {pupil: typed for pupil, typed in read if typed is not None}


def name_text(typed: Unlisted) -> str:
    """The typed name and form in one line."""
    return f"{typed.name}, {typed.form}" if typed.form else typed.name
