"""All tables, to import from one place."""

from sync.register.storage.attendance import (
    ABOUT_COLLECTOR,
    DepartureRow,
    EnrolmentCodeRow,
    EntryRow,
    KioskEpochRow,
    KioskRow,
    MarkChangeRow,
    MarkRow,
    WorkItemRow,
    WorkKind,
)
from sync.register.storage.base import Base
from sync.register.storage.imports import ImportRow, ImportState
from sync.register.storage.people import AuditRow, FailureRow, StaffRow, WebSessionRow
from sync.register.storage.roster import (
    AppointmentRow,
    CardRow,
    ContactRow,
    KioskStaffRow,
    PlanRow,
    PolicyRow,
    PupilRow,
    SchoolRow,
)

__all__ = [
    "ABOUT_COLLECTOR",
    "AppointmentRow",
    "AuditRow",
    "Base",
    "CardRow",
    "ContactRow",
    "DepartureRow",
    "EnrolmentCodeRow",
    "EntryRow",
    "FailureRow",
    "ImportRow",
    "ImportState",
    "KioskEpochRow",
    "KioskRow",
    "KioskStaffRow",
    "MarkChangeRow",
    "MarkRow",
    "PlanRow",
    "PolicyRow",
    "PupilRow",
    "SchoolRow",
    "StaffRow",
    "WebSessionRow",
    "WorkItemRow",
    "WorkKind",
]
