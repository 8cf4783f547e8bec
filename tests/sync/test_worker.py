"""Work in a process of its own ends when it takes too long or too much memory."""

import itertools
import os

import pytest

from sync.calendars.events import CalendarFileError
from sync.worker import TooMuchWorkError, in_worker


def test_the_result_comes_back() -> None:
    assert in_worker(sorted, [3, 1, 2]) == [1, 2, 3]
    assert in_worker(os.getpid) != os.getpid()


def test_an_error_comes_back_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError, match="division"):
        in_worker(divmod, 1, 0)
    with pytest.raises(CalendarFileError, match="it is broken"):
        in_worker(_break)


def _break() -> None:
    raise CalendarFileError("it is broken")


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(sum, (itertools.repeat(1),)), (bytes, (1 << 40,)), (list, (range(1 << 60),)), (os._exit, (0,))],
    ids=["for ever", "a lot of memory at once", "more and more memory", "gone without a word"],
)
def test_too_much_work_is_ended_with_a_sentence(function: object, arguments: tuple[object, ...]) -> None:
    with pytest.raises(TooMuchWorkError, match="takes more than 1 s or 256 MB to read"):
        in_worker(function, *arguments, seconds=1, megabytes=256)  # type: ignore[arg-type]
