"""What goes wrong with a roster file as a whole; a bad row is a `rows.Fault` and stops nothing."""


class RosterError(ValueError):
    """A file that cannot be imported. The text is one sentence: what, where, and what to do."""


class RosterChangedError(RosterError):
    """The register is no longer what the preview was made from; nothing was changed."""
