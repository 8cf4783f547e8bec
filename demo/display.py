"""A virtual display (Xvfb) for the demo, the pictures and the tests on a machine without a display.

`python -m demo.display COMMAND …` runs a command with one. Hand-written because PyVirtualDisplay's last
release, 3.0, is from February 2022, and its errors do not say what to install.
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
"""Seconds until Xvfb has reported its display number."""
STOPS_WITHIN = 5.0
ANY_SIZE = (1920, 1920)
"""Large enough for every window size of the design."""


class DisplayError(RuntimeError):
    """The virtual display cannot start; the text says why and what to do."""


@contextmanager
def virtual_display(size: tuple[int, int] = ANY_SIZE) -> Iterator[str]:
    """Start a virtual display of this size in pixels and yield its name, `:N`; it ends with the block.

    Raises:
        DisplayError: Xvfb is not installed, or does not start.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise DisplayError(
            "Xvfb is not installed: install the package xvfb, or set DISPLAY to an existing display"
        )
    reading, writing = os.pipe()
    width, height = size
    options = ["-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen(  # noqa: S603  # the program is found on the PATH, the arguments are ours
        [program, "-displayfd", str(writing), *options],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C must reach the window first; the display ends with the block
    )
    os.close(writing)
    try:
        yield f":{_display_number(reading, process)}"
    finally:
        os.close(reading)
        _stop(process)


def _display_number(reading: int, process: subprocess.Popen[bytes]) -> int:
    """The display number, which Xvfb writes as a line once it accepts connections."""
    output = b""
    deadline = time.monotonic() + STARTS_WITHIN
    while not output.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(reading, 64) if ready else b""
        if not chunk:
            state = "ended" if process.poll() is not None else f"did not start within {STARTS_WITHIN:.0f} s"
            raise DisplayError(f"Xvfb {state}: run `Xvfb -displayfd 1` by hand to see why")
        output += chunk
    return int(output)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(command: list[str]) -> int:
    """Run a command with a virtual display; returns its exit status, or 2 if the display cannot start."""
    try:
        with virtual_display() as display:
            return subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=False).returncode  # noqa: S603  # the command that the user typed
    except DisplayError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the error message of a command
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
