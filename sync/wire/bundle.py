"""`GET /bundle`: everything that a kiosk knows about its school."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from attendance.plans import DayPlan, plan_of_start
from attendance.policy.model import Policy
from sync.wire.message import Message, WallTime
from sync.wire.plans import PupilPlan, Weekday, weekday_of


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


KEEP_PAST = dt.timedelta(days=7)
"""How long a kiosk needs an appointment after its day, or a plan after its last: only an arrival whose
untrusted time is corrected to an earlier day reads it then."""


class Pupil(Message):
    """A pupil as kiosks know them: name, year and form, without any means of contact."""

    id: str
    first: str
    last: str
    preferred: str | None = None
    year: str
    form: str
    plans: list[PupilPlan] = Field(default_factory=list)
    """The part-time timetables that the office has confirmed, and that are not over."""
    starts: dict[Weekday, WallTime] = Field(default_factory=dict)
    """Individual starts: a plan that waits for the office's confirmation; beside `plans`, those of
    today's or the next plan for kiosks of an earlier version, which know only starts."""
    leaves_alone: bool = False
    """Whether the school lets this pupil sign out without an adult; a policy may let whole years do so."""
    off_lists: bool = False
    """Whether the pupil is kept out of every list that can be browsed, to protect them. Such a pupil signs in
    by card, by the full name, or with staff."""

    def plan_on(self, day: dt.date) -> DayPlan | None:
        """The pupil's plan for that day (part-time timetable); `None` when they are due as usual.

        A start without plans is a plan that is not confirmed: its code is only suggested.
        """
        if self.plans:
            return next((its for plan in self.plans if (its := plan.on(day)) is not None), None)
        weekday = weekday_of(day)
        start = self.starts.get(weekday) if weekday is not None else None
        return plan_of_start(start, self.year) if start else None

    def without_past_plans(self, today: dt.date) -> "Pupil":
        """The pupil without plans that are long over, and with a plan's starts for earlier kiosks:
        today's, or the next one's, since an earlier kiosk does not ask again when that begins."""
        if not self.plans:
            return self
        days = next((plan.days for plan in self.plans if plan.review >= today), {})
        starts = {weekday: its.due_in for weekday, its in days.items() if its.due_in is not None}
        kept = [plan for plan in self.plans if plan.review >= today - KEEP_PAST]
        return self.model_copy(update={"plans": kept, "starts": starts})


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
        """The bundle without the appointments and plans of days long past: why a child was away is sent to no
        kiosk and stays on no disk longer than it is used. The version stays the same."""
        kept = [each for each in self.appointments if each.date >= today - KEEP_PAST]
        pupils = [pupil.without_past_plans(today) for pupil in self.pupils]
        return self.model_copy(update={"appointments": kept, "pupils": pupils})
