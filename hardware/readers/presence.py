"""Turns the repeated frames of a held card into one tap."""

GAP_SECONDS = 0.5
"""Ten missed repeats of an RDM6300 in a row; too short to take a card away and present it again."""


class Presence:
    """The cards in front of the reader. Pure; instants are seconds of one monotonic clock.

    Tracks each card separately: two cards in the field whose frames alternate make two taps, not a stream.
    """

    def __init__(self, gap: float = GAP_SECONDS) -> None:
        """`gap`: seconds without a frame after which a card is gone and its next frame is a new tap."""
        self._gap = gap
        self._seen: dict[str, float] = {}

    def arrives(self, card: str, at: float) -> bool:
        """Record a frame of the card; return whether the card has just arrived."""
        self._seen = {known: last for known, last in self._seen.items() if at - last <= self._gap}
        new = card not in self._seen
        self._seen[card] = at
        return new

    def extend(self, card: str, at: float) -> None:
        """Count the card as present until this instant, since the port could not be read before it."""
        self._seen[card] = at
