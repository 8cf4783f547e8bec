"""Every error that the register raises on purpose, as one tree below `RegisterError`.

The text of an error is one sentence for a person: what is wrong, and where it helps, what to do about it. The
command line prints it, and the office page and the API answer with it. The errors of a roster import are in
`sync.register.roster.errors`.

    RegisterError
        DatabaseError               ServerError             BackupError
        NotAllowedError             LoggedOutError          InitialPasswordError
        AccountError                  LoginTakenError
        PasswordError                 TooManyAttemptsError
        PinError
        SchoolError                 UnknownSchoolError      SchoolSettingsError
        PupilRecordError            UnknownRecordError      UnknownPupilError
        UnknownStaffError           CardInUseError
        BatchFormatError            NotReproducibleError
        UnknownCodeError            FutureDayError          MarkConflictError
        AmendmentError                UnknownMarkError, AmendmentConflictError
        ResolutionError               UnknownItemError, AlreadyResolvedError
        DepartureError                UnknownDepartureError, RequestIdReusedError, AlreadyAnsweredError,
                                      CollectorNotConfirmedError
        ReturnError                   UnknownSignOutError
        PeriodTooLongError          ResponseAbortedError
        RosterError, CellError      (in `sync.register.roster.errors`)
"""

import datetime as dt


class RegisterError(Exception):
    """Base of all errors of the register."""


# --- The program and its database ----------------------------------------------------------------


class DatabaseError(RegisterError):
    """The database cannot be used; the text names it and says what to do."""


class ServerError(RegisterError):
    """The server cannot start; the text says why and what to do."""


class BackupError(RegisterError):
    """A backup cannot be made or restored; the text says why and what to do."""


# --- Who may do what -----------------------------------------------------------------------------


class NotAllowedError(RegisterError):
    """The user's role does not permit this; the text names the roles that do."""


class LoggedOutError(RegisterError):
    """The request has no valid session: the browser is redirected to the login page."""


class InitialPasswordError(RegisterError):
    """The user must replace the initial password first: the browser is redirected to the account page."""


class AccountError(RegisterError):
    """An account cannot be added or changed; the text says why and what to do."""


class LoginTakenError(AccountError):
    """The login is in use, at this school or another: the text does not say which."""


class PasswordError(RegisterError):
    """A new password was refused; the text says why."""


class TooManyAttemptsError(PasswordError):
    """The current password was tried too often; this attempt was not checked."""

    def __init__(self, wait_s: int) -> None:
        """An error for an attempt that is allowed again after `wait_s` seconds."""
        super().__init__(f"too many attempts; wait {wait_s} seconds, then try again")
        self.wait_s = wait_s


class PinError(RegisterError):
    """A PIN cannot be given, changed or ended; the text says why and what to do."""


# --- Schools, pupils, cards ----------------------------------------------------------------------


class SchoolError(RegisterError):
    """A school cannot be added to the register; the text says why."""


class UnknownSchoolError(RegisterError):
    """The register has no such school."""


class SchoolSettingsError(RegisterError):
    """A value that a school's settings cannot have; the text says why."""


class PupilRecordError(RegisterError):
    """A change to a pupil's record that cannot be made; the text says why."""


class UnknownRecordError(RegisterError):
    """The school has no such pupil, contact or appointment, or no longer has."""


class UnknownPupilError(RegisterError):
    """The school has no such pupil on roll."""


class UnknownStaffError(RegisterError):
    """The school has no such member of staff with a valid PIN."""


class CardInUseError(RegisterError):
    """The card is another pupil's, and the request does not name them as the pupil to take it from; or it is
    not a card but a pupil's UPN or admission number. The text says whose."""


# --- Entries and marks ---------------------------------------------------------------------------


class BatchFormatError(RegisterError):
    """The request's body is not `{"entries": […]}` in JSON."""


class NotReproducibleError(RegisterError):
    """The entry's decision cannot be reproduced; the text says why."""


class UnknownCodeError(RegisterError):
    """A code that is not valid in a register."""


class FutureDayError(RegisterError):
    """A session that is still to come: it can have no marks yet."""


class MarkConflictError(RegisterError):
    """The mark has changed since it was shown to the user who changes it."""

    def __init__(self, seen: str | None, stands: str | None) -> None:
        """An error for a mark that is no longer what the user was shown.

        Args:
            seen: the code that the user was shown; `None` for no mark.
            stands: the code in the register now; `None` for no mark.
        """
        super().__init__(
            f"the register says {stands or 'nothing'} there now, and not {seen or 'nothing'} as you were "
            "shown; nothing was changed: look again"
        )
        self.stands = stands


class AmendmentError(RegisterError):
    """A mark or entry that cannot be amended in this way; the text says why."""


class UnknownMarkError(AmendmentError):
    """The school has no such entry or pupil."""


class AmendmentConflictError(AmendmentError):
    """The mark has changed since it was shown, or its entry has been voided."""


# --- Work items ----------------------------------------------------------------------------------


class ResolutionError(RegisterError):
    """A work item that cannot be resolved in this way; the text says why."""


class UnknownItemError(ResolutionError):
    """The school has no such work item."""


class AlreadyResolvedError(ResolutionError):
    """Another user has resolved the item.

    Attributes:
        by: the user's name.
        at: when, in UTC.
    """

    def __init__(self, by: str, at: dt.datetime) -> None:
        """An error for an item that `by` resolved at `at`."""
        super().__init__(f"{by} has resolved this already; nothing was changed")
        self.by, self.at = by, at


# --- Departures ----------------------------------------------------------------------------------


class DepartureError(RegisterError):
    """A request for a pupil's release that cannot be answered in this way; the text says why."""


class UnknownDepartureError(DepartureError):
    """The school has no such request."""


class RequestIdReusedError(DepartureError):
    """The id belongs to another request with other content."""


class AlreadyAnsweredError(DepartureError):
    """The request has been answered, or was withdrawn or has lapsed."""


class CollectorNotConfirmedError(DepartureError):
    """The family has not named this adult as a contact who may collect, and no evidence was given."""


class ReturnError(RegisterError):
    """A sign-out that cannot be marked as returned now; the text says why."""


class UnknownSignOutError(ReturnError):
    """The user's school has no such sign-out or release."""


# --- The office page -----------------------------------------------------------------------------


class PeriodTooLongError(RegisterError):
    """The period has more days than can be counted; the text says what to do."""


class ResponseAbortedError(RegisterError):
    """The response failed after it had begun, so the connection is closed. The log has the reason."""
