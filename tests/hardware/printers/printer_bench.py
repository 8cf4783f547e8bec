"""Simulated printers on a real pseudo-terminal and on a real socket."""

import os
import select
import socket
import threading
import tty
from pathlib import Path

from hardware.printers.slip import Slip

SLIP = Slip(
    "Amira Beispiel",
    "7B",
    "09:07, Tuesday 24 November 2026",
    "Late, before the register closed",
    "Bus",
    "0193b2c4-7a6f-7c3e-9a1b",
)
READY = {1: 0x12, 2: 0x12, 4: 0x12}


class SimulatedPrinter:
    """Collects the printed bytes and answers DLE EOT; never answers when `answers` is `None`."""

    def __init__(self) -> None:
        self.answers: dict[int, int] | None = dict(READY)
        self.printed = b""

    def receive(self, data: bytes) -> bytes:
        """Take bytes; return the answers to status queries."""
        answers = b""
        for n in (1, 2, 4):
            status_query = bytes([0x10, 0x04, n])
            if self.answers is not None:
                answers += bytes([self.answers[n]]) * data.count(status_query)
            data = data.replace(status_query, b"")
        self.printed += data
        return answers


class SerialPrinter(SimulatedPrinter):
    """A printer on a pseudo-terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = Path(os.ttyname(slave))
        self._slave = slave
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            ready = select.select([self._master, self._wake], [], [])[0]
            if self._wake in ready:
                return
            os.write(self._master, self.receive(os.read(self._master, 65536)))

    def close(self) -> None:
        os.close(self._waker)
        self._thread.join()
        for file in (self._master, self._slave, self._wake):
            os.close(file)


class NetworkPrinter(SimulatedPrinter):
    """A printer on a local socket, which accepts one connection at a time, as network printers do."""

    def __init__(self) -> None:
        super().__init__()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.connections = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                while data := connection.recv(65536):
                    connection.sendall(self.receive(data))

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
