"""The errors of a roster import, below `RegisterError`.

RegisterError
    RosterError                 the file as a whole: nothing is imported
        RosterChangedError
        ImportDecidedError
    UnknownImportError
    CellError                   one cell: its row becomes a finding, and the import goes on
        UnknownYearGroupError
"""

from sync.register.errors import RegisterError


class RosterError(RegisterError):
    """The file cannot be imported. The text is one sentence: what, where, and what to do.

    Attributes:
        plain: the sentence without the option to type at the command line, for pages.
    """

    def __init__(self, plain: str, *, advice: str | None = None) -> None:
        """An error; `advice` ends its sentence at the command line, such as “add --shrink”."""
        super().__init__(f"{plain}; {advice}" if advice else plain)
        self.plain = plain


class RosterChangedError(RosterError):
    """The roster has changed since the preview was made; nothing was imported."""


class ImportDecidedError(RosterError):
    """The import has been accepted or dropped already."""


class UnknownImportError(RegisterError):
    """The school has no such import, or no longer has."""


class CellError(RegisterError):
    """A cell's text is not usable; the text says why, and its row is reported."""


class UnknownYearGroupError(CellError):
    """The text is not a year group; the error's text ends a sentence."""
