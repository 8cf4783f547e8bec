"""The token on the kiosk's disk, also when the disk has damaged it."""

from pathlib import Path

import pytest

from kiosk.enrolment import TOKEN_FILE, read_token, store_token
from kiosk.errors import NotEnrolledError


def test_a_stored_token_is_read_back(tmp_path: Path) -> None:
    store_token(tmp_path, "a-token")
    assert read_token(tmp_path) == "a-token"


@pytest.mark.parametrize("left", [b"", b"\n", bytes(44), b"\0\0\0\xff\xfe", b"t\xc3"])
def test_a_damaged_token_is_named_with_what_to_do(tmp_path: Path, left: bytes) -> None:
    (tmp_path / TOKEN_FILE).write_bytes(left)
    with pytest.raises(NotEnrolledError, match=r"token is damaged.*latebook enrol"):
        read_token(tmp_path)


def test_a_missing_token_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolledError, match=r"token is missing.*latebook enrol"):
        read_token(tmp_path)
