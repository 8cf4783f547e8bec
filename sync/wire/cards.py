"""Cards assigned and revoked at the staff screen, and the hash by which a card is known."""

import hashlib
import hmac

from pydantic import Field

from sync.wire.message import Message


class CardAssignment(Message):
    """`PUT /cards/{hash}`: a card belongs to a pupil from now on."""

    pupil: str = Field(min_length=1, max_length=64)
    by: str = Field(min_length=1, max_length=64)
    """The id of the `StaffMember` whose PIN opened the staff screen."""
    instead_of: str | None = Field(default=None, max_length=64)
    """The pupil to take the card from. Without it, a card that is another pupil's is refused (409)."""


class CardRevocation(Message):
    """`POST /pupils/{id}/cards/revoke`: all of a pupil's cards are lost and stop working."""

    by: str = Field(min_length=1, max_length=64)


class CardsResponse(Message):
    """The answer to both."""

    cards: int = Field(ge=0)
    """The number of cards that the pupil has now."""
    bundle_version: str


def card_hash(key: str, card: str) -> str:
    """The keyed hash of a card. Kiosk and register store this only, never the card as it was read.

    Args:
        key: the school's key, in hex, from the bundle.
        card: the card as its driver names it, for example `em4100:0012D687`.
    """
    return hmac.new(bytes.fromhex(key), card.encode(), hashlib.sha256).hexdigest()
