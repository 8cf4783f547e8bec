"""An arriving pupil who is not on the roster: the name and form that they typed, for the office.

Such a pupil has an id of their own, so that two of them are never taken for one.
"""

from sync.wire import UNLISTED_PREFIX, Pupil, Unlisted


def unlisted_pupil(pupil_id: str, typed: Unlisted) -> Pupil:
    """A pupil for a typed name. The id begins with `UNLISTED_PREFIX` and is used for one arrival only."""
    first, _, last = typed.name.partition(" ")
    return Pupil(id=pupil_id, first=first, last=last, year="", form=typed.form)


def typed_name(pupil: Pupil) -> Unlisted | None:
    """The name and form that a pupil typed who is not on the roster; `None` for a pupil on the roster."""
    if not pupil.id.startswith(UNLISTED_PREFIX):
        return None
    return Unlisted(name=f"{pupil.first} {pupil.last}".strip(), form=pupil.form)
