"""The texts of an adult who brings late children. Pure."""

from attendance.rule import Decision, Outcome
from kiosk.screens.wording.common import clock
from kiosk.screens.wording.done import outcome_text
from kiosk.screens.wording.sentence import Sentence, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import BringView, BroughtView, DoneView


def visit_time(view: BringView) -> Sentence:
    """The visit and the time that will be recorded."""
    return say(_("Bringing a child · {time}"), time=clock(view.started))


def question(view: BringView) -> Sentence:
    """The question for the reason that holds for all children."""
    if not view.reasons:
        return say(_("No reason is needed."))
    if len(view.pupils) > 1:
        return say(_("Why are they late?"))
    return say(_("Why is {name} late?"), name=view.pupils[0].given_name)


def sign_in(view: BringView) -> Sentence:
    """The button that signs the children in."""
    count = len(view.pupils)
    return say(ngettext("Sign in {count} child", "Sign in {count} children", count), count=count)


def heading(view: BroughtView) -> Sentence:
    """How many children are signed in."""
    count = len(view.arrivals)
    return say(ngettext("{count} child is signed in.", "{count} children are signed in.", count), count=count)


def brought_by(view: BroughtView) -> Sentence:
    """The adult whose name is recorded with the arrivals."""
    return say(_("Brought by {name}"), name=view.adult)


def recorded(arrival: DoneView) -> Sentence:
    """What is recorded for one child, in words for the adult."""
    if arrival.already:
        return say(_("Signed in before, at {time}"), time=clock(arrival.at))
    if arrival.unlisted:
        return say(_("The office will find the child on its list"))
    if not arrival.clock_trusted:
        return say(_("The office will confirm the time"))
    if arrival.decision.outcome is Outcome.LATE:
        return _late(arrival.decision)
    words = {
        Outcome.REVIEW: _("The office will choose the mark"),
        Outcome.MISSED_SESSION: _("Here for the afternoon"),
        Outcome.NO_EFFECT: _("Back in school"),
    }.get(arrival.decision.outcome)
    return say(words) if words else outcome_text(arrival)


def not_saved() -> str:
    """What to do about a child whose arrival could not be saved."""
    return _("Not saved yet. The kiosk keeps trying. Please tell the office.")


def _late(decision: Decision) -> Sentence:
    count = decision.minutes_late
    if count is None:
        return say(_("Late"))
    if decision.due is not None:
        template = ngettext(
            "Late, {count} minute after the planned time",
            "Late, {count} minutes after the planned time",
            count,
        )
    else:
        template = ngettext(
            "Late, {count} minute after school began", "Late, {count} minutes after school began", count
        )
    return say(template, count=count)
