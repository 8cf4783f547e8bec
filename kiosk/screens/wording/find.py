"""The texts of the find and year screens, by the purpose of the visit. Pure."""

from kiosk.screens.wording.common import clock
from kiosk.screens.wording.sentence import Sentence, say
from kiosk.screens.wording.translate import _
from kiosk.views import FindView, Purpose, UnlistedView

LETTERS_BEFORE_NAMES = 2
"""No name is shown before this many letters."""
MOST_NAMES = 6
"""No more names are shown than this."""
OF_ANOTHER = (Purpose.COLLECTING, Purpose.BRINGING, Purpose.SIBLING, Purpose.CARD, Purpose.BUS)
"""The purposes for which the user types another person’s name."""


def question(view: FindView) -> str:
    """The question above the letters."""
    if view.chosen:
        bringing = view.purpose is Purpose.BRINGING
        return _("Who else are you bringing?") if bringing else _("Who else are you collecting?")
    return {
        Purpose.COLLECTING: _("Who are you collecting?"),
        Purpose.BRINGING: _("Who are you bringing?"),
        Purpose.SIBLING: _("Who is with you?"),
        Purpose.CARD: _("Whose card is it?"),
        Purpose.BUS: _("Who has no card?"),
    }.get(view.purpose, _("What is your name?"))


def visit_time(view: FindView | UnlistedView) -> Sentence:
    """The visit and the time that will be recorded; collecting shows its steps instead, and an adult the
    children named before."""
    if isinstance(view, FindView) and view.chosen:
        return ()
    template = {
        Purpose.LATE: _("Sign in late · {time}"),
        Purpose.SIBLING: _("Sign in late · {time}"),
        Purpose.BRINGING: _("Bringing a child · {time}"),
        Purpose.LEAVING: _("Sign out · {time}"),
        Purpose.RETURNING: _("Sign back in · {time}"),
    }.get(view.purpose)
    return say(template, time=clock(view.started)) if template else ()


def not_here(purpose: Purpose) -> str:
    """The tile for a pupil who is not on the list."""
    return _("The name isn’t here") if purpose in OF_ANOTHER else _("My name isn’t here")


def unlisted_question(view: UnlistedView) -> str:
    """The question about a pupil who is not on the list: first for the name, then for the form."""
    if view.purpose in OF_ANOTHER:
        return _("Which form is the pupil in?") if view.form_of else _("What is the pupil’s name?")
    return _("Which form are you in?") if view.form_of else _("What is your name?")


def unlisted_hint(view: UnlistedView) -> Sentence:
    """How to answer it."""
    if view.form_of:
        return say(_("Type the form, such as {form}. If you do not know it, touch Next."), form="7B")
    if view.purpose in OF_ANOTHER:
        return say(
            _("Please type the first name and the surname. The office will find the pupil on its list.")
        )
    return say(_("Please type your first name and your surname. The office will find you on its list."))


def is_this(purpose: Purpose) -> str:
    """The question about a pupil whose name is only nearly spelt as typed."""
    if purpose in OF_ANOTHER:
        return _("Is this the pupil?")
    return _("Is this you?")


def yes(purpose: Purpose) -> str:
    """The answer that chooses the pupil."""
    if purpose in OF_ANOTHER:
        return _("Yes, this pupil")
    return _("Yes, that’s me")


def hint(view: FindView) -> Sentence:
    """What to do next, or why a letter found no one."""
    if view.refused_letter and (view.matches or len(view.letters) < LETTERS_BEFORE_NAMES):
        return _grey_letter(view)
    return say(_next_step(view))


def _next_step(view: FindView) -> str:
    typed = len(view.letters) >= LETTERS_BEFORE_NAMES
    if typed and not view.matches:
        return _no_match(view.purpose)
    if view.approximate:
        return _("Nearly. No name here is spelt like this; one letter may be wrong.")
    if view.has_more and not view.next_letters:  # more pupils have these initials than are listed
        return _("There are more. Erase a letter, then type the first name.")
    if view.has_more:
        full = len(view.matches) == MOST_NAMES
        return _("There are more. Type another letter.") if full else _("Not listed? Type another letter.")
    if view.purpose in OF_ANOTHER:
        return _("Type the first letters of their name, or their initials.")
    return _("Type the first letters of your name, or your initials.")


def _grey_letter(view: FindView) -> Sentence:
    if view.purpose is Purpose.RETURNING:
        return say(_("No pupil with this name is signed out here."))
    if view.year is not None:
        return say(_("No pupil in this year has this name."))
    if not view.letters:
        return say(_("No name here starts with {letter}."), letter=view.refused_letter)
    return say(_("No name here has {letter} next."), letter=view.refused_letter)


def _no_match(purpose: Purpose) -> str:
    if purpose is Purpose.RETURNING:
        return _("No pupil with these letters is signed out here today. Erase one, or ask at the office.")
    return _("No pupil has these letters. Erase one, or ask at the office.")


def empty(view: FindView) -> str:
    """The text in the place of the results while there are none."""
    if view.matches:
        return ""
    if len(view.letters) >= LETTERS_BEFORE_NAMES:
        return _("No name found")
    if view.purpose is Purpose.RETURNING:
        return _("Names of those who are signed out appear here after two letters")
    return _("Names appear here after two letters")


def which_year(purpose: Purpose) -> str:
    """The question of the year screen."""
    if purpose in OF_ANOTHER:
        return _("Which year is the pupil in?")
    return _("Which year are you in?")


def year(group: str) -> Sentence:
    """A year group's name: Nursery, Reception, Year 3."""
    named = {"N": _("Nursery"), "R": _("Reception")}
    return say(named[group]) if group in named else say(_("Year {number}"), number=group)
