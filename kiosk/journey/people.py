"""Pupils, arrivals and departures as views show them: never more of a name than the school allows."""

from collections.abc import Sequence

from kiosk.desk import SignIn, SignOut
from kiosk.journey.labels import label_of
from kiosk.journey.session import Session
from kiosk.school.unlisted import typed_name
from kiosk.views import DoneView, LeftView, ProblemView, PupilLabel, Trouble
from sync.wire import Pupil


def pupil_label(session: Session, pupil: Pupil) -> PupilLabel:
    """The pupil as the screens may show them."""
    return label_of(session.school, pupil)


def done_view(session: Session, sign_in: SignIn, *, already: bool = False, may_add: bool = False) -> DoneView:
    """The recorded arrival of a pupil."""
    return DoneView(
        entry=sign_in.entry,
        pupil=pupil_label(session, sign_in.pupil),
        at=sign_in.at,
        decision=sign_in.decision,
        reason=sign_in.reason,
        progress=session.progress_of(sign_in.entry),
        link=session.status.link,
        clock_trusted=sign_in.clock_trusted,
        already=already,
        returning=sign_in.returning,
        unlisted=typed_name(sign_in.pupil) is not None,
        may_add=may_add,
    )


def left_view(
    session: Session,
    sign_outs: Sequence[SignOut],
    *,
    not_released: tuple[PupilLabel, ...] = (),
    not_saved: tuple[PupilLabel, ...] = (),
    alone: bool = False,
) -> LeftView:
    """The recorded departures of one pupil or several.

    Args:
        session: the session.
        sign_outs: the departures, at least one.
        not_released: pupils who stay in school.
        not_saved: pupils who were released, but whose departure is not recorded.
        alone: whether the pupil signed themselves out.
    """
    first = sign_outs[0]
    back = first.detail.expected_back
    entries = tuple(each.entry for each in sign_outs)
    return LeftView(
        entries=entries,
        pupils=tuple(pupil_label(session, each.pupil) for each in sign_outs),
        at=first.at,
        back_at=session.desk.wall(back).time() if back else None,
        progress=session.progress_of(*entries),
        link=session.status.link,
        alone=alone,
        released_by=first.detail.released_by,
        clock_trusted=first.clock_trusted,
        not_released=not_released,
        not_saved=not_saved,
        reason=first.reason,
    )


def closed_for_pupil(session: Session, pupil: Pupil) -> ProblemView:
    """Why this pupil cannot arrive or leave although others can: their year has no school today, or its day
    is over."""
    day = session.wall(session.desk.reading()).date()
    because = session.school.closed_because(day, pupil.year)
    return ProblemView(Trouble.CLOSED_DAY, because) if because else ProblemView(Trouble.AFTER_SCHOOL)
