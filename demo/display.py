"""A display of our own where there is none: Xvfb, for the demo, the pictures and the tests.

`python -m demo.display COMMAND …` runs a command with one.
"""

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

STARTS_WITHIN = 15.0
"""Seconds until Xvfb has said which display it has."""
STOPS_WITHIN = 5.0
ANY_SIZE = (1920, 1920)
"""Room for every size of window that the screens are drawn for."""


class DisplayError(RuntimeError):
    """No virtual display can be had; the text says why and what to do."""


@contextmanager
def virtual_display(size: tuple[int, int] = ANY_SIZE) -> Iterator[str]:
    """A virtual display of that size in pixels, as `:N`; gone when the block is left.

    Raises:
        DisplayError: Xvfb is not installed, or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise DisplayError(
            "Xvfb is not installed: install the package xvfb, or set DISPLAY to a display that exists"
        )
    reading, writing = os.pipe()
    width, height = size
    options = ["-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen(  # noqa: S603  # the program was found by name on the PATH, the rest is ours
        [program, "-displayfd", str(writing), *options],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches the window first; the display goes when the block is left
    )
    os.close(writing)
    try:
        yield f":{_display_number(reading, process)}"
    finally:
        os.close(reading)
        _stop(process)


def _display_number(reading: int, process: subprocess.Popen[bytes]) -> int:
    """The number that Xvfb writes, on a line of its own, once it takes connections."""
    said = b""
    deadline = time.monotonic() + STARTS_WITHIN
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(reading, 64) if ready else b""
        if not chunk:
            state = (
                "ended at once"
                if process.poll() is not None
                else f"said nothing within {STARTS_WITHIN:.0f} s"
            )
            raise DisplayError(f"Xvfb {state}: run `Xvfb -displayfd 1` by hand to see why")
        said += chunk
    return int(said)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(command: list[str]) -> int:
    """Run a command with a virtual display; its exit status, or 2 where there is no display to be had."""
    try:
        with virtual_display() as display:
            return subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=False).returncode  # noqa: S603  # the caller's own command
    except DisplayError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command's answer to a person
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
