"""The card hashes that a kiosk gets: those of cards, and of the numbers that a barcode may hold instead.

UPNs and admission numbers are hashed with the school's key as if they were cards, so that a library card or a
printed list identifies its pupil although no number is stored on a kiosk.
"""

from collections.abc import Iterable, Mapping

from sync.register.storage.models import PupilRow
from sync.wire import card_hash


def card_index(key: str, pupils: Iterable[PupilRow], cards: Mapping[str, str]) -> dict[str, str]:
    """Every hash by which a kiosk identifies a pupil.

    Args:
        key: the school's key, in hex.
        pupils: the pupils on roll.
        cards: hash → pupil's id, of real cards, which take precedence over numbers. Cards of pupils who are
            not on roll are left out.

    Returns:
        Hash → pupil's id, sorted by hash. A number that two pupils share identifies neither.
    """
    on_roll = list(pupils)
    by_number: dict[str, str | None] = {}
    for pupil in on_roll:
        for number in _numbers(pupil):
            hashed = card_hash(key, number)
            by_number[hashed] = None if hashed in by_number else pupil.id
    ids = {pupil.id for pupil in on_roll}
    index = {
        hashed: pupil for hashed, pupil in by_number.items() if pupil is not None and hashed not in cards
    }
    index |= {hashed: pupil for hashed, pupil in cards.items() if pupil in ids}
    return dict(sorted(index.items()))


def owner_of_number(key: str, pupils: Iterable[PupilRow], hashed: str) -> PupilRow | None:
    """The pupil whose UPN or admission number a hash is of; `None` if it is no pupil's, so that it may be a
    card.

    Args:
        key: the school's key, in hex.
        pupils: the pupils on roll.
        hashed: the card to check, by `sync.wire.card_hash`.
    """
    return next(
        (pupil for pupil in pupils if any(card_hash(key, number) == hashed for number in _numbers(pupil))),
        None,
    )


def _numbers(pupil: PupilRow) -> Iterable[str]:
    """The numbers in the form in which a kiosk names what it has scanned (`sync.wire.BundleCards`)."""
    if pupil.upn:
        yield f"upn:{pupil.upn}"
    if pupil.admission_number:
        yield f"admission:{pupil.admission_number}"
