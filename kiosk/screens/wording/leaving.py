"""The texts of collecting and of leaving alone. Pure.

They are the same for a contact, a stranger and an adult who may not collect: only the office knows which.
"""

from collections.abc import Sequence
from datetime import time

from attendance.reasons import Reason
from kiosk.screens.wording.common import clock, in_list, unbroken
from kiosk.screens.wording.common import reason as reason_words
from kiosk.screens.wording.sentence import Sentence, join, say
from kiosk.screens.wording.translate import _
from kiosk.views import (
    BackAtView,
    CardQuestionView,
    Evidence,
    LeftView,
    PupilLabel,
    Purpose,
    Relationship,
)

Facts = tuple[tuple[str, str | Sentence], ...]
"""Pairs of a label and a value."""


def pupils(listed: Sequence[PupilLabel]) -> Sentence:
    """The first pupil and how many more there are: Amelia K. · 7B +2."""
    if not listed:
        return ()
    first = listed[0]
    named = join(say("{name}", name=first.name), say("{form}", form=first.form))
    return join(named, say("+{count}", count=len(listed) - 1), by=" ") if len(listed) > 1 else named


def form_and_others(pupil: PupilLabel, others: int) -> Sentence:
    """The pupil's form, and how many pupils of the family leave with them: 7B +2."""
    form = say("{form}", form=pupil.form)
    return join(form, say("+{count}", count=others), by=" ") if others else form


def names(listed: Sequence[PupilLabel]) -> Sentence:
    """First names: Amelia, Noah and Zainab."""
    return _list_of([each.given_name for each in listed])


def all_names(listed: Sequence[PupilLabel]) -> Sentence:
    """Names with initials: Amelia K., Noah K. and Zainab K."""
    return _list_of([each.name for each in listed])


def _list_of(names: Sequence[str]) -> Sentence:
    if len(names) < 2:  # no "and" for one name
        return join(*(say("{name}", name=name) for name in names))
    first, *others = (say("{name}", name=unbroken(name)) for name in names)
    return say(_("{names} and {name}"), names=in_list([first, *others[:-1]]), name=others[-1])


def who_are_you(listed: Sequence[PupilLabel]) -> Sentence:
    """The question of the relationship screen."""
    return say(_("Who are you to {name}?"), name=names(listed))


def card_question(view: CardQuestionView) -> Sentence:
    """The question about a card, below its owner's name."""
    if view.purpose is Purpose.LEAVING:
        return say(_("Are you leaving, or have you just come in?"))
    return say(_("Are you collecting this pupil, or have they just come in?"))


def card_means_leaving(view: CardQuestionView) -> Sentence:
    """The answer that the card's owner is leaving."""
    if view.purpose is Purpose.LEAVING:
        return say(_("I am leaving"))
    return say(_("I am collecting {name}"), name=view.pupil.given_name)


def card_means_arrival(view: CardQuestionView) -> Sentence:
    """The answer that the card's owner has arrived."""
    return say(_("{name} has just come in"), name=view.pupil.given_name)


def relationship(who: Relationship) -> str:
    """The adult's relationship to the pupil."""
    return {
        Relationship.MOTHER: _("Mother"),
        Relationship.FATHER: _("Father"),
        Relationship.CARER: _("Carer"),
        Relationship.GRANDPARENT: _("Grandparent"),
        Relationship.SIBLING: _("Brother or sister"),
        Relationship.OTHER: _("Someone else"),
    }[who]


def when_back(view: BackAtView) -> Sentence:
    """The question of the back-at screen."""
    if view.purpose is Purpose.LEAVING:
        return say(_("When will you be back?"))
    if len(view.pupils) > 1:
        return say(_("When will they be back?"))
    return say(_("When will {name} be back?"), name=names(view.pupils))


def evidence(kind: Evidence) -> str:
    """A kind of evidence for an appointment."""
    return {
        Evidence.CARD: _("Appointment card"),
        Evidence.LETTER: _("Letter"),
        Evidence.TEXT_MESSAGE: _("Text message"),
    }[kind]


def request(listed: Sequence[PupilLabel], collector: str, reason: Reason, back_at: time | None) -> Facts:
    """The facts of a request for release."""
    several = ((_("Pupils"), all_names(listed)),) if len(listed) > 1 else ()
    return (
        *several,
        (_("Collected by"), say("{name}", name=collector)),
        (_("Reason"), reason_words(reason)),
        back(back_at),
    )


def back(at: time | None) -> tuple[str, str]:
    """The fact of when the pupil will be back."""
    return (_("Back at about"), clock(at) if at is not None else _("Not back today"))


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
    """When they signed out; an untrusted clock gives no time."""
    if not view.pupils:
        return ()
    if not view.clock_trusted:
        return say(_("The office will confirm the time"))
    return say(_("Signed out at {time}"), time=clock(view.at))


def left_facts(view: LeftView) -> Facts:
    """Who released the pupils, and when they will be back."""
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
    return say(_("When they are back, pupils choose “I’m back” here."))


def stay(view: LeftView) -> Sentence:
    """Which pupils are not released; empty when all are."""
    if not view.not_released:
        return ()
    if len(view.not_released) > 1:
        return say(
            _("{names} stay in school for now. Please speak to the office."),
            names=all_names(view.not_released),
        )
    return say(
        _("{name} stays in school for now. Please speak to the office."), name=view.not_released[0].name
    )


def not_saved(view: LeftView) -> Sentence:
    """Which released pupils could not be recorded; empty when all were."""
    if not view.not_saved:
        return ()
    if len(view.not_saved) > 1:
        return say(_("{names} are not recorded yet. Please see the office."), names=all_names(view.not_saved))
    return say(_("{name} is not recorded yet. Please see the office."), name=view.not_saved[0].name)
