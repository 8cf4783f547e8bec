"""Files, folders and zips, and malicious zips."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from sync.register.roster import files
from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source, from_paths, unpack
from tests.sync.register.roster.support import csv, names, reading, zipped

PUPILS = "Forename,Surname,Year\nLeo,Price,7\n"


def test_a_zip_is_replaced_by_its_files() -> None:
    source = zipped(
        {"export/pupils.csv": PUPILS, "__MACOSX/._pupils.csv": b"\0\5", "export/notes.docx": b"x"}
    )
    assert names(reading(source)) == ["Leo Price"]


def test_a_folder_is_replaced_by_its_csv_and_xml_files(tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_text(PUPILS)
    (tmp_path / "readme.pdf").write_bytes(b"%PDF")
    assert [source.name for source in from_paths([tmp_path])] == ["pupils.csv"]


def test_a_missing_file_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match=r"nowhere\.csv cannot be read: No such file"):
        from_paths([tmp_path / "nowhere.csv"])


def test_an_empty_folder_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="has no CSV or XML file in it"):
        from_paths([tmp_path])


@pytest.mark.parametrize("name", ["../pupils.csv", "/etc/pupils.csv", "a/../../pupils.csv", "C:\\pupils.csv"])
def test_a_zip_that_points_outside_itself_is_refused(name: str) -> None:
    with pytest.raises(RosterError, match="points outside it"):
        unpack([zipped({name: PUPILS})])


def test_a_zip_bomb_is_stopped_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1024 * 1024)
    bomb = zipped({"pupils.csv": b"0" * (3 * 1024 * 1024)})
    assert len(bomb.content) < 10_000
    with pytest.raises(RosterError, match="unpacks to more than 1 MB"):
        unpack([bomb])


def test_files_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES_IN_ALL", 1000)
    with pytest.raises(RosterError, match="unpacks to more than"):
        unpack([zipped({f"{n}.csv": b"0" * 400 for n in range(4)})])


def test_a_zip_of_very_many_files_is_refused() -> None:
    with pytest.raises(RosterError, match="more than 200 files"):
        unpack([zipped({f"{n}.csv": "" for n in range(201)})])


def test_a_zip_that_lies_about_its_sizes_is_damaged() -> None:
    content = bytearray(zipped({"pupils.csv": PUPILS * 50}).content)
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(RosterError, match="is a damaged zip file"):
        unpack([Source("roster.zip", bytes(content))])


def test_a_truncated_zip_is_reported_in_one_sentence() -> None:
    whole = zipped({"pupils.csv": PUPILS * 50}).content
    with pytest.raises(RosterError, match="is a damaged zip file; export it again"):
        unpack([Source("roster.zip", whole[: len(whole) // 2])])


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_compression_is_reported_in_one_sentence(how: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        archive.writestr("pupils.csv", PUPILS)
    with pytest.raises(RosterError, match="is compressed in a way that no MIS uses"):
        unpack([Source("roster.zip", packed.getvalue())])


def test_a_zip_with_any_byte_changed_is_read_or_reported_in_one_sentence() -> None:
    whole = zipped({"pupils.csv": PUPILS}).content
    for at in range(len(whole)):
        for value in (0, 1, 0xFF):
            content = whole[:at] + bytes([value]) + whole[at + 1 :]
            with suppress(RosterError):
                unpack([Source("roster.zip", content)])


def test_a_zip_with_a_file_without_a_name_is_damaged() -> None:
    content = zipped({"pupils.csv": PUPILS}).content.replace(b"pupils.csv", b"\0upils.csv")
    with pytest.raises(RosterError, match="is a damaged zip file"):
        unpack([Source("roster.zip", content)])


def test_an_encrypted_zip_is_reported_in_one_sentence() -> None:
    content = bytearray(zipped({"pupils.csv": PUPILS}).content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    with pytest.raises(RosterError, match="locked with a password"):
        unpack([Source("roster.zip", bytes(content))])


def test_an_excel_workbook_is_refused_with_advice_to_save_it_as_csv() -> None:
    with pytest.raises(RosterError, match="is an Excel workbook; save it as “CSV UTF-8”"):
        unpack([zipped({"xl/workbook.xml": "<workbook/>"}, name="pupils.xlsx")])


def test_a_zip_without_a_roster_is_reported_in_one_sentence() -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    with pytest.raises(RosterError, match="no CSV or XML file"):
        reading(Source("roster.zip", empty.getvalue()))


def test_two_csv_files_are_not_one_roster() -> None:
    with pytest.raises(RosterError, match=r"CSV is one file, and there are 2 \(a.csv, b.csv\)"):
        reading(csv("x", name="a.csv"), csv("x", name="b.csv"))
