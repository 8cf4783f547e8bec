"""The texts of a late bus. Pure."""

from kiosk.screens.wording.common import clock, reason
from kiosk.screens.wording.sentence import Sentence, join, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import BusView, PassengerLine, PassengerState


def title(view: BusView) -> Sentence:
    """The route and the reason of every passenger."""
    return join(say("{route}", route=view.route), say(reason(view.reason)))


def latest(line: PassengerLine) -> str:
    """What happened to the newest passenger, below the name."""
    return {
        PassengerState.SAVING: _("One moment…"),
        PassengerState.SIGNED_IN: _("is signed in"),
        PassengerState.ALREADY: _("was signed in already"),
        PassengerState.UNDONE: _("is not signed in: undone"),
        PassengerState.NOT_SAVED: _("is not saved yet; this kiosk keeps trying"),
        PassengerState.CLOSED: _("has no school now; please ask the office"),
        PassengerState.SAME_NAME: _("Two pupils have this name: use the card, or ask the office"),
    }[line.state]


def brief(line: PassengerLine) -> Sentence:
    """A passenger's form and time, or why they are not signed in."""
    problem = {
        PassengerState.SAVING: _("One moment…"),
        PassengerState.ALREADY: _("signed in already"),
        PassengerState.UNDONE: _("undone"),
        PassengerState.NOT_SAVED: _("not saved yet"),
        PassengerState.CLOSED: _("no school now"),
        PassengerState.SAME_NAME: _("two of this name"),
    }.get(line.state)
    if problem is not None:
        return say(problem)
    return join(say("{form}", form=line.pupil.form), say("{time}", time=clock(line.at)))


def count(view: BusView) -> Sentence:
    """How many passengers are signed in."""
    return say(
        ngettext("{count} signed in from this bus", "{count} signed in from this bus", view.count),
        count=view.count,
    )


def invitation(view: BusView) -> str:
    """What to do next."""
    return _("Tap the next card") if view.card_reader else _("No card reader: find each pupil by name")


def ends(view: BusView) -> Sentence:
    """When the bus ends by itself; or that an undo could not be saved."""
    if view.undo_failed:
        return say(_("This kiosk could not save that, so nothing was changed."))
    return say(
        ngettext(
            "Ends by itself after {count} minute without a card.",
            "Ends by itself after {count} minutes without a card.",
            view.minutes,
        ),
        count=view.minutes,
    )


def undo(view: BusView) -> Sentence:
    """The button that takes the newest arrival back; empty without one."""
    return say(_("Undo {name}"), name=view.undo.pupil.name) if view.undo is not None else ()
