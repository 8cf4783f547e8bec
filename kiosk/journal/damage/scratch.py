"""A folder for a copy of a journal, in memory: a failing or full disk is not written to."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108  a folder of this user's own in it


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """A folder that only this user can read, and that is gone afterwards. What a killed process left of it
    goes with the next one.

    Args:
        path: the journal.

    Raises:
        OSError: there is no room for it.
    """
    parent = IN_MEMORY if IN_MEMORY.is_dir() else path.parent
    prefix = f"latebook-{hashlib.sha256(bytes(path.absolute())).hexdigest()[:16]}-"
    for left in parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as folder:
        yield Path(folder)
