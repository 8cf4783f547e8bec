"""Year groups: from the spellings of English schools' systems to the register's N, R, 1 to 14."""

import re

from attendance.years import YEARS
from sync.register.roster.errors import UnknownYearGroupError

_PREFIX = re.compile(r"^(?:national curriculum |nc )?(?:year group|year|yr|y|grade)[\s.:_-]*", re.ASCII)

_NAMED = {
    **dict.fromkeys(("n", "n1", "n2", "nursery", "nursery 1", "nursery 2", "e1", "e2", "-1", "-2"), "N"),
    **dict.fromkeys(("r", "rec", "reception", "0", "00"), "R"),
}
"""N1, N2, E1 and E2 are the DfE's codes for the two years of nursery and of early years."""

_NOT_A_YEAR = {"x": "X means that no National Curriculum year applies"}


def normal_year(text: str) -> str:
    """The year group that a text means.

    Raises:
        UnknownYearGroupError: it is not clear which.
    """
    plain = " ".join(text.casefold().split())
    if not plain:
        raise UnknownYearGroupError("there is no year")
    bare = plain if plain in _NAMED else _PREFIX.sub("", plain, count=1)
    if bare in _NAMED:
        return _NAMED[bare]
    number = bare.removesuffix(".0")  # a number as some spreadsheets write it
    if number.isascii() and number.isdigit() and len(number) <= 3 and str(int(number)) in YEARS:
        return str(int(number))
    why = _NOT_A_YEAR.get(bare, "years are N, R and 1 to 14")
    raise UnknownYearGroupError(f"the year {text.strip()[:20]!r} is not known: {why}")
