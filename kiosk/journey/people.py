"""Pupils as anybody may see them, and who comes and goes as a view has it."""

from collections.abc import Sequence

from kiosk.desk import SignIn, SignOut
from kiosk.journey.session import Core
from kiosk.views import DoneView, LeftView, ProblemView, PupilLabel, Trouble
from sync.wire import Pupil


def listed(core: Core, pupil: Pupil) -> PupilLabel:
    """First name and initial, and the form; more of the surname where the roster says so. Of somebody who has
    left the roster nothing but the id may be known."""
    name = core.school.roster.shown_name(pupil) or pupil.id
    return PupilLabel(id=pupil.id, name=name, form=pupil.form, called=pupil.preferred or pupil.first)


def done_view(core: Core, sign_in: SignIn, *, already: bool = False) -> DoneView:
    """What was recorded of somebody who has come in."""
    return DoneView(
        entry=sign_in.entry,
        pupil=listed(core, sign_in.pupil),
        at=sign_in.at,
        decision=sign_in.decision,
        reason=sign_in.reason,
        progress=core.progress_of(sign_in.entry),
        link=core.status.link,
        clock_trusted=sign_in.clock_trusted,
        already=already,
        returning=sign_in.returning,
    )


def left_view(
    core: Core,
    gone: Sequence[SignOut],
    *,
    stay: tuple[PupilLabel, ...] = (),
    not_saved: tuple[PupilLabel, ...] = (),
    alone: bool = False,
) -> LeftView:
    """Who is signed out, and who is not.

    Args:
        core: the screen.
        gone: signed out, at least one.
        stay: not released.
        not_saved: released and not recorded.
        alone: they signed themselves out.
    """
    first = gone[0]
    back = first.detail.expected_back
    entries = tuple(each.entry for each in gone)
    return LeftView(
        entries=entries,
        pupils=tuple(listed(core, each.pupil) for each in gone),
        at=first.at,
        back_at=core.desk.wall(back).time() if back else None,
        progress=core.progress_of(*entries),
        link=core.status.link,
        alone=alone,
        released_by=first.detail.released_by,
        clock_trusted=first.clock_trusted,
        stay=stay,
        not_saved=not_saved,
        reason=first.reason,
    )


def closed_to(core: Core, pupil: Pupil) -> ProblemView:
    """Why this pupil cannot come or go though others can: no school for their year, today or any more."""
    day = core.wall(core.desk.reading()).date()
    because = core.school.closed_because(day, pupil.year)
    return ProblemView(Trouble.CLOSED_DAY, because) if because else ProblemView(Trouble.AFTER_SCHOOL)
