"""A file that asks for endless work is refused in one sentence, with little time and memory."""

import time
from collections.abc import Callable
from datetime import date

import pytest

from sync.register.roster.errors import RosterError
from sync.register.roster.files import Source
from sync.register.roster.opening import open_roster
from sync.register.roster.reading import read

ACCENTS = "\u0301\u0316" * 65_000
"""Normalising them takes time that grows with the square of their number."""
HEADINGS = b"UPN,Forename,Surname,Year,Form\n"


def ctf(inside: str) -> bytes:
    return f"<CTfile><CTFpupilData>{inside}</CTFpupilData></CTfile>".encode()


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "3,000,000 rows": ("a.csv", lambda: HEADINGS + b"1,A,B,7,C\n" * 3_000_000, "more than 60,000 rows"),
    "empty rows": ("a.csv", lambda: HEADINGS + b",,,,\n" * 6_000_000, "more than 60,000 rows"),
    "a cell of 30 MB": (
        "a.csv",
        lambda: HEADINGS + b"x" * 30_000_000,
        "line 2 has more than 500,000 characters",
    ),
    "a line of delimiters": (
        "a.csv",
        lambda: b";,\t|" * 8_000_000,
        "line 1 has more than 500,000 characters",
    ),
    "many columns": ("a.csv", lambda: HEADINGS + b"x," * 60_000, "more than 500 cells"),
    "an open quotation mark": ("a.csv", lambda: HEADINGS + b'"' + b"x\n" * 9_000_000, "may not be closed"),
    "3,500,000 pupils": ("a.xml", lambda: ctf("<Pupil/>" * 3_500_000), "more than 60,000 rows"),
    "elements": ("a.xml", lambda: ctf("<a/>" * 7_000_000), "more than 60,000 rows"),
    "elements in elements": ("a.xml", lambda: ctf("<a>" * 1_000_000), "elements more than 30 deep"),
    "attributes": (
        "a.xml",
        lambda: ctf("<a " + "".join(f" b{n}=''" for n in range(2_000_000)) + "/>"),
        "a tag or comment of more than 64 KB",
    ),
    "attributes with brackets": (
        "a.xml",
        lambda: ctf("<a " + "".join(f" b{n}='>'" for n in range(2_000_000)) + "/>"),
        "a tag or comment of more than 64 KB",
    ),
    "attributes in UTF-16": (
        "a.xml",
        lambda: ctf("<a b='" + "\u3c3c" * 10_000_000 + "'/>").decode().encode("utf-16"),
        "a tag or comment of more than 64 KB",
    ),
    "a comment": (
        "a.xml",
        lambda: ctf(f"<!-- {'<x> ' * 7_000_000} -->"),
        "a tag or comment of more than 64 KB",
    ),
    "a text in pieces": (
        "a.xml",
        lambda: ctf(f"<Pupil><Surname>{'&#10;' * 6_000_000}</Surname></Pupil>"),
        "no pupil in the roster can be imported",
    ),
    "accents on a letter": (
        "a.csv",
        lambda: HEADINGS + f",{ACCENTS},B,7,C\n".encode() * 100,
        "the first name is longer than 100 characters",
    ),
    "accents on a number": (
        "a.csv",
        lambda: HEADINGS.replace(b"UPN", b"Adno") + f"{ACCENTS},A,B,7,C\n".encode() * 100,
        "the admission number is longer than 64 characters",
    ),
}


@pytest.mark.parametrize(("name", "content", "words"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_one_sentence(name: str, content: Callable[[], bytes], words: str) -> None:
    source = Source(name, content()[: 32 * 1024 * 1024])
    began = time.process_time()
    with pytest.raises(RosterError, match=words) as refused:
        read(open_roster([source], on=date(2026, 11, 24)))
    assert len(str(refused.value)) < 300
    assert time.process_time() - began < 10.0
