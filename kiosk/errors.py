"""The errors of the kiosk and its commands, as one tree.

Every message is one sentence: what is wrong, where, and what to do.

KioskError
├── StartError          the settings or the display cannot be used
├── FolderError         the state folder cannot be used, or another kiosk uses it
├── NotEnrolledError    this kiosk has no token for a register
├── DiskKeyError        the key of an encrypted disk is missing, wrong, or not safe
├── OpenError           the journal or the register's address cannot be used
├── TooLateError        Kivy was imported before its settings were set
├── NotWritableError    `latebook policy new` cannot write its file
└── RewordError         `make reword` cannot change a sentence
"""


class KioskError(Exception):
    """Base of the kiosk's errors."""


class StartError(KioskError):
    """The kiosk cannot start with its settings or on this display."""


class FolderError(KioskError):
    """The state folder cannot be used, or another program holds it."""


class NotEnrolledError(KioskError):
    """This kiosk has no token, or the token cannot be read."""


class DiskKeyError(KioskError):
    """The key that encrypts this kiosk's disk is missing, wrong, or not safe. Nothing was changed."""


class OpenError(KioskError):
    """The journal cannot be opened, or a demonstration's clock would reach a school's register."""


class TooLateError(KioskError):
    """Kivy was imported before `kiosk.screens.window.setup.prepare` and has already read its settings."""


class NotWritableError(KioskError):
    """A file cannot be written to the given place."""


class RewordError(KioskError):
    """A sentence of the screens cannot be changed as requested."""
