"""Several processes that serve one port. They share the listening socket and the database, nothing else.

Uvicorn's own supervisor (0.54) is not enough: its workers outlive a parent that was killed and keep the port,
it waits without limit for a worker that does not stop, restarts one that keeps failing without a pause, and
starts only its own `Server` class, which would wait for open live updates.
"""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Protocol

import structlog

log = structlog.get_logger()

FINISH_S = 10
"""Seconds that a worker may take to stop before it is killed: longer than its own grace for open requests."""
RESTART_PAUSE_S = 1.0
"""Seconds before a worker that died is replaced, so that one that always fails does not spin."""

_spawn = multiprocessing.get_context("spawn")  # a forked copy would have its parent's connections and threads


class Serve(Protocol):
    """The work of a worker. It is pickled for its process."""

    def __call__(self, listener: socket.socket, parent_gone: threading.Event) -> None:
        """Serve the socket until SIGINT, SIGTERM or the end of the parent."""


def run_workers(serve: Serve, listener: socket.socket, number: int) -> None:
    """Run workers until SIGINT or SIGTERM; replace those that die.

    Args:
        serve: the work of each, in a process of its own.
        listener: the socket that all of them serve.
        number: the number of workers.
    """
    with _stop_signals() as stop:
        workers = [_start(serve, listener) for _ in range(number)]
        while not _readable(stop, [worker.sentinel for worker in workers]):
            for at, worker in enumerate(workers):
                if worker.exitcode is not None:
                    log.error("worker.died", status=worker.exitcode)
                    if _readable(stop, [], RESTART_PAUSE_S):
                        break
                    workers[at] = _start(serve, listener)
        _stop(workers)


def _start(serve: Serve, listener: socket.socket) -> SpawnProcess:
    worker = _spawn.Process(target=_work, args=(serve, listener), name="register worker")
    worker.start()
    log.info("worker.started", pid=worker.pid)
    return worker


def _work(serve: Serve, listener: socket.socket) -> None:
    gone = threading.Event()
    threading.Thread(target=_watch_parent, args=(gone,), name="parent", daemon=True).start()
    serve(listener, gone)


def _watch_parent(gone: threading.Event) -> None:
    """Set `gone` when the parent ends. Otherwise a worker whose parent was killed would keep serving the
    port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    gone.set()


def _stop(workers: list[SpawnProcess]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(FINISH_S)
        if worker.exitcode is None:
            log.warning("worker.killed", pid=worker.pid)
            worker.kill()
            worker.join()


def _readable(stop: int, sentinels: list[int], timeout: float | None = None) -> bool:
    """Wait for a signal or the end of a worker; return whether it was a signal."""
    return stop in wait([stop, *sentinels], timeout)


@contextmanager
def _stop_signals() -> Iterator[int]:
    """A pipe that becomes readable on SIGINT or SIGTERM."""
    reading, writing = os.pipe()

    def note(_number: int, _frame: FrameType | None) -> None:
        os.write(writing, b".")

    before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {
        number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield reading
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
