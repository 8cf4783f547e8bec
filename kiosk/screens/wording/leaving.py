"""What somebody reads who takes a pupil away, and a pupil who leaves alone. Pure.

The words are the same for a contact, a stranger and somebody who may not collect: only the office knows.
"""

from collections.abc import Sequence
from datetime import time

from attendance.reasons import Reason
from kiosk.screens.kit.sentence import Sentence, join, say
from kiosk.screens.wording.common import clock
from kiosk.screens.wording.common import reason as reason_words
from kiosk.screens.wording.translate import _
from kiosk.views import (
    BackAtView,
    Evidence,
    LeftView,
    PupilLabel,
    Purpose,
    Relationship,
    ReleaseState,
    ReleaseView,
)

Facts = tuple[tuple[str, str | Sentence], ...]
"""What each is, and what it is."""


def steps() -> tuple[str, ...]:
    """The five steps of collecting, as the chips name them."""
    return (_("Pupil"), _("Your name"), _("Reason"), _("Back at"), _("Release"))


def pupils(listed: Sequence[PupilLabel]) -> Sentence:
    """Amelia K. · 7B, and how many more go too."""
    if not listed:
        return ()
    first = listed[0]
    named = join(say("{name}", name=first.name), say("{form}", form=first.form))
    return join(named, say("+{count}", count=len(listed) - 1), by=" ") if len(listed) > 1 else named


def names(listed: Sequence[PupilLabel]) -> Sentence:
    """What the pupils are called: Amelia, Noah and Zainab."""
    return _together([each.called for each in listed])


def all_names(listed: Sequence[PupilLabel]) -> Sentence:
    """Everybody by name and initial: Amelia K., Noah K. and Zainab K."""
    return _together([each.name for each in listed])


def _together(several: Sequence[str]) -> Sentence:
    named = [say("{name}", name=name) for name in several]
    if len(named) < 2:  # "and" stands between two
        return join(*named)
    return say(_("{names} and {name}"), names=join(*named[:-1], by=", "), name=named[-1])


def who_are_you(listed: Sequence[PupilLabel]) -> Sentence:
    """The question for the relationship."""
    return say(_("Who are you to {name}?"), name=names(listed))


def relationship(who: Relationship) -> str:
    """What somebody says they are to the pupil."""
    return {
        Relationship.MOTHER: _("Mother"),
        Relationship.FATHER: _("Father"),
        Relationship.CARER: _("Carer"),
        Relationship.GRANDPARENT: _("Grandparent"),
        Relationship.SIBLING: _("Brother or sister"),
        Relationship.OTHER: _("Somebody else"),
    }[who]


def when_back(view: BackAtView) -> Sentence:
    """The question for the time of coming back."""
    if view.purpose is Purpose.LEAVING:
        return say(_("When will you be back?"))
    if len(view.pupils) > 1:
        return say(_("When will they be back?"))
    return say(_("When will {name} be back?"), name=names(view.pupils))


def evidence(shown: Evidence) -> str:
    """What can be shown of an appointment."""
    return {
        Evidence.CARD: _("Appointment card"),
        Evidence.LETTER: _("Letter"),
        Evidence.TEXT_MESSAGE: _("Text message"),
    }[shown]


def request(listed: Sequence[PupilLabel], collector: str, reason: Reason, back_at: time | None) -> Facts:
    """What the office is asked, fact by fact."""
    several = ((_("Pupils"), all_names(listed)),) if len(listed) > 1 else ()
    return (
        *several,
        (_("Collected by"), say("{name}", name=collector)),
        (_("Reason"), reason_words(reason)),
        back(back_at),
    )


def back(at: time | None) -> tuple[str, str]:
    """When the pupil will be back."""
    return (_("Back at about"), clock(at) if at is not None else _("Not back today"))


def release_heading(view: ReleaseView) -> str:
    """How the request stands, in a few words."""
    return {
        ReleaseState.SENDING: _("Please wait for the office"),
        ReleaseState.WAITING: _("Please wait for the office"),
        ReleaseState.OFFLINE: _("The register cannot be reached"),
        ReleaseState.STAFF_ONLY: _("Please ask a member of staff"),
        ReleaseState.SAVING: _("One moment…"),
    }.get(view.state, _("One moment…"))


