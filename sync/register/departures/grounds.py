"""How the office knows that an adult may collect a pupil, where the adult's claim differs from the family's
list. The answer is kept with the release."""

from enum import StrEnum


class Ground(StrEnum):
    """The answers that the office page offers."""

    TELEPHONED = "telephoned"
    IN_WRITING = "in-writing"
    KNOWN = "known"
    OTHER = "other"


GROUND_LABELS = {
    Ground.TELEPHONED: "Rang the family on a number we hold; they agreed",
    Ground.IN_WRITING: "A parent agreed in writing; saw the adult’s ID",
    Ground.KNOWN: "We know the adult; the list is out of date",
    Ground.OTHER: "Another way",
}
"""As they are offered and kept. The last is kept in the releaser's own words."""


def grounds_text(how: str, more: str) -> str:
    """The answer that is kept: the choice with what was added to it, or the releaser's own words.

    Empty when no answer was chosen, or “another way” without a word.

    Args:
        how: a `Ground`; anything else counts as no choice.
        more: what the releaser wrote.
    """
    own = more.strip()
    if how not in set(Ground) or how == Ground.OTHER:
        return own
    return ": ".join(filter(None, (GROUND_LABELS[Ground(how)], own)))
