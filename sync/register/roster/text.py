"""Decodes bytes in the encodings that English schools' systems and spreadsheets write.

The encoding is found by strict rules and not by statistics: a guess that is nearly right turns Zoë into Zoг,
which is only noticed when the pupil stands at the kiosk. Exports come as UTF-8 (with or without a byte order
mark), UTF-16 or Windows-1252 only.
"""

import codecs

from sync.register.roster.errors import RosterError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SAMPLE = 4096
_MANY = 0.8


def decode(name: str, content: bytes) -> tuple[str, str]:
    """The text of a file, and its encoding's usual name.

    Raises:
        RosterError: the encoding is none of these, or the file is not text.
    """
    for codec, label in _candidates(content):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise RosterError(f"{name} has NUL characters in it, so it is not text; export it as CSV again")
        return text, label
    raise RosterError(f"{name} is not text in UTF-8, UTF-16 or Windows-1252; save it as “CSV UTF-8”")


def _candidates(content: bytes) -> list[tuple[str, str]]:
    for mark, codec, label in _MARKS:
        if content.startswith(mark):
            return [(codec, label)]
    without_mark = _utf16_without_mark(content[:_SAMPLE])
    if without_mark:
        return [(without_mark, "UTF-16")]
    return [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]


def _utf16_without_mark(sample: bytes) -> str | None:
    """Western text in UTF-16 has a zero in nearly every second byte, and in no other."""
    even, odd = sample[0::2], sample[1::2]
    if not odd:
        return None
    if odd.count(0) >= _MANY * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) >= _MANY * len(even) and not odd.count(0):
        return "utf-16-be"
    return None
