"""Why a pupil is late or leaves, and the appointments that a school agrees in advance."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason that a kiosk may offer. A policy says which of them it does offer."""

    OVERSLEPT = "overslept"
    TRAFFIC = "traffic"
    SCHOOL_TRANSPORT = "school-transport"
    PUBLIC_TRANSPORT = "public-transport"
    MEDICAL = "medical"
    UNWELL = "unwell"
    FAMILY = "family"
    WEATHER = "weather"
    INTERVIEW = "interview"
    OTHER = "other"


class AppointmentKind(StrEnum):
    """The kinds of absence that a school agrees in advance."""

    MEDICAL = "medical"
    INTERVIEW = "interview"
    EXCEPTIONAL = "exceptional"


APPOINTMENT_CODE: dict[AppointmentKind, str] = {
    AppointmentKind.MEDICAL: "M",
    AppointmentKind.INTERVIEW: "J1",
    AppointmentKind.EXCEPTIONAL: "C",
}

DEPARTURE_SUGGESTION: dict[Reason, str] = {
    Reason.MEDICAL: "M",
    Reason.UNWELL: "I",
    Reason.INTERVIEW: "J1",
    Reason.FAMILY: "C",
}
"""What is suggested to the office for a pupil who leaves without an agreed appointment; otherwise `N`."""
