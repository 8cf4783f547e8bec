"""The device end of a pseudo-terminal, which takes the place of a reader's cable."""

import os
import select
import termios
import threading
import tty
from collections.abc import Callable

from hardware.readers.virtual.faults import BABBLE_PERIOD_SECONDS

_CLOSED_POLL_SECONDS = 0.02
"""Interval at which to check whether a program has opened the port; the kernel signals no such event."""


class VirtualLine:
    """A pseudo-terminal and its thread, which passes on the host's bytes and babbles on request."""

    def __init__(
        self, baud: int, *, on_data: Callable[[bytes], None], babble: Callable[[], bytes | None]
    ) -> None:
        """Open the pseudo-terminal and start its thread.

        Args:
            baud: line speed in bits a second.
            on_data: called on the line's thread with the bytes that the host wrote.
            babble: returns the next bytes of babble, or `None` while the line is quiet.

        Raises:
            OSError: no pseudo-terminal is available.
        """
        self._on_data = on_data
        self._babble = babble
        self._master, self.port = _pseudo_terminal(baud)
        self._wake, self._waker = os.pipe()
        self._using = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"virtual reader {self.port}", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether a program has the port open."""
        with self._using:
            return self._has_reader()

    def write(self, data: bytes) -> bool:
        """Send bytes; return whether a program received all. Unread bytes are lost, as on a real line."""
        with self._using:
            if not self._has_reader():
                return False
            try:
                return os.write(self._master, data) == len(data)
            except BlockingIOError:  # a program that does not read
                return False

    def wake(self) -> None:
        """Make the line's thread ask again whether to babble."""
        with self._using:
            if not self._closed:
                os.write(self._waker, b".")

    def close(self) -> None:
        """Hang up. To be called once, and not from the line's own thread."""
        with self._using:
            self._closed = True
            os.close(self._waker)
        self._thread.join()  # no other thread uses the files any more
        os.close(self._master)
        os.close(self._wake)

    def _has_reader(self) -> bool:
        if self._closed:
            return False
        poll = select.poll()
        poll.register(self._master, 0)
        return not any(event & select.POLLHUP for _, event in poll.poll(0))

    def _run(self) -> None:
        while True:
            babble = self._babble()
            if babble:
                self.write(babble)
            is_open = self.is_open
            watched = [self._wake, self._master] if is_open else [self._wake]
            wait = BABBLE_PERIOD_SECONDS if babble else None if is_open else _CLOSED_POLL_SECONDS
            ready = select.select(watched, [], [], wait)[0]
            if self._wake in ready and not os.read(self._wake, 100):
                return
            if self._master in ready:
                self._listen()

    def _listen(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError:  # the port was closed; the next check of `is_open` notices
            return
        if data:
            self._on_data(data)


def _pseudo_terminal(baud: int) -> tuple[int, str]:
    """A pseudo-terminal set up as a reader's line: its open device end, and the path of its port end."""
    master, slave = os.openpty()
    try:
        tty.setraw(slave)
        settings = termios.tcgetattr(slave)
        settings[4] = settings[5] = getattr(termios, f"B{baud}")
        termios.tcsetattr(slave, termios.TCSANOW, settings)
        os.set_blocking(master, False)
        return master, os.ttyname(slave)
    except BaseException:
        os.close(master)
        raise
    finally:
        os.close(slave)  # the settings persist; an open file would look like a program that reads
