"""A kiosk's journal on a disk without room: `unshare --map-root-user --mount python -m …full_disk FOLDER`.

It needs the right to mount a disk, if only for itself. Prints what happened as JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

from kiosk.app.folder_lock import lock_folder
from kiosk.disk_faults import sentence_for
from kiosk.disk_key import DiskKey
from kiosk.errors import FolderError
from kiosk.journal.journal import Journal
from tests.kiosk.journal.test_damage import overwrite_pages, page_of
from tests.kiosk.journal.test_journal import entry_with
from tests.kiosk.reception import london

SIZE = "4m"
KEY = DiskKey(bytes(range(32)), bytes(range(16)))


def fill(folder: Path) -> Path:
    """Leave no room on the disk of the folder; returns the file that takes it."""
    fill = folder / "fill"
    with fill.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return fill


def visit(path: Path, room: Path, key: DiskKey | None) -> dict[str, object]:
    """Open a journal without room, record in vain, make room, and record again."""
    journal = Journal(path, lambda: london("09:07"), key)
    was_full, waiting = journal.is_disk_full, len(journal.waiting(99).result())
    error = journal.commit(entry_with).exception()
    tried = journal.try_write().exception()
    room.unlink()
    journal.try_write().result()
    seq = journal.commit(entry_with).result().seq
    after = len(journal.waiting(99).result())
    journal.close()
    return {
        "waiting": waiting,
        "refused": error is not None and tried is not None,
        "full": [was_full, journal.is_disk_full],
        "sentence": sentence_for(error, path.parent) if error else None,
        "seq": seq,
        "after": after,
    }


def main(disk: Path, key: DiskKey | None) -> None:
    """Mount a small disk on the folder and use it, for an encrypted journal if there is a key."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)], check=True)
    path = disk / "state" / "journal.db"
    journal = Journal(path, lambda: london("09:07"), key)
    for _ in range(20):
        journal.commit(entry_with).result()
    journal.close()
    (disk / "new").mkdir()
    told: dict[str, object] = {}
    told["sound"] = visit(path, fill(disk), key)
    told["new"] = visit(disk / "new" / "journal.db", fill(disk), key)
    overwrite_pages(path, [page_of(path, "entries_outbox", key)])
    told["damaged"] = visit(path, fill(disk), key)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        Journal(path, lambda: london("09:07"), key)
    except Exception as error:
        told["read-only"] = sentence_for(error, path.parent)
    try:
        lock_folder(path.parent)
    except FolderError as error:
        told["lock"] = str(error)
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), KEY if "encrypted" in sys.argv else None)
