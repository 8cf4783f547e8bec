"""The DfE's Common Transfer File, and malicious XML."""

import pytest

from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source
from sync.register.roster.opening import open_roster
from sync.register.roster.roster import Format
from tests.sync.register.roster.support import TODAY, faults, names, reading, upn

PUPIL = """
    <Pupil>
      <UPN>{upn}</UPN><Surname>{last}</Surname><Forename>{first}</Forename>
      <DOB>2015-02-01</DOB><Sex>F</Sex>
      <BasicDetails><PreferredForename>Millie</PreferredForename><NCyearActual>{year}</NCyearActual></BasicDetails>
      <Address><Postcode>ZZ1 1ZZ</Postcode></Address>
      <Contacts><Contact><Surname>Grown</Surname><Forename>Up</Forename></Contact></Contacts>
    </Pupil>"""


def pupil(number: int = 1, first: str = "Amelia", last: str = "Kaur", year: str = "7") -> str:
    return PUPIL.format(upn=upn(number), first=first, last=last, year=year)


def ctf(*pupils: str, before: str = "", encoding: str = "utf-8") -> Source:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n{before}<CTfile><Header><CTFversion>21.0</CTFversion>'
        f"</Header><CTFpupilData>{''.join(pupils)}\n</CTFpupilData></CTfile>"
    )
    return Source("3010000_CTF_3011234_001.xml", text.encode(encoding))


def test_pupils_are_read_without_other_elements() -> None:
    found = reading(ctf(pupil(), pupil(2, "Zoë", "Price", "R")))
    assert names(found) == ["Amelia Kaur", "Zoë Price"]
    assert [(row.year, row.form, row.preferred) for row in found.rows] == [
        ("7", None, "Millie"),
        ("R", None, "Millie"),
    ]
    assert not any(secret in repr(found) for secret in ("2015", "ZZ1", "Grown"))


def test_it_names_only_pupils_who_move_so_no_other_pupil_leaves() -> None:
    opened = open_roster([ctf(pupil())], on=TODAY)
    assert (opened.format, opened.about, opened.whole) == (Format.CTF, "version 21.0", False)


def test_a_registration_group_is_read_if_present() -> None:
    with_group = pupil().replace("</BasicDetails>", "<RegGroup>7B</RegGroup></BasicDetails>")
    assert reading(ctf(with_group)).rows[0].form == "7B"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encoding_is_the_one_that_the_file_declares(encoding: str) -> None:
    assert names(reading(ctf(pupil(1, "Zoë"), encoding=encoding))) == ["Zoë Kaur"]


def test_a_namespace_does_not_matter() -> None:
    source = ctf(pupil())
    spaced = source.content.replace(b"<CTfile>", b'<CTfile xmlns="urn:ctf">')
    assert names(reading(Source(source.name, spaced))) == ["Amelia Kaur"]


def test_an_invalid_pupil_is_reported_with_its_line_and_the_others_are_read() -> None:
    found = reading(
        ctf(pupil(), pupil(2, "", "Price"), pupil(3, "Maja", "Bell", "X"), pupil(4, "Ida", "Frost"))
    )
    assert names(found) == ["Amelia Kaur", "Ida Frost"]
    assert faults(found) == [
        "3010000_CTF_3011234_001.xml, line 10: there is no first name",
        "3010000_CTF_3011234_001.xml, line 17: the year 'X' is not known: "
        "X means that no National Curriculum year applies",
    ]


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY c SYSTEM "file:///etc/hostname">]>'
ELSEWHERE = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'


@pytest.mark.parametrize("before", [BOMB, OUTSIDE, ELSEWHERE])
def test_entities_are_neither_expanded_nor_fetched(before: str) -> None:
    with pytest.raises(RosterError, match="has a document type or entities in it"):
        reading(ctf(pupil(first="&c;"), before=before))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<CTfile><CTFpupilData>", "a.xml, line 1 is not XML: no element found"),
        (b"<html><body/></html>", "begins with 'html'; a Common Transfer File begins with 'CTfile'"),
        (b'<?xml version="1.0" encoding="nonsense"?><CTfile/>', "a.xml.* XML: unknown encoding"),
        (b"<CTfile>" + b"<a>" * 1_000_000, "elements more than 30 deep"),
        (b"<CTfile/>", "no pupil in the roster can be imported"),
    ],
)
def test_another_kind_of_file_is_reported_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(RosterError, match=sentence):
        reading(Source("a.xml", content))


def test_an_endless_name_is_truncated_and_reported() -> None:
    found = reading(ctf(pupil(), pupil(2, "x" * 1_000_000, "Price")))
    assert "the first name is longer than 100 characters" in faults(found)[0]
