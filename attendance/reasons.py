"""The reasons for coming late or leaving, and the kinds of appointment that a school agrees in advance."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason that a kiosk can offer. The policy says which ones it does."""

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


REASON_LABEL: dict[Reason, str] = {
    Reason.OVERSLEPT: "Overslept",
    Reason.TRAFFIC: "Traffic",
    Reason.SCHOOL_TRANSPORT: "School transport was late",
    Reason.PUBLIC_TRANSPORT: "Bus or train was late",
    Reason.MEDICAL: "Medical appointment",
    Reason.UNWELL: "Felt unwell",
    Reason.FAMILY: "Family reason",
    Reason.WEATHER: "Weather",
    Reason.INTERVIEW: "Interview",
    Reason.OTHER: "Another reason",
}
"""Each reason in English, in a pupil's words. The kiosk translates it; the office's pages show it as it is.
`make words` adds a new label to the catalogues."""


class AppointmentKind(StrEnum):
    """The kinds of appointment that a school agrees in advance."""

    MEDICAL = "medical"
    INTERVIEW = "interview"
    EXCEPTIONAL = "exceptional"


APPOINTMENT_CODE: dict[AppointmentKind, str] = {
    AppointmentKind.MEDICAL: "M",
    AppointmentKind.INTERVIEW: "J1",
    AppointmentKind.EXCEPTIONAL: "C",
}

APPOINTMENT_LABEL: dict[AppointmentKind, str] = {
    AppointmentKind.MEDICAL: "Medical or dental, agreed",
    AppointmentKind.INTERVIEW: "Interview, agreed",
    AppointmentKind.EXCEPTIONAL: "Exceptional, agreed",
}
"""The label of an absence agreed in advance, on the office's pages."""

DEPARTURE_SUGGESTION: dict[Reason, str] = {
    Reason.MEDICAL: "M",
    Reason.UNWELL: "I",
    Reason.FAMILY: "N",
    Reason.INTERVIEW: "N",
}
"""The reasons for leaving that a kiosk offers, each with the code suggested for a pupil who leaves without an
agreed appointment; `N` for any other reason.

Leave, for an interview too, can only be given in advance (reg. 11)."""
