"""Several processes that serve one port. They share the listening socket and the database, nothing else."""

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
"""How long a worker may take to stop before it is killed; longer than its own grace for requests in hand."""
HASTY_S = 1.0
"""A worker that died is started again no sooner than this, so that one that cannot live does not spin."""

_spawn = multiprocessing.get_context("spawn")  # a forked copy would have its parent's connections and threads


class Serve(Protocol):
    """What a worker does. It is sent to its process by pickle."""

    def __call__(self, listener: socket.socket, parent_gone: threading.Event) -> None:
        """Serve the socket until SIGINT, SIGTERM or the end of the parent."""


def run_workers(serve: Serve, listener: socket.socket, number: int) -> None:
    """Run that many workers until SIGINT or SIGTERM; one that dies is started again.

    Args:
        serve: what each does, in a process of its own.
        listener: the socket that all of them serve.
        number: how many.
    """
    with _told_to_stop() as told:
        workers = [_start(serve, listener) for _ in range(number)]
        while not _readable(told, [worker.sentinel for worker in workers]):
            for at, worker in enumerate(workers):
                if worker.exitcode is not None:
                    log.error("worker.died", status=worker.exitcode)
                    if _readable(told, [], HASTY_S):
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
    """A worker whose parent was killed would serve on, unseen, and keep the port."""
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


def _readable(told: int, sentinels: list[int], timeout: float | None = None) -> bool:
    """Wait for a signal or for a worker's end; whether it was a signal."""
    return told in wait([told, *sentinels], timeout)


@contextmanager
def _told_to_stop() -> Iterator[int]:
    """A pipe that can be read from once SIGINT or SIGTERM has come."""
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
