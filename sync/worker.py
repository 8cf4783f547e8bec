"""Work on a file from outside, in a process of its own that can be ended.

A small file can ask for endless work: a calendar whose rules expand for ever, tables that take gigabytes. The
parsers have limits of their own; this is the last one, for what they do not foresee. It is run as
`python -m sync.worker`: the function and its arguments come pickled on standard input, the result goes to
standard output.
"""

import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Any, TypeVar

ResultT = TypeVar("ResultT")

SECONDS = 20
"""The most seconds of processor time, and half of the most by the clock. The largest files that schools have
take two."""
MEGABYTES = 1024
"""The most memory, libraries included."""

_MEGABYTE = 1024 * 1024


class TooMuchWorkError(ValueError):
    """The work was ended because it took too long or too much memory. The text ends a sentence about the
    file."""


def in_worker(
    function: Callable[..., ResultT], *arguments: Any, seconds: int = SECONDS, megabytes: int = MEGABYTES
) -> ResultT:
    """Call a function in a process of its own, with limits.

    Args:
        function: defined at the top of a module.
        arguments: its arguments; they and the result can be pickled.
        seconds: the most seconds of processor time; by the clock, twice as many.
        megabytes: the most memory.

    Raises:
        TooMuchWorkError: it took more.
        Exception: what the function raised.
    """
    work = pickle.dumps((function, arguments, seconds, megabytes))
    try:
        done = subprocess.run(  # noqa: S603 -- this program itself, no shell
            [sys.executable, "-m", __name__],
            input=work,
            capture_output=True,
            timeout=2 * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(seconds, megabytes) from error
    if done.returncode != 0 or not done.stdout:  # ended by the system, or by itself
        raise _too_much(seconds, megabytes)
    result, failure = pickle.loads(done.stdout)  # noqa: S301 -- from our own process
    if failure is not None:
        raise failure
    return result  # type: ignore[no-any-return] # what the function returned


def _too_much(seconds: int, megabytes: int) -> TooMuchWorkError:
    return TooMuchWorkError(
        f"it takes more than {seconds} s or {megabytes} MB to read, which no school's file does, so it was"
        " not used"
    )


def main() -> int:
    """Do the work that comes on standard input."""
    function, arguments, seconds, megabytes = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from our own process
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MEGABYTE,) * 2)
    answer: tuple[Any, Exception | None]
    try:
        answer = (function(*arguments), None)
    except (MemoryError, RecursionError):
        return 1
    except Exception as error:  # the caller's to handle
        answer = (None, error)
    sys.stdout.buffer.write(pickle.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
