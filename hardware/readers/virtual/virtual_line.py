"""The device's end of a pseudo-terminal: what stands in for a reader's cable."""

import os
import select
import termios
import threading
import tty
from collections.abc import Callable

from hardware.readers.virtual.faults import BABBLE_PERIOD_SECONDS

_UNHEARD_SECONDS = 0.02
"""How soon it is noticed that somebody opened the port: until then there is nothing to wait for."""


class VirtualLine:
    """A pseudo-terminal, and a thread that hears what the host writes and babbles if it shall."""

    def __init__(
        self, baud: int, *, hears: Callable[[bytes], None], babble: Callable[[], bytes | None]
    ) -> None:
        """Make it.

        Args:
            baud: how the line is set.
            hears: called with what the host wrote, on the line's thread.
            babble: gives the next bytes to babble, or None while the line is quiet.

        Raises:
            OSError: no pseudo-terminal can be had.
        """
        self._hears = hears
        self._babble = babble
        self._master, self.port = _pseudo_terminal(baud)
        self._wake, self._waker = os.pipe()
        self._using = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"virtual reader {self.port}", daemon=True)
        self._thread.start()

    @property
    def heard(self) -> bool:
        """Whether a program has the port open."""
        with self._using:
            return self._is_heard()

    def write(self, data: bytes) -> bool:
        """Send; whether all of it went to somebody. What nobody takes is lost, as on a real line."""
        with self._using:
            if not self._is_heard():
                return False
            try:
                return os.write(self._master, data) == len(data)
            except BlockingIOError:  # a program that does not read
                return False

    def stir(self) -> None:
        """Look again at whether the line shall babble."""
        with self._using:
            if not self._closed:
                os.write(self._waker, b".")

    def close(self) -> None:
        """Hang up. Once, and not from the line's own thread."""
        with self._using:
            self._closed = True
            os.close(self._waker)
        self._thread.join()  # nothing uses the files any more
        os.close(self._master)
        os.close(self._wake)

    def _is_heard(self) -> bool:
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
            heard = self.heard
            watched = [self._wake, self._master] if heard else [self._wake]
            wait = BABBLE_PERIOD_SECONDS if babble else None if heard else _UNHEARD_SECONDS
            ready = select.select(watched, [], [], wait)[0]
            if self._wake in ready and not os.read(self._wake, 100):
                return
            if self._master in ready:
                self._listen()

    def _listen(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError:  # nobody has the port open any more; the next look at `heard` says so
            return
        if data:
            self._hears(data)


def _pseudo_terminal(baud: int) -> tuple[int, str]:
    """A pseudo-terminal set up as a reader's line: its device end, open, and the path of its port end."""
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
        os.close(slave)  # the settings stay; kept open, it would look as if somebody were listening
