"""Looks at the disk with each heartbeat, on the uplink's thread; the staff screen shows what it saw last."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from kiosk.disk import disk_state
from kiosk.journal.journal import Journal, Salvage
from kiosk.journal.told import TOLD_FOR
from kiosk.views import NO_NOTICE, StorageNotice, StorageTrouble
from sync.wire import DiskState, DiskTrouble, PutAside, SeqRange

log = structlog.get_logger()


class StorageCheck:
    """The state of the disk when it was last looked at.

    Args:
        folder: the folder of the journal.
        journal: the journal.
        now: the current instant (aware).
    """

    def __init__(self, folder: Path, journal: Journal, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._journal = journal
        self._now = now
        self._trouble: DiskTrouble | None = None
        self.notice = NO_NOTICE
        """What the staff screen shows of it; written by the uplink's thread, read by the UI thread."""

    def look(self) -> DiskState | None:
        """Look at the disk; `None` if it does not answer. Blocks on the disk."""
        try:
            disk = disk_state(self._folder)
        except OSError as error:
            log.error("disk.no_answer", error=type(error).__name__, code=error.errno)
            return None
        if disk.trouble is not self._trouble:
            self._trouble = disk.trouble
            log.warning("disk.state", trouble=self._trouble and self._trouble.value, free=disk.free)
        salvage = self._journal.put_aside().result()
        if salvage is not None and abs(self._now() - salvage.at) > TOLD_FOR:
            salvage = None
        self.notice = _notice(disk.trouble, salvage)
        return disk if salvage is None else disk.model_copy(update={"put_aside": _put_aside(salvage)})


def _notice(trouble: DiskTrouble | None, salvage: Salvage | None) -> StorageNotice:
    shown = StorageTrouble(trouble.value) if trouble else None
    if salvage is None:
        return StorageNotice(shown)
    return StorageNotice(shown, put_aside=True, saved=salvage.saved, missing=salvage.missing)


def _put_aside(salvage: Salvage) -> PutAside:
    return PutAside(
        file=salvage.put_aside,
        at=salvage.at,
        saved=salvage.saved,
        unreadable=salvage.unreadable,
        missing=tuple(SeqRange(first=first, last=last) for first, last in salvage.missing),
    )