def release_said(view: ReleaseView) -> Sentence:
    """How the request stands. Nobody leaves until somebody has said yes."""
    waiting = [each.pupil for each in view.pupils if each.state not in SETTLED]
    match view.state:
        case ReleaseState.SENDING:
            said = _("We are asking a member of staff to release {name}.")
        case ReleaseState.WAITING:
            said = _("We have asked a member of staff to release {name}.")
        case ReleaseState.OFFLINE if view.staff_can_release:
            said = _("We keep trying. A member of staff can release {name} here.")
        case ReleaseState.OFFLINE:
            said = _("We keep trying. Please speak to the office about {name}.")
        case ReleaseState.STAFF_ONLY if view.staff_can_release:
            said = _("A member of staff can release {name} here.")
        case ReleaseState.STAFF_ONLY:
            said = _("Please speak to the office about {name}.")
        case _other:
            return ()
    return join(say(said, name=names(waiting)), say(_("Nobody leaves until they have said yes.")), by=" ")


SETTLED = frozenset(
    {
        ReleaseState.SAVING,
        ReleaseState.RELEASED,
        ReleaseState.REFUSED,
        ReleaseState.TAKEN_BACK,
        ReleaseState.NOT_SAVED,
    }
)
"""Nobody waits for an answer about these any more."""


def standing(asked: ReleaseState) -> str:
    """How the request for one pupil stands, where several go."""
    return {
        ReleaseState.SENDING: _("asking"),
        ReleaseState.WAITING: _("waiting"),
        ReleaseState.OFFLINE: _("waiting"),
        ReleaseState.STAFF_ONLY: _("waiting"),
        ReleaseState.SAVING: _("one moment"),
        ReleaseState.RELEASED: _("may go"),
        ReleaseState.REFUSED: _("please speak to the office"),
        ReleaseState.TAKEN_BACK: _("please speak to the office"),
        ReleaseState.NOT_SAVED: _("not recorded, please see the office"),
    }[asked]


def left_heading(view: LeftView) -> Sentence:
    """Who is signed out."""
    if not view.pupils:
        return say(_("Nobody is signed out"))
    if view.alone:
        return say(_("You are signed out"))
    if len(view.pupils) > 1:
        return say(_("{names} are signed out"), names=names(view.pupils))
    return say(_("{name} is signed out"), name=names(view.pupils))


def left_at(view: LeftView) -> Sentence:
    """When; from a clock that is not trusted no time is claimed."""
    if not view.pupils:
        return ()
    if not view.clock_trusted:
        return say(_("The office will confirm the time"))
    return say(_("Signed out at {time}"), time=clock(view.at))


def left_facts(view: LeftView) -> Facts:
    """When they will be back, and who let them go."""
    if not view.pupils:
        return ()
    released = ((_("Released by"), say("{name}", name=view.released_by)),) if view.released_by else ()
    return (*released, back(view.back_at))


def left_next(view: LeftView) -> Sentence:
    """What to do on coming back."""
    if view.back_at is None or not view.pupils:
        return ()
    if view.alone:
        return say(_("When you are back, choose “I’m back” here."))
    return say(_("On coming back, a pupil chooses “I’m back” here."))


def stay(view: LeftView) -> Sentence:
    """Who is not released, and whom to speak to; nothing where everybody is."""
    if not view.stay:
        return ()
    if len(view.stay) > 1:
        return say(
            _("{names} stay in school for now. Please speak to the office."),
            names=all_names(view.stay),
        )
    return say(_("{name} stays in school for now. Please speak to the office."), name=view.stay[0].name)


def not_saved(view: LeftView) -> Sentence:
    """Who is released and not recorded; nothing where everybody is."""
    if not view.not_saved:
        return ()
    if len(view.not_saved) > 1:
        return say(_("{names} are not recorded. Please see the office."), names=all_names(view.not_saved))
    return say(_("{name} is not recorded. Please see the office."), name=view.not_saved[0].name)
