"""A school's policy: the register's times and what its document adds to the rule.

A new key is a field here with its `KeyGuide`, the rule that uses it, and a test. `latebook policy` asks for
it, writes it, checks it and shows it from the field alone.
"""

import hashlib
import json
from datetime import time
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from attendance.calendar import Calendar
from attendance.clock_time import ClockTime
from attendance.codes import current_code, current_code_or_present, known_code
from attendance.frozen import Frozen
from attendance.policy.answers import (
    check_name,
    check_route,
    check_title,
    known_reason,
    nearest_name,
    read_each,
    read_review,
    read_routes,
    read_years,
)
from attendance.policy.document import DocumentFacts
from attendance.policy.keys import OUTSIDE_VERSION, KeyGuide, SessionGuide, key_groups, outside_version
from attendance.reasons import Reason
from attendance.sessions import SessionName
from attendance.years import Year


def _copy_of(key: str) -> Any:
    """A field that takes the value of an earlier one when it is left out."""
    # If the earlier field is wrong, pydantic reports that, and this value is never used.
    return Field(default_factory=lambda before: before.get(key, time()))


class SessionTimes(Frozen, extra="forbid", use_attribute_docstrings=True):
    """One register's times on a school day, local to the school. Half open: `t < boundary` is before it."""

    opens: Annotated[ClockTime, KeyGuide("The register opens")]
    """When the register begins to be taken. A pupil who comes before this is on time."""
    late_after: Annotated[ClockTime, KeyGuide("Late after", copies="opens")] = _copy_of("opens")
    """A pupil who comes at or after this is late. Usually the time when the register opens."""
    closes: Annotated[ClockTime, KeyGuide("The register closes")]
    """When the taking of the register ends; a late pupil gets L until then. At most 30 minutes after it
    opens."""
    unauthorised_after: Annotated[ClockTime, KeyGuide("Unauthorised after", copies="closes")] = _copy_of(
        "closes"
    )
    """A pupil who comes at or after this gets U. By law, the time when the register closes."""
    ends: Annotated[ClockTime, KeyGuide("The session ends")]
    """When the session ends."""
    ends_by_year: Annotated[dict[Year, ClockTime], KeyGuide("Other ends of the day")] = Field(
        default_factory=dict
    )
    """Year groups whose day ends at another time."""
    doors_by_year: Annotated[dict[Year, ClockTime], OUTSIDE_VERSION] = Field(default_factory=dict)
    """When the doors open for a year group, if the document says so. Shown to people; the rule ignores it."""

    def end_for(self, year: str) -> time:
        """When the session ends for that year group."""
        return self.ends_by_year.get(year, self.ends)


class ReviewRule(Frozen, extra="forbid"):
    """The codes suggested to the office for a reason for which the school, not the rule, decides the mark."""

    before_close: Annotated[str, AfterValidator(current_code_or_present)]
    """A code, or `present` where the document has the pupil not marked late: that is suggested as `L`, which
    is not held against the pupil."""
    after_close: Annotated[str, AfterValidator(current_code)]
    """A code."""


