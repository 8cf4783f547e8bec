"""The texts of a request for release that waits, and of a release with a PIN. Pure."""

from collections.abc import Sequence

from kiosk.screens.wording.common import clock
from kiosk.screens.wording.common import reason as reason_words
from kiosk.screens.wording.leaving import Facts, all_names, back, names, relationship
from kiosk.screens.wording.sentence import Sentence, join, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import (
    PupilLabel,
    ReleaseState,
    ReleaseView,
    ReleaseYesView,
    RequestLine,
    RequestProgress,
)

WITH_THE_OFFICE = (ReleaseState.SENDING, ReleaseState.WAITING)


def release_heading(view: ReleaseView) -> str:
    """The heading of the release screen."""
    if view.office_only:
        if len(_waiting(view)) > 1:
            return _("The office must release these pupils.")
        return _("The office must release this pupil.")
    if view.state in WITH_THE_OFFICE:
        if view.just_asked:
            return _("Thank you. Please take a seat; the office will call you.")
        return _("Please take a seat; the office will call you.")
    return {
        ReleaseState.OFFLINE: _("The register cannot be reached"),
        ReleaseState.STAFF_ONLY: _("Please ask a member of staff"),
    }.get(view.state, _("One moment…"))


def release_text(view: ReleaseView) -> Sentence:
    """The state of the request, and that no pupil leaves before the answer."""
    waiting = _waiting(view)
    if view.office_only:
        return say(_("The office has the request. Please ask the adult to take a seat."))
    match view.state:
        case ReleaseState.SENDING:
            template = _("We are asking a member of staff to release {name}.")
        case ReleaseState.WAITING:
            template = _("We have asked a member of staff to release {name}.")
        case ReleaseState.OFFLINE if view.staff_can_release:
            template = _("We are still trying. A member of staff can release {name} here.")
        case ReleaseState.OFFLINE:
            template = _("We are still trying. Please speak to the office about {name}.")
        case ReleaseState.STAFF_ONLY if view.staff_can_release:
            template = _("A member of staff can release {name} here.")
        case ReleaseState.STAFF_ONLY:
            template = _("Please speak to the office about {name}.")
        case _other:
            return ()
    return join(say(template, name=names(waiting)), say(_("Nobody leaves until they say yes.")), by=" ")


def release_hint(view: ReleaseView) -> str:
    """How to find the request again."""
    if view.office_only or view.state is ReleaseState.SAVING:
        return ""
    return _("Your request stays on the first screen. Press it there to see it again.")


def asked(view: ReleaseView | RequestLine) -> Sentence:
    """When the adult asked; nothing if the clock was not trusted."""
    return say(_("asked at {time}"), time=clock(view.asked_at)) if view.asked_at is not None else ()


def _waiting(view: ReleaseView) -> list[PupilLabel]:
    return [each.pupil for each in view.pupils if each.state not in SETTLED]


SETTLED = frozenset(
    {
        ReleaseState.SAVING,
        ReleaseState.RELEASED,
        ReleaseState.REFUSED,
        ReleaseState.WITHDRAWN,
        ReleaseState.NOT_SAVED,
        ReleaseState.ALREADY_OUT,
    }
)
"""States in which the kiosk no longer waits for an answer."""


def request_state(state: ReleaseState) -> str:
    """The state of one pupil's request, when several leave together."""
    return {
        ReleaseState.SENDING: _("asking"),
        ReleaseState.WAITING: _("waiting"),
        ReleaseState.OFFLINE: _("waiting"),
        ReleaseState.STAFF_ONLY: _("waiting"),
        ReleaseState.SAVING: _("one moment"),
        ReleaseState.RELEASED: _("may go"),
        ReleaseState.REFUSED: _("please speak to the office"),
        ReleaseState.WITHDRAWN: _("please speak to the office"),
        ReleaseState.NOT_SAVED: _("not recorded yet, please see the office"),
        ReleaseState.ALREADY_OUT: _("signed out already"),
    }[state]


def chip(lines: Sequence[RequestLine]) -> Sentence:
    """The chip on home: whose request waits, or how many do. Every answer but a release reads the same."""
    if not lines:
        return ()
    if len(lines) == 1:
        return request_line(lines[0])
    waiting = sum(each.progress in (RequestProgress.WAITING, RequestProgress.ASK_STAFF) for each in lines)
    answered = len(lines) - waiting
    return join(
        say(ngettext("{count} waiting", "{count} waiting", waiting), count=waiting) if waiting else (),
        say(ngettext("{count} answered", "{count} answered", answered), count=answered) if answered else (),
    )


def request_line(line: RequestLine) -> Sentence:
    """Whose request it is, and its state."""
    several = len(line.pupils) > 1
    match line.progress:
        case RequestProgress.WAITING if several:
            return say(_("{names} are waiting"), names=all_names(line.pupils))
        case RequestProgress.WAITING:
            return say(_("{name} is waiting"), name=all_names(line.pupils))
        case RequestProgress.ASK_STAFF:
            return say(_("{name}: please ask a member of staff"), name=all_names(line.pupils))
        case RequestProgress.SIGNED_OUT if several:
            return say(_("{names} are signed out"), names=names(line.pupils))
        case RequestProgress.SIGNED_OUT:
            return say(_("{name} is signed out"), name=names(line.pupils))
        case RequestProgress.SEE_OFFICE:
            return say(_("{name}: please see the office"), name=all_names(line.pupils))


def yes_question(view: ReleaseYesView) -> Sentence:
    """The last question before a release without the family's list."""
    return say(_("Release {names} to {adult}?"), names=all_names(view.pupils), adult=view.collector)


def yes_facts(view: ReleaseYesView) -> Facts:
    """What the adult has said."""
    who = relationship(view.relationship) if view.relationship else _("Not given")
    return (
        (_("Relationship"), who),
        (_("Reason"), reason_words(view.reason)),
        back(view.back_at),
    )


def yes_button(view: ReleaseYesView) -> Sentence:
    """The button that releases."""
    if view.checking:
        return say(_("One moment…"))
    if len(view.pupils) > 1:
        return say(_("Yes, release them"))
    return say(_("Yes, release {name}"), name=names(view.pupils))


def kept_name(view: ReleaseYesView) -> Sentence:
    """Who answers for the release."""
    return say(_("Your name is kept with this release: {name}"), name=view.member)
