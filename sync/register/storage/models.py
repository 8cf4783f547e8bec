"""Every table in one place, for the migrations and for whoever reads or writes rows."""

from sync.register.storage.attendance import (
    EnrolmentCodeRow,
    EntryRow,
    KioskRow,
    MarkChangeRow,
    MarkRow,
    WorkItemRow,
    WorkKind,
)
from sync.register.storage.base import Base
from sync.register.storage.people import FailureRow, StaffRow, WebSessionRow
from sync.register.storage.roster import AppointmentRow, CardRow, ContactRow, PupilRow, SchoolRow

__all__ = [
    "AppointmentRow",
    "Base",
    "CardRow",
    "ContactRow",
    "EnrolmentCodeRow",
    "EntryRow",
    "FailureRow",
    "KioskRow",
    "MarkChangeRow",
    "MarkRow",
    "PupilRow",
    "SchoolRow",
    "StaffRow",
    "WebSessionRow",
    "WorkItemRow",
    "WorkKind",
]
