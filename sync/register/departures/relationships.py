"""Whether the relationship that an adult states fits the one on the family's list. Pure.

A kiosk offers six answers (`kiosk.views.Relationship`); a school's records say *Mum*, *step-father* or
*Parent/carer*. Two texts fit when they are the same, or when they name the same kind of relative. In doubt
they do not fit: the office then asks.
"""

import re
from enum import StrEnum


class _Relative(StrEnum):
    """The kinds of relative that a kiosk tells apart; `OTHER` is everyone else."""

    MOTHER = "mother"
    FATHER = "father"
    CARER = "carer"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


_WORDS: dict[str, frozenset[_Relative]] = {
    **dict.fromkeys(("mother", "mum", "mummy", "mam", "mom"), frozenset({_Relative.MOTHER})),
    **dict.fromkeys(("father", "dad", "daddy"), frozenset({_Relative.FATHER})),
    **dict.fromkeys(("parent", "parents"), frozenset({_Relative.MOTHER, _Relative.FATHER})),
    **dict.fromkeys(("carer", "guardian", "childminder"), frozenset({_Relative.CARER})),
    **dict.fromkeys(("grandparent", "grandmother", "grandfather"), frozenset({_Relative.GRANDPARENT})),
    **dict.fromkeys(("grandma", "grandpa", "grandad", "granddad"), frozenset({_Relative.GRANDPARENT})),
    **dict.fromkeys(("gran", "granny", "nan", "nana", "nanna"), frozenset({_Relative.GRANDPARENT})),
    **dict.fromkeys(("sibling", "brother", "sister"), frozenset({_Relative.SIBLING})),
}
_NOT_TELLING = {
    "step",
    "half",
    "foster",
    "adoptive",
    "birth",
    "legal",
    "great",
    "older",
    "elder",
    "and",
    "or",
}
"""Words beside a relative that no answer of a kiosk tells apart."""


def fits(stated: str | None, listed: str) -> bool:
    """Whether the stated relationship fits the listed one, or one of the two is not known."""
    if not _words(stated or "") or not _words(listed):
        return True
    if _words(stated or "") == _words(listed):
        return True
    shared = _relatives(stated or "") & _relatives(listed)
    if shared == {_Relative.OTHER}:  # an aunt is no uncle, though a kiosk calls both "someone else"
        return _Relative.OTHER in (*_words(stated or ""), *_words(listed))
    return bool(shared)


def _words(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return [word.removeprefix("step") or "step" for word in words]


def _relatives(text: str) -> frozenset[_Relative]:
    """The relatives that the text may mean. A word that is not known makes it `OTHER`."""
    words = [word for word in _words(text) if word not in _NOT_TELLING]
    known = [_WORDS.get(word) for word in words]
    if not words or None in known:
        return frozenset({_Relative.OTHER})
    return frozenset().union(*(each for each in known if each is not None))
