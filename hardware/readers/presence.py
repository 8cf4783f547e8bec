"""A card that is held is one tap, however often the reader repeats it."""

GAP_SECONDS = 0.5
"""Ten repeats of an RDM6300 missed in a row: shorter than anybody takes a card away and shows it again."""


class Presence:
    """Which cards are in front of the reader. Pure; instants are seconds of one monotonic clock.

    Cards are followed one by one: two cards in the field whose frames alternate are two taps, not a stream.
    """

    def __init__(self, gap: float = GAP_SECONDS) -> None:
        """`gap`: after so many seconds without its frame a card has gone, and its next frame is a new tap."""
        self._gap = gap
        self._seen: dict[str, float] = {}

    def arrives(self, card: str, at: float) -> bool:
        """A frame of the card came: has the card just arrived (True) or was it there already?"""
        self._seen = {known: last for known, last in self._seen.items() if at - last <= self._gap}
        new = card not in self._seen
        self._seen[card] = at
        return new

    def still(self, card: str, at: float) -> None:
        """The card counts as seen at this instant, because nobody could look before it."""
        self._seen[card] = at
