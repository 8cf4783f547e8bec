"""Every error of the kiosk's exchanges with the register, as one tree.

The text of an error is one sentence for a person.

UplinkError
    RefusedError        401, 403
    NoAnswerError       no answer, or none that can be used
    TooLargeError       413
    CardError           a card was not assigned or revoked
        CardTakenError
    RequestStoppedError
"""

from sync.uplink.obstacles import Obstacle


class UplinkError(Exception):
    """An exchange with the register failed. The text is one sentence for a person."""


class RefusedError(UplinkError):
    """401 or 403: the register does not accept this kiosk."""


class NoAnswerError(UplinkError):
    """There was no answer, or none of the register's own.

    Attributes:
        retry_after_s: seconds that the register asked to wait; 0 if it did not.
        busy: the register answered that it is busy (408, 429, 503), so the request itself is not at fault.
        obstacle: what stands between; `None` when the register itself answered.
    """

    def __init__(
        self,
        message: str,
        retry_after_s: float = 0.0,
        *,
        busy: bool = False,
        obstacle: Obstacle | None = None,
    ) -> None:
        """Create the error; see the attributes."""
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.busy = busy
        self.obstacle = obstacle


class TooLargeError(UplinkError):
    """413: the batch is too large."""


class CardError(UplinkError):
    """No card was changed. The text is one sentence for the member of staff."""


class CardTakenError(CardError):
    """The card is another pupil's; the text is the register's and says whose. Name that pupil in
    `CardAssignment.instead_of` to take the card from them."""


class RequestStoppedError(UplinkError):
    """The request for a release was withdrawn, or the kiosk is stopping: its answer is no longer needed."""
