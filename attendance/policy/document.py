"""What a school's document says beside the register's times.

The checker compares it with the law; no decision depends on it.
"""

from datetime import date

from pydantic import Field

from attendance.frozen import Frozen

SESSIONS = 10
"""Sessions of unauthorised absence at which a penalty notice must be considered."""

WEEKS = 10
"""The rolling school weeks within which these sessions are counted."""


class DocumentFacts(Frozen, extra="forbid"):
    """The document itself: its law, its date, and what it says against either."""

    review_by: date | None = None
    """The last day by which the document itself says that it is to be reviewed."""
    rests_on_2006: bool = Field(default=False, strict=True)
    """Whether it rests on the Education (Pupil Registration) (England) Regulations 2006."""
    own_register_times: bool = Field(default=False, strict=True)
    """Whether it has the register taken at other times for some pupils."""
    penalty_sessions: int = Field(default=SESSIONS, ge=1, le=400, strict=True)
    """The sessions of unauthorised absence at which it turns to a penalty notice."""
    penalty_weeks: int = Field(default=WEEKS, ge=1, le=52, strict=True)
    """The school weeks within which it counts them."""
