"""A pupil as views show them: never more of a name than the school allows."""

from kiosk.school.school import School
from kiosk.views import PupilLabel
from sync.wire import Pupil


def label_of(school: School, pupil: Pupil) -> PupilLabel:
    """The pupil's display name from the roster, and the form; the id alone if the pupil has left the roster
    and has no name."""
    name = school.roster.display_name(pupil) or pupil.id
    return PupilLabel(id=pupil.id, name=name, form=pupil.form, given_name=pupil.preferred or pupil.first)
