"""Translates every text of the screens into the current language."""

import gettext
from functools import cache
from pathlib import Path

from attendance.languages import ENGLISH, LANGUAGES

DOMAIN = "latebook"
RIGHT_TO_LEFT = frozenset({"ur"})
FOLDER = Path(__file__).parents[1] / "languages"


@cache
def _catalogue(tag: str) -> gettext.NullTranslations:
    # English needs no catalogue, and a message without a translation falls back to English.
    return gettext.translation(DOMAIN, localedir=FOLDER, languages=[tag], fallback=True)


class _Current:
    tag = ENGLISH


def use(tag: str) -> None:
    """Switch to a language; to English if the kiosk does not have it."""
    _Current.tag = tag if tag in LANGUAGES else ENGLISH


def current_language() -> str:
    """The tag of the current language."""
    return _Current.tag


def translate_to(tag: str, text: str) -> str:
    """A text in the given language."""
    return _catalogue(tag).gettext(text)


def _(text: str) -> str:
    """A text in the current language."""
    return translate_to(_Current.tag, text)


def ngettext(one: str, many: str, count: int) -> str:
    """The plural form for a count, in the current language; Polish has three."""
    return _catalogue(_Current.tag).ngettext(one, many, count)
