"""The journal on a disk that is full or read-only: a real one, mounted for the test alone."""

import json
import subprocess
import sys
from typing import Any

import pytest

UNSHARE = ["unshare", "--map-root-user", "--mount"]


@pytest.fixture(scope="module", params=["plain", "encrypted"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    may = subprocess.run([*UNSHARE, "true"], capture_output=True, check=False)
    if may.returncode != 0:
        pytest.skip(f"this user may not mount a disk: {may.stderr.decode().strip()}")
    folder = tmp_path_factory.mktemp("disk")
    command = [*UNSHARE, sys.executable, "-m", "tests.kiosk.journal.full_disk", str(folder), request.param]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize(("journal", "waiting"), [("sound", 20), ("damaged", 21)])
def test_a_full_disk_at_the_start_hides_no_entry_and_records_once_there_is_room(
    told: dict[str, Any], journal: str, waiting: int
) -> None:
    assert told[journal] == {
        "waiting": waiting,
        "refused": True,
        "full": [True, False],
        "sentence": told[journal]["sentence"],
        "seq": waiting + 1,
        "after": waiting + 1,
    }


def test_a_kiosk_that_starts_for_the_first_time_on_a_full_disk_records_once_there_is_room(
    told: dict[str, Any],
) -> None:
    assert (told["new"]["waiting"], told["new"]["refused"], told["new"]["seq"]) == (0, True, 1)


def test_a_read_only_disk_is_named_with_what_to_do(told: dict[str, Any]) -> None:
    for sentence in (told["read-only"], told["lock"]):
        assert "is read-only, as a failing one becomes; start the machine again" in sentence
