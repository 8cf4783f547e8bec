"""The DfE's Common Transfer File: XML, `CTfile/CTFpupilData/Pupil`.

It is read as a stream of events, of which only the few elements below are kept: dates of birth and addresses
are never assembled in memory. Document types are refused, and with them entities, so nothing is expanded or
fetched. The schema has no form; `RegGroup` is read from suppliers who add it.

A CTF is written for pupils who move, so a pupil who is not in it has not left.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from sync.register.roster.errors import RosterError
from sync.register.roster.files import MOST_ROWS, TOO_MANY_ROWS, Source
from sync.register.roster.roster import Format, RosterFile
from sync.register.roster.rows import FilePosition, RosterField, RosterRow, RowFault, check

_ELEMENTS = {
    ("UPN",): RosterField.UPN,
    ("Surname",): RosterField.LAST,
    ("Forename",): RosterField.FIRST,
    ("BasicDetails", "PreferredForename"): RosterField.PREFERRED,
    ("BasicDetails", "NCyearActual"): RosterField.YEAR,
    ("BasicDetails", "RegGroup"): RosterField.FORM,
    ("RegGroup",): RosterField.FORM,
    ("BasicDetails", "AdmissionNumber"): RosterField.ADMISSION,
    ("AdmissionNumber",): RosterField.ADMISSION,
}
"""Elements below `Pupil`, and their fields."""
_PUPIL = ("CTfile", "CTFpupilData", "Pupil")
_DEEPEST = 30
"""The deepest nesting accepted; the elements that are read are five deep."""
_MOST_ELEMENTS = 30
"""Elements a pupil, on average: more than a large file of a whole school has with everything in it."""
_PIECE = 64 * 1024
"""The bytes parsed at a time. A piece without an element or a text in it is part of a tag or comment that is
longer, which the parser looks at again with each piece; the time for attributes grows with their square."""
_ENOUGH = 1000
"""Characters kept of an element: enough to report that it is too long."""


def open_ctf(source: Source) -> RosterFile:
    """Open a Common Transfer File.

    Raises:
        RosterError: it is not XML, has a document type or entities, or is another kind of file.
    """
    handler = _Pupils()
    try:
        _parse(source, handler)
    except DefusedXmlException as error:
        raise RosterError(
            f"{source.name} has a document type or entities in it, which no Common Transfer File has; "
            "do not trust it"
        ) from error
    except SAXParseException as error:
        line = error.getLineNumber()
        raise RosterError(f"{source.name}, line {line} is not XML: {error.getMessage()}") from error
    # Python's XML reader raises these for unknown encodings.
    except (SAXException, LookupError, ValueError) as error:
        raise RosterError(f"{source.name} cannot be read as XML: {error}") from error
    named = {field_ for _, cells in handler.pupils for field_ in cells}
    return RosterFile(
        format=Format.CTF,
        about=f"version {handler.version}" if handler.version else "no version",
        fields=tuple((field_, "/".join(path)) for path, field_ in _ELEMENTS.items() if field_ in named),
        unread=(),
        expected=max(len(handler.pupils), 1),
        whole=False,
        rows=lambda: _rows(source.name, handler.pupils),
    )


def _parse(source: Source, handler: "_Pupils") -> None:
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    handler.setDocumentLocator(parser)
    for start in range(0, len(source.content), _PIECE):
        before = handler.events
        parser.feed(source.content[start : start + _PIECE])
        if handler.events == before and start:
            raise RosterError(
                f"{source.name} has a tag or comment of more than {_PIECE // 1024} KB, which no Common"
                " Transfer File has; do not trust it"
            )
    parser.close()


def _rows(name: str, pupils: list[tuple[int, dict[RosterField, str]]]) -> Iterator[RosterRow | RowFault]:
    for line, cells in pupils:
        yield from check(FilePosition(name, line), cells)


@dataclass
class _Pupils(ContentHandler):
    """Collects the fields of each pupil, with the line on which the pupil begins."""

    pupils: list[tuple[int, dict[RosterField, str]]] = field(default_factory=list)
    version: str = ""
    events: int = 0
    """The elements and pieces of text so far."""
    _elements: int = 0
    _length: int = 0
    _path: list[str] = field(default_factory=list)
    _text: list[str] | None = None
    _locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 -- SAX's name
        """Keep the parser's position."""
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- SAX's name
        """An element begins; namespace prefixes are ignored."""
        self.events += 1
        self._path.append(name.rpartition(":")[2])
        if len(self._path) > _DEEPEST:
            raise RosterError(
                f"the XML has elements more than {_DEEPEST} deep; it is no Common Transfer File"
            )
        if len(self._path) == 1 and self._path[0] != _PUPIL[0]:
            raise RosterError(
                f"the XML begins with {name[:40]!r}; a Common Transfer File begins with 'CTfile'"
            )
        self._elements += 1
        if len(self.pupils) > MOST_ROWS or self._elements > MOST_ROWS * _MOST_ELEMENTS:
            raise RosterError(TOO_MANY_ROWS.format(name="the file"))
        if tuple(self._path) == _PUPIL:
            line = self._locator.getLineNumber() if self._locator else None
            self.pupils.append((line or 0, {}))
        self._text = [] if self._field() or self._path[-1] == "CTFversion" else None
        self._length = 0

    def characters(self, content: str) -> None:
        """Text of an element, in pieces."""
        self.events += 1
        if self._text is not None and self._length < _ENOUGH:
            self._text.append(content[:_ENOUGH])
            self._length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802 -- SAX's name
        """An element ends; the first of each kind counts."""
        self.events += 1
        field_ = self._field()
        if self._text is not None:
            text = "".join(self._text).strip()
            if field_:
                self.pupils[-1][1].setdefault(field_, text)
            else:
                self.version = text[:10]
        self._text = None
        self._path.pop()

    def _field(self) -> RosterField | None:
        if len(self._path) <= len(_PUPIL) or tuple(self._path[: len(_PUPIL)]) != _PUPIL:
            return None
        return _ELEMENTS.get(tuple(self._path[len(_PUPIL) :]))
