"""What a kiosk is told of cards: the cards themselves, and the numbers that a barcode may say instead.

A UPN and an admission number are among them as if they were cards, hashed with the school's key, so that a
library card or a printed list finds its pupil and yet no number is ever on a kiosk.
"""

from collections.abc import Iterable, Mapping

from sync.register.storage.models import PupilRow
from sync.wire import card_hash


def card_index(key: str, pupils: Iterable[PupilRow], cards: Mapping[str, str]) -> dict[str, str]:
    """Every hash that a kiosk finds somebody by, and whom.

    Args:
        key: the school's, in hex.
        pupils: those on roll.
        cards: hash → pupil's id, of real cards; these win over a number of the same hash. Those of pupils
            who are not on roll are left out.

    Returns:
        Hash → pupil's id, in the order of the hashes. A number that two pupils have finds neither.
    """
    on_roll = list(pupils)
    found: dict[str, str | None] = {}
    for pupil in on_roll:
        for number in _numbers(pupil):
            hashed = card_hash(key, number)
            found[hashed] = None if hashed in found else pupil.id
    ids = {pupil.id for pupil in on_roll}
    told = {hashed: pupil for hashed, pupil in found.items() if pupil is not None and hashed not in cards}
    told |= {hashed: pupil for hashed, pupil in cards.items() if pupil in ids}
    return dict(sorted(told.items()))


def owner_of_number(key: str, pupils: Iterable[PupilRow], hashed: str) -> PupilRow | None:
    """The pupil whose UPN or admission number a hash is; None: of nobody, so it may be a card.

    Args:
        key: the school's, in hex.
        pupils: those on roll.
        hashed: what is to be a card, by `sync.wire.card_hash`.
    """
    return next(
        (pupil for pupil in pupils if any(card_hash(key, number) == hashed for number in _numbers(pupil))),
        None,
    )


def _numbers(pupil: PupilRow) -> Iterable[str]:
    """As a kiosk names what it has scanned (`sync.wire.BundleCards`)."""
    if pupil.upn:
        yield f"upn:{pupil.upn}"
    if pupil.admission_number:
        yield f"admission:{pupil.admission_number}"
