"""The token on the kiosk's disk, also when the disk has damaged it."""

from pathlib import Path

import pytest

from kiosk.disk_key import DiskKey
from kiosk.enrolment import ENCRYPTED_TOKEN_FILE, TOKEN_FILE, encrypt_token, read_token, store_token
from kiosk.errors import DiskKeyError, NotEnrolledError

KEY, OTHER = DiskKey(bytes(range(32)), bytes(16)), DiskKey(bytes(32), bytes(16))


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


def files(state: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in state.iterdir()}


def test_an_encrypted_token_is_read_with_its_key_alone(tmp_path: Path) -> None:
    store_token(tmp_path, "a-token", KEY)
    assert read_token(tmp_path, KEY) == "a-token"
    assert list(files(tmp_path)) == [ENCRYPTED_TOKEN_FILE]
    assert b"a-token" not in files(tmp_path)[ENCRYPTED_TOKEN_FILE]
    assert (tmp_path / ENCRYPTED_TOKEN_FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(DiskKeyError, match=r"cannot be decrypted.*put that key back"):
        read_token(tmp_path, OTHER)
    with pytest.raises(DiskKeyError, match=r"is encrypted; name the file of its key.*key_file"):
        read_token(tmp_path)


@pytest.mark.parametrize("left", [b"", bytes(44), b"a-token"])
def test_a_damaged_encrypted_token_is_named_with_what_to_do(tmp_path: Path, left: bytes) -> None:
    (tmp_path / ENCRYPTED_TOKEN_FILE).write_bytes(left)
    with pytest.raises(DiskKeyError, match=r"token-encrypted cannot be decrypted.*latebook enrol"):
        read_token(tmp_path, KEY)


def test_a_plain_token_is_encrypted_and_gone(tmp_path: Path) -> None:
    store_token(tmp_path, "a-token")
    with pytest.raises(DiskKeyError, match=r"is not encrypted yet; run: latebook key encrypt"):
        read_token(tmp_path, KEY)
    for _ in range(2):
        encrypt_token(tmp_path, KEY)
        assert list(files(tmp_path)) == [ENCRYPTED_TOKEN_FILE]
        assert read_token(tmp_path, KEY) == "a-token"


def test_a_new_enrolment_replaces_a_token_that_was_kept_the_other_way(tmp_path: Path) -> None:
    store_token(tmp_path, "old")
    store_token(tmp_path, "new", KEY)
    assert (list(files(tmp_path)), read_token(tmp_path, KEY)) == ([ENCRYPTED_TOKEN_FILE], "new")
    store_token(tmp_path, "newest")
    assert (list(files(tmp_path)), read_token(tmp_path)) == ([TOKEN_FILE], "newest")
