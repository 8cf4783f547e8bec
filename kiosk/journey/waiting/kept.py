"""What the kiosk keeps of requests beyond the moment: on the disk, and for the day."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from kiosk.journey.parts import RequestBook
from kiosk.journey.waiting.request import WaitingRequest
from kiosk.journey.waiting.stored_request import stored
from sync.wire import Pupil


class OfficeOnly:
    """The pupils whom only the office may release today: it has refused, or the register has said so.

    Args:
        today: the date at the school.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._days: dict[str, date] = {}

    def add(self, *pupils: str) -> None:
        """Note pupils, by id, until the day is over."""
        self._days.update(dict.fromkeys(pupils, self._today()))

    def __contains__(self, pupil: Pupil) -> bool:
        return self._days.get(pupil.id) == self._today()

    def ids_among(self, pupils: Iterable[Pupil]) -> tuple[str, ...]:
        """The ids of those of the pupils whom only the office may release."""
        return tuple(each.id for each in pupils if each in self)


class RequestKeeper:
    """Keeps on the disk what a restart has to know of the requests. Writes only what has changed.

    Args:
        book: the disk; `None` to keep nothing.
        office_only: the pupils whom only the office may release.
    """

    def __init__(self, book: RequestBook | None, office_only: OfficeOnly) -> None:
        self._book = book
        self._office_only = office_only
        self._kept: dict[UUID, str] = {}

    def keep(self, waiting: WaitingRequest) -> None:
        """Keep a request until it is settled and on the disk; then only whom the office must release."""
        office_only = self._office_only.ids_among(each.pupil for each in waiting.releases)
        kept = stored(waiting, office_only)
        if not kept.releases and not office_only:
            self.forget(waiting.id)
            return
        text = kept.model_dump_json()
        if self._book is not None and self._kept.get(waiting.id) != text:
            self._kept[waiting.id] = text
            self._book.keep_request(waiting.id, text)

    def forget(self, request: UUID) -> None:
        """Delete a request."""
        self._kept.pop(request, None)
        if self._book is not None:
            self._book.forget_request(request)
