"""What other threads have for the window's: done there, in the order in which it was handed over."""

import queue
from collections.abc import Callable


class HandedOver:
    """Work for one thread, from any."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def put(self, do: Callable[[], None]) -> None:
        """Hand something over; from any thread."""
        self._work.put(do)

    def do_all(self) -> None:
        """Do what is there now; on the thread that it is meant for."""
        while True:
            try:
                do = self._work.get_nowait()
            except queue.Empty:
                return
            do()
