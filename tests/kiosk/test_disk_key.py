"""The file of the key: who may own and read it, what is in it, and that it is never shown."""

import os
from pathlib import Path

import pytest

from kiosk.disk_key import DiskKey, make_key, read_key
from kiosk.errors import DiskKeyError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_key(tmp_path / "disk.key")
    return tmp_path / "disk.key"


def test_a_key_is_made_once_for_this_user_alone(file: Path) -> None:
    made = read_key(file)
    assert (len(made.key), len(made.salt)) == (32, 16)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DiskKeyError, match="exists already; a key is never overwritten"):
        make_key(file)
    assert read_key(file) == made
    make_key(file.with_name("other.key"))
    assert read_key(file.with_name("other.key")) != made


def test_a_key_is_never_printed(file: Path) -> None:
    key = read_key(file)
    assert repr(key) == str(key) == "DiskKey()"


def test_a_sealed_text_opens_with_its_key_alone_and_only_unchanged(file: Path) -> None:
    key = read_key(file)
    sealed = key.seal("a token")
    assert key.unseal(sealed) == "a token"
    assert b"a token" not in sealed
    assert key.seal("a token") != sealed
    for spoiled in (sealed[:-1], sealed[:20] + b"\0" + sealed[21:], b"", b"short"):
        with pytest.raises(ValueError, match="another key, or has been changed"):
            key.unseal(spoiled)
    with pytest.raises(ValueError, match="another key"):
        DiskKey(os.urandom(32), key.salt).unseal(sealed)


@pytest.mark.parametrize("mode", [0o644, 0o620, 0o601, 0o666])
def test_a_key_that_other_users_can_use_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(DiskKeyError, match="can be used by other users of this machine; run: chmod 600"):
        read_key(file)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_the_owners_rights_are_enough(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert len(read_key(file).key) == 32


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to a group or to another user")
def test_root_may_let_a_group_read_the_key_and_no_other_user_may_own_it(file: Path) -> None:
    file.chmod(0o440)  # as a service manager hands a credential over
    assert len(read_key(file).key) == 32
    os.chown(file, 12345, 12345)
    file.chmod(0o600)
    with pytest.raises(DiskKeyError, match="belongs to another user"):
        read_key(file)


def test_a_missing_key_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DiskKeyError, match=r"disk\.key is missing.*Nothing was changed"):
        read_key(tmp_path / "disk.key")
    with pytest.raises(DiskKeyError, match="is not a file"):
        read_key(tmp_path)


@pytest.mark.parametrize("content", ["", "secret\n", "ab" * 47, "ab" * 49, "zz" * 48, "ab" * 5000, "é" * 48])
def test_a_file_that_is_no_key_is_named_and_not_shown(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(DiskKeyError, match="is not a key; a key is one line of 96 hex digits") as refused:
        read_key(file)
    assert not content or content not in str(refused.value)
