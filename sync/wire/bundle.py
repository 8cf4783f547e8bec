"""`GET /bundle`: everything that a kiosk knows about its school."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from attendance.policy.model import Policy
from sync.wire.message import Message, WallTime


class BundleSchool(Message):
    """The school that a kiosk belongs to. `zone` is an IANA name."""

    id: str
    name: str
    zone: str = "Europe/London"
    language: str = "en"
    """The kiosk's language until a user chooses another: a BCP 47 tag."""


class BundleTerm(Message):
    """A stretch of school days, first and last day included."""

    name: str
    starts: dt.date
    ends: dt.date


class BundleClosure(Message):
    """Days without school, and the reason that the kiosk's screen shows."""

    first: dt.date
    last: dt.date | None = None
    """The last closed day; `None` when `first` is the only one."""
    reason: str
    years: list[str] | None = None
    """The year groups without school; `None` for the whole school."""


class BundleCalendar(Message):
    """The school's own terms and closures, in addition to its policy's."""

    terms: list[BundleTerm] = Field(default_factory=list)
    """If there are any, the days outside them are holidays."""
    closures: list[BundleClosure] = Field(default_factory=list)


Weekday = Literal["mon", "tue", "wed", "thu", "fri"]


class Pupil(Message):
    """A pupil as kiosks know them: name, year and form, without any means of contact."""

    id: str
    first: str
    last: str
    preferred: str | None = None
    year: str
    form: str
    starts: dict[Weekday, WallTime] = Field(default_factory=dict)
    """The individual starts of a part-time timetable."""
    leaves_alone: bool = False
    """Whether the school lets this pupil sign out without an adult; a policy may let whole years do so."""
    off_lists: bool = False
    """Whether the pupil is kept out of every list that can be browsed, to protect them. Such a pupil signs in
    by card, by the full name, or with staff."""


class BundleCards(Message):
    """The pupil of each card hash; `key` (hex) is the school's own key for `card_hash`.

    The hashes of `upn:…` and `admission:…` are among them: a barcode may hold these instead of a card number.
    So are those of `admission/4:0021`, a number with zeros up to the length of the school's numbers, here 4.
    """

    key: str
    pupils: dict[str, str] = Field(default_factory=dict)


class Appointment(Message):
    """An absence agreed in advance; `until` is when the pupil is due back, if known."""

    pupil: str
    date: dt.date
    kind: Literal["medical", "interview", "exceptional"]
    until: WallTime | None = None


class StaffMember(Message):
    """A member of staff whose PIN opens the staff screen and releases a pupil, even without the register."""

    id: str
    name: str
    position: str
    pin: str
    """Argon2id hash of the PIN, with its parameters."""


def policy_as_sent(policy: Policy | dict[str, Any]) -> dict[str, Any]:
    """A policy as JSON with only the keys that it sets: an older kiosk refuses keys that it does not know.

    What the document says for the checker alone is left out.
    """
    if isinstance(policy, Policy):
        return policy.model_dump(mode="json", exclude_unset=True, exclude={"document"})
    return {key: value for key, value in policy.items() if key != "document"}


KEEP_APPOINTMENTS = dt.timedelta(days=7)
"""How long a kiosk needs an appointment after its day: only an arrival whose untrusted time is corrected to
an earlier day reads it then."""


def _none_of_them(_contacts: object) -> list[str]:
    return []


class Bundle(Message):
    """Everything a kiosk needs to work alone. It is replaced as a whole or not at all."""

    version: str
    school: BundleSchool
    policy: Annotated[
        Policy | dict[str, Any], Field(union_mode="left_to_right"), PlainSerializer(policy_as_sent)
    ]
    """The school's policy. A kiosk and its register may be of different versions: a policy that this version
    cannot read stays a dictionary, and `Policy.model_validate` says what is wrong with it."""
    calendar: BundleCalendar = BundleCalendar()
    pupils: list[Pupil] = Field(default_factory=list)
    cards: BundleCards
    contacts: Annotated[list[str], BeforeValidator(_none_of_them)] = Field(default_factory=list, max_length=0)
    """Always empty: only the register compares an adult with the family's list. The key stays for kiosks of
    an earlier version; contacts that an earlier register sends are dropped as they are read."""
    appointments: list[Appointment] = Field(default_factory=list)
    staff: list[StaffMember] = Field(default_factory=list)
    agreed_pupils: int | None = None
    """The roster size that the office has confirmed. Without it, a kiosk does not take over a roster that is
    smaller by more than a tenth (`Heartbeat.held_back`)."""

    def without_past(self, today: dt.date) -> "Bundle":
        """The bundle without the appointments of days long past: why a child was away is sent to no kiosk and
        stays on no disk longer than it is used. The version stays the same."""
        first = today - KEEP_APPOINTMENTS
        kept = [each for each in self.appointments if each.date >= first]
        return self if len(kept) == len(self.appointments) else self.model_copy(update={"appointments": kept})
