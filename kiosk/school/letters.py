"""A pupil's names as letters: everything that somebody may begin to type to find that pupil."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

from sync.wire import Pupil


def plain_letters(text: str) -> str:
    """The text in capitals A–Z with everything else left out: `Zoë O’Neill` → `ZOEONEILL`."""
    return re.sub("[^A-Z]", "", anyascii(text).upper())


def search_keys(pupil: Pupil) -> set[str]:
    """All that may be typed for a pupil, or begun to be: first, preferred and last name from any of their
    words on, and either run together with the other, the one before with all its words or a single one.

    Amelia-Rose Thornbury is AMELIAROSE…, ROSE…, THORNBURYAMELIA… and also AMELIATHORNBURY.
    """
    firsts = [_words(pupil.first), *([_words(pupil.preferred)] if pupil.preferred else [])]
    last = _words(pupil.last)
    keys = set(_ends(last))
    for first in firsts:
        keys.update(_ends(first))
        keys.update(begin + end for begin in _begins(first) for end in _ends(last))
        keys.update(begin + end for begin in _begins(last) for end in _ends(first))
    return keys


@lru_cache(maxsize=4096)  # most names of a school are several pupils', and several times in one pupil's keys
def _words(name: str) -> tuple[str, ...]:
    composed = unicodedata.normalize("NFC", name)  # an accent by itself is no letter and parts the word
    return tuple(filter(None, map(plain_letters, re.split(r"\W+", composed))))


def _ends(words: tuple[str, ...]) -> Iterator[str]:
    """The name from each of its words on."""
    return ("".join(words[first:]) for first in range(len(words)))


def _begins(words: tuple[str, ...]) -> set[str]:
    """What may be typed of a name before the other one: all of it, or one of its words."""
    return {*words, "".join(words)} - {""}
