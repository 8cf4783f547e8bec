"""What Help says beside each screen: a few plain sentences, each with a picture. Pure.

A grown-up may read them out to a child. The last one is always the way to a person.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, NamedTuple

from kiosk.screens.wording import find
from kiosk.screens.wording.translate import _
from kiosk.views import (
    AskedChildView,
    BackAtView,
    BringView,
    BroughtView,
    BusReasonView,
    BusRouteView,
    BusTypedView,
    BusView,
    CardQuestionView,
    CardView,
    ClassesView,
    ClassNamesView,
    CleaningView,
    ConfirmView,
    DoneView,
    EvidenceView,
    FindView,
    HomeView,
    LeftView,
    NameView,
    PinView,
    PresenceView,
    ProblemView,
    ReasonView,
    RelationshipView,
    ReleaseView,
    ReleaseYesView,
    RequestListView,
    SavingView,
    StaffView,
    UnlistedView,
    View,
    YearView,
)


class Picture(Enum):
    """What is drawn beside a sentence."""

    CARD = auto()
    LATE = auto()
    ADULT = auto()
    CHILD = auto()
    KEYBOARD = auto()
    TOUCH = auto()
    ERASE = auto()
    NOT_LISTED = auto()
    BACK = auto()
    SEAT = auto()
    WAIT = auto()
    DONE = auto()
    LOCK = auto()
    OFFICE = auto()


class HelpLine(NamedTuple):
    """One sentence and its picture."""

    picture: Picture
    words: str


Lines = tuple[HelpLine, ...]


def help_lines(view: View) -> Lines:
    """What can be done on this screen, and whom to ask."""
    return (*_LINES[type(view)](view), HelpLine(Picture.OFFICE, _("Stuck? Ask at the office.")))


def _home(view: HomeView) -> Lines:
    if view.times is None and view.clock_trusted:
        return ()
    lines = []
    if view.card_reader:
        lines.append(HelpLine(Picture.CARD, _("Have a card? Hold it to the reader.")))
    late = _("Late? Touch “{tile}” and type your name.").format(tile=_("I’m late"))
    lines.append(HelpLine(Picture.LATE, late))
    if view.youngest:
        little = _("Too little to read? Touch “{tile}”.").format(tile=_("Little ones"))
        lines.append(HelpLine(Picture.CHILD, little))
    adult = _("Here for a child? Touch “{tile}”.").format(tile=_("Collecting a pupil"))
    return (*lines, HelpLine(Picture.ADULT, adult))


def _find(view: FindView) -> Lines:
    another = view.purpose in find.OF_ANOTHER
    first = (
        _("Type the first letters of the pupil’s name.")
        if another
        else _("Type the first letters of your name.")
    )
    choose = _("Touch the name when you see it.") if another else _("Touch your name when you see it.")
    lines = (HelpLine(Picture.KEYBOARD, first), HelpLine(Picture.TOUCH, choose), _erase())
    if not view.may_be_unlisted:
        return lines
    missing = _("Not there? Touch “{tile}”.").format(tile=find.not_here(view.purpose))
    return (*lines, HelpLine(Picture.NOT_LISTED, missing))


def _erase() -> HelpLine:
    return HelpLine(Picture.ERASE, _("A wrong letter? This key takes it away."))


def _type(_view: View) -> Lines:
    type_it = _("Type with the keys. Then touch “{tile}”.").format(tile=_("Next"))
    return (HelpLine(Picture.KEYBOARD, type_it), _erase())


def _back() -> HelpLine:
    return HelpLine(Picture.BACK, _("A mistake? Touch “{tile}”.").format(tile=_("Back")))


def _answer(_view: View) -> Lines:
    return (HelpLine(Picture.TOUCH, _("Touch the answer that fits best.")), _back())


def _reason(view: ReasonView) -> Lines:
    fits, back = _answer(view)
    if view.required:
        return fits, back
    quiet = _("You need not say why: touch “{tile}”.").format(tile=_("I’d rather not say"))
    return fits, HelpLine(Picture.TOUCH, quiet), back


def _bring(_view: BringView) -> Lines:
    another = _("Another child? Touch “{tile}”.").format(tile=_("Add another child"))
    fits = HelpLine(Picture.TOUCH, _("Touch the answer that fits best."))
    return fits, HelpLine(Picture.CHILD, another), _back()


def _classes(_view: ClassesView) -> Lines:
    return (HelpLine(Picture.TOUCH, _("Touch the picture of your class.")), _back())


def _child(_view: ClassNamesView) -> Lines:
    return (HelpLine(Picture.TOUCH, _("Touch your name when you see it.")), _back())


def _saving(_view: SavingView) -> Lines:
    return (HelpLine(Picture.WAIT, _("Please wait a moment.")),)


def _result(_view: DoneView | LeftView | BroughtView) -> Lines:
    done = _("All is done: touch “{tile}”.").format(tile=_("Done"))
    return HelpLine(Picture.DONE, done), HelpLine(
        Picture.WAIT, _("If you do nothing, the screen closes by itself.")
    )


def _release(_view: ReleaseView) -> Lines:
    return (
        HelpLine(Picture.SEAT, _("Please take a seat. The office will call you.")),
        HelpLine(Picture.WAIT, _("No pupil leaves before the office says yes.")),
    )


def _problem(_view: ProblemView) -> Lines:
    read = _("Read what the screen says. Then touch “{tile}”.").format(tile=_("OK"))
    return (HelpLine(Picture.TOUCH, read),)


def _pin(_view: PinView) -> Lines:
    back = _("Not staff? Touch “{tile}”.").format(tile=_("Back"))
    return HelpLine(Picture.LOCK, _("Only staff have a PIN.")), HelpLine(Picture.BACK, back)


def _staff(_view: View) -> Lines:
    lock = _("For staff only. Touch “{tile}” when you have finished.").format(tile=_("Lock"))
    return (HelpLine(Picture.LOCK, lock),)


def _staff_list(_view: View) -> Lines:
    return (HelpLine(Picture.LOCK, _("For staff only.")), _back())


def _bus(_view: BusView) -> Lines:
    finish = _("All is done: touch “{tile}”.").format(tile=_("Finish"))
    return (
        HelpLine(Picture.CARD, _("Each pupil holds their card to the reader.")),
        HelpLine(Picture.DONE, finish),
    )


_LINES: Mapping[type[View], Callable[[Any], Lines]] = {
    HomeView: _home,
    FindView: _find,
    YearView: _answer,
    UnlistedView: _type,
    ReasonView: _reason,
    SavingView: _saving,
    DoneView: _result,
    LeftView: _result,
    BroughtView: _result,
    BringView: _bring,
    ClassesView: _classes,
    ClassNamesView: _child,
    AskedChildView: _answer,
    NameView: _type,
    RelationshipView: _answer,
    CardQuestionView: _answer,
    BackAtView: _answer,
    EvidenceView: _answer,
    ReleaseView: _release,
    RequestListView: _answer,
    ProblemView: _problem,
    PinView: _pin,
    ReleaseYesView: _staff_list,
    StaffView: _staff,
    ConfirmView: _answer,
    PresenceView: _staff_list,
    CleaningView: _saving,
    CardView: _staff_list,
    BusRouteView: _answer,
    BusTypedView: _type,
    BusReasonView: _answer,
    BusView: _bus,
}
"""The sentences of each view."""
