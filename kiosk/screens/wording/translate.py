"""Every word on the screens comes through here, in the language that was chosen."""

import gettext
from functools import cache
from pathlib import Path

from attendance.languages import ENGLISH, LANGUAGES

DOMAIN = "latebook"
RIGHT_TO_LEFT = frozenset({"ur"})
FOLDER = Path(__file__).parents[1] / "languages"


@cache
def _catalogue(tag: str) -> gettext.NullTranslations:
    # English is what the code says: it has no catalogue, and no other has a hole that shows.
    return gettext.translation(DOMAIN, localedir=FOLDER, languages=[tag], fallback=True)


class _Chosen:
    tag = ENGLISH


def use(tag: str) -> None:
    """Speak that language from now on; English where there is no such language."""
    _Chosen.tag = tag if tag in LANGUAGES else ENGLISH


def spoken() -> str:
    """The tag of the language in use."""
    return _Chosen.tag


def said_in(tag: str, text: str) -> str:
    """The text in that language."""
    return _catalogue(tag).gettext(text)


def _(text: str) -> str:
    """The text in the language in use."""
    return said_in(_Chosen.tag, text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form that goes with the number, in the language in use: Polish has three."""
    return _catalogue(_Chosen.tag).ngettext(one, many, count)
