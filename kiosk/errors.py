"""The errors that keep a kiosk from starting, as one tree.

Every message is one sentence: what is wrong, where, and what to do.

KioskError
├── StartError          the settings or the display cannot be used
├── FolderError         the state folder cannot be used, or another kiosk uses it
├── NotEnrolledError    this kiosk has no token for a register
└── OpenError           the journal or the register's address cannot be used
"""


class KioskError(Exception):
    """Base of every error that keeps a kiosk from starting."""


class StartError(KioskError):
    """The kiosk cannot start with its settings or on this display."""


class FolderError(KioskError):
    """The state folder cannot be used, or another program holds it."""


class NotEnrolledError(KioskError):
    """This kiosk has no token, or the token cannot be read."""


class OpenError(KioskError):
    """The journal cannot be opened, or a demonstration's clock would reach a school's register."""
