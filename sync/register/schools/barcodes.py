"""The card hashes that a kiosk gets: those of cards, and of the numbers that a barcode may hold instead.

UPNs and admission numbers are hashed with the school's key as if they were cards, so that a library card or a
printed list identifies its pupil although no number is stored on a kiosk.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

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
    digits = _usual_digits(on_roll)
    for pupil in on_roll:
        for names in _numbers(pupil, digits):
            hashes = [card_hash(key, name) for name in names]
            if any(hashed in cards for hashed in hashes):
                continue
            for hashed in hashes:
                by_number[hashed] = None if hashed in by_number else pupil.id
    ids = {pupil.id for pupil in on_roll}
    index = {hashed: pupil for hashed, pupil in by_number.items() if pupil is not None}
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
    on_roll = list(pupils)
    digits = _usual_digits(on_roll)
    for pupil in on_roll:
        names = chain.from_iterable(_numbers(pupil, digits))
        if any(card_hash(key, name) == hashed for name in names):
            return pupil
    return None


def _numbers(pupil: PupilRow, digits: int) -> Iterator[list[str]]:
    """Each number in the forms in which a kiosk names what it has scanned (`sync.wire.BundleCards`).

    Spreadsheets drop leading zeros and printers of cards add some, so a number of digits alone has a second
    name, with as many zeros as make it as long as the school's numbers are.
    """
    if pupil.upn:
        yield [f"upn:{pupil.upn}"]
    if number := pupil.admission_number:
        significant = number.lstrip("0")
        folds = _is_digits(number) and len(significant) <= digits
        folded = [f"admission/{digits}:{significant.zfill(digits)}"] if folds else []
        yield [f"admission:{number}", *folded]


def _usual_digits(pupils: Iterable[PupilRow]) -> int:
    """The commonest length of the school's admission numbers, the longest of several; 0 without numbers."""
    lengths = Counter(len(number) for pupil in pupils if _is_digits(number := pupil.admission_number or ""))
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _is_digits(number: str) -> bool:
    return number.isascii() and number.isdecimal()
