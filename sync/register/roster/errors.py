"""What goes wrong with a roster file as a whole; a bad row is a `rows.Fault` and stops nothing."""


class RosterError(ValueError):
    """A file that cannot be imported. The text is one sentence: what, where, and what to do.

    `plain` is the sentence without what is to be typed at the command line, for pages.
    """

    def __init__(self, plain: str, *, say: str | None = None) -> None:
        """An error; `say` is the end of its sentence at the command line, such as “say --shrink”."""
        super().__init__(f"{plain}; {say}" if say else plain)
        self.plain = plain


class RosterChangedError(RosterError):
    """The register is no longer what the preview was made from; nothing was changed."""
