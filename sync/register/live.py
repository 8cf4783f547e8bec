"""Live updates: pages that watch are told that something has changed, and fetch it themselves.

The one thing that lives in memory. Losing a note costs nothing but time: a page also refreshes itself
now and then, so a second worker that cannot hear this one only shows a change a little later.
"""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class _Watcher:
    school: str
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event


class Notifier:
    """Wakes the pages of a school. May be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchers: set[_Watcher] = set()
        self._closed = False

    def changed(self, school: str) -> None:
        """Something of that school has changed and is committed."""
        with self._lock:
            for watcher in self._watchers:
                if watcher.school == school:
                    watcher.loop.call_soon_threadsafe(watcher.woken.set)

    def close(self) -> None:
        """End every watch, so that the server need not wait for pages that are open."""
        with self._lock:
            self._closed = True
            for watcher in self._watchers:
                watcher.loop.call_soon_threadsafe(watcher.woken.set)

    async def watch(self, school: str) -> AsyncIterator[None]:
        """Yield once at the beginning and then after each change; several in a row may come as one."""
        watcher = _Watcher(school, asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._watchers.add(watcher)
        try:
            while not self._closed:
                yield
                await watcher.woken.wait()
                watcher.woken.clear()
        finally:
            with self._lock:
                self._watchers.discard(watcher)