class Policy(Frozen, extra="forbid", use_attribute_docstrings=True):
    """A school's policy as the rule reads it."""

    title: Annotated[
        str,
        KeyGuide("The school's name", "a few words", check=check_title, has_source=False),
        OUTSIDE_VERSION,
    ]
    """The school, as people know it."""
    name: Annotated[
        str,
        KeyGuide(
            "A short name",
            "small letters, digits and hyphens",
            check=check_name,
            has_source=False,
            suggest=lambda answers: nearest_name(answers.get("title", "")) or "school",
        ),
    ]
    """What commands and files call this policy."""
    years: Annotated[
        tuple[Year, ...], KeyGuide("Year groups", "for example 7-13, R-6 or 7 8 9", read_years)
    ] = Field(min_length=1)
    """The school's year groups: N (nursery), R (Reception), 1 to 14."""
    am: Annotated[
        SessionTimes,
        SessionGuide(
            "The morning register (AM)",
            {"ends": "When the morning ends and the lunch break begins."},
            omits=frozenset({"ends_by_year"}),
        ),
    ]
    pm: Annotated[
        SessionTimes, SessionGuide("The afternoon register (PM)", {"ends": "When the school day ends."})
    ]
    retention_years: Annotated[int, KeyGuide("Years that entries are kept")] = Field(
        default=6, ge=0, le=100, strict=True
    )
    """How long the document says that register entries are kept. By law, 6 years."""
    reasons: Annotated[
        tuple[Reason, ...],
        KeyGuide("Reasons on the kiosk", f"some of {', '.join(Reason)}", read_each(known_reason)),
    ] = tuple(Reason)
    """The reasons that a late pupil may choose, in the order of the tiles."""
    reason_required: Annotated[bool, KeyGuide("Reason required")] = Field(default=False, strict=True)
    """Whether a late pupil must give a reason. If so, the kiosk does not let them skip the question."""
    review: Annotated[
        dict[Reason, ReviewRule],
        KeyGuide(
            "Reasons for which the office decides the mark",
            "for example school-transport=present:Y1, or nothing if the rule always decides",
            read_review,
        ),
    ] = Field(default_factory=dict)
    """A reason for which the office decides the mark, with the code suggested before close and the code
    suggested after."""
    consequence: Annotated[
        str | None,
        KeyGuide(
            "What follows a U", "for example Lunchtime detention the same day, or nothing if nothing follows"
        ),
    ] = None
    """What the school attaches to a U. The office sees it with each U; the kiosk never shows it."""
    codes_used: Annotated[
        tuple[Annotated[str, AfterValidator(known_code)], ...],
        KeyGuide("Attendance codes", "for example / \\ L U M, or nothing", read_each(known_code)),
    ] = ()
    """The attendance codes that the document names, so that the checker finds withdrawn ones."""
    leaves_alone: Annotated[
        tuple[Year, ...], KeyGuide("Years who may sign themselves out"), OUTSIDE_VERSION
    ] = ()
    """Year groups whose pupils may sign themselves out and go alone. An adult must sign out all other
    pupils."""
    listed_only: Annotated[
        bool, KeyGuide("Only pupils on the list may sign in", has_source=False), OUTSIDE_VERSION
    ] = Field(default=False, strict=True)
    """Whether the kiosk leaves out “My name isn’t here”, where an arriving pupil types name and form for the
    office."""
    no_buses: Annotated[bool, KeyGuide("No bus is signed in by staff", has_source=False), OUTSIDE_VERSION] = (
        Field(default=False, strict=True)
    )
    """Whether the kiosk leaves out “Late bus”, where staff sign in the passengers of a late bus, one card
    after the other."""
    bus_routes: Annotated[
        tuple[Annotated[str, AfterValidator(check_route)], ...],
        KeyGuide(
            "Bus routes",
            "for example Bus 27, Bus 42, or nothing if staff are to type the route",
            read_routes,
            has_source=False,
        ),
        OUTSIDE_VERSION,
    ] = ()
    """The bus routes that staff choose from when a bus is late. They may type another."""
    youngest_years: Annotated[
        tuple[Year, ...],
        KeyGuide(
            "Years whose pupils cannot read yet",
            "for example R-2, or nothing to offer no list of a class",
            has_source=False,
        ),
        OUTSIDE_VERSION,
    ] = ()
    """Year groups whose late pupils may choose their class and then their first name from a list, while the
    register is open. All other pupils type letters."""
    no_bringing: Annotated[
        bool, KeyGuide("No adult signs in late children", has_source=False), OUTSIDE_VERSION
    ] = Field(default=False, strict=True)
    """Whether the kiosk leaves out “I’m bringing a child”, where an adult types their name and signs in one
    child or several."""
    accompanied_years: Annotated[
        tuple[Year, ...],
        KeyGuide(
            "Years whose late pupils an adult must bring", "for example R-2, or nothing if none need an adult"
        ),
        OUTSIDE_VERSION,
    ] = ()
    """Year groups whose pupils do not sign in alone by name: an adult brings them, which the kiosk then
    offers in any case. A card always signs its pupil in."""
    no_siblings: Annotated[
        bool, KeyGuide("No pupil signs in a brother or sister", has_source=False), OUTSIDE_VERSION
    ] = Field(default=False, strict=True)
    """Whether the kiosk leaves out “Someone else with me”, where a pupil who has signed in adds another who
    came at the same time."""
    calendar: Annotated[Calendar, OUTSIDE_VERSION] = Calendar()
    """The days without school that the document names. A school's own calendar adds to them."""
    document: Annotated[DocumentFacts, OUTSIDE_VERSION] = DocumentFacts()
    """What the document says beside the rule, for the checker. It is not sent to kiosks."""
    sources: Annotated[dict[str, str], OUTSIDE_VERSION] = Field(default_factory=dict)
    """Dotted key → the paragraph of the document that states the value. If the key is provisional: the
    paragraph that mentions it without stating it."""
    provisional: Annotated[tuple[str, ...], OUTSIDE_VERSION] = ()
    """Dotted keys whose values the document does not state."""

    def session(self, name: SessionName) -> SessionTimes:
        """The times of that session's register."""
        return self.am if name is SessionName.AM else self.pm

    def late_until(self, name: SessionName) -> str:
        """The dotted key that says until when `L` is given: `closes` where `unauthorised_after` is a copy."""
        times, key = self.session(name), f"{name.lower()}.unauthorised_after"
        follows = key not in self.sources and times.unauthorised_after == times.closes
        return f"{name.lower()}.closes" if follows else key

    @property
    def offers_accompanied(self) -> bool:
        """Whether an adult may sign in the children whom they bring."""
        return not self.no_bringing or bool(self.accompanied_years)

    def stated_in(self, key: str) -> str | None:
        """The paragraph that states the value of a dotted key; `None` if none does."""
        return None if key in self.provisional else self.sources.get(key)

    @cached_property
    def version(self) -> str:
        """A hash of the policy's meaning, without comments and layout: 12 hex digits."""
        meaning = self.model_dump(mode="json", exclude=_OUTSIDE_VERSION)
        return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()[:12]


KEY_GROUPS = key_groups(Policy)
"""Every key that a person fills in, in groups, in the order of the questions."""

KEYS = tuple(key for group in KEY_GROUPS for key in group.keys)

_OUTSIDE_VERSION = outside_version(Policy)
