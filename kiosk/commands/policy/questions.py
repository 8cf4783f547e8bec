"""What `latebook policy new` asks: each question with what its term means."""

from collections.abc import Callable
from dataclasses import dataclass

from attendance.policy.unknown_keys import nearest_name
from attendance.reasons import Reason
from kiosk.commands.policy.answers import (
    Answers,
    Value,
    clock,
    codes,
    ends_by_year,
    kept_years,
    reasons,
    review,
    short_name,
    words,
    words_or_none,
    years,
    years_of_the_school,
    yes_or_no,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One value of a policy, asked for."""

    key: str
    """The dotted key in the file."""
    asks: str
    means: str
    """What the term means. It is the key's comment in the file, too."""
    like: str
    """How an answer is written."""
    read: Callable[[str, Answers], Value]
    """Raises a ValueError, one sentence, for what is no answer."""
    default: Callable[[Answers], str | None] | None = None
    """The answer of somebody who gives none, or None before what it follows has been answered. Left out:
    there has to be an answer."""
    has_source: bool = True
    """Whether the school's document may say it. What it does not say is provisional."""

    @property
    def option(self) -> str:
        """The option that answers it without asking."""
        return "--" + self.key.replace(".", "-").replace("_", "-")

    @property
    def is_time(self) -> bool:
        """Whether it is one of a session's times."""
        return "." in self.key


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are asked, checked and corrected together."""

    title: str
    questions: tuple[Question, ...]


def _slug(answers: Answers) -> str:
    return nearest_name(answers.get("title", "")) or "school"


def _same_as(key: str) -> Callable[[Answers], str | None]:
    return lambda answers: answers.get(key)


def _always(text: str) -> Callable[[Answers], str | None]:
    return lambda _: text


def _times(session: str, ends: str) -> tuple[Question, ...]:
    opens, closes, like = f"{session}.opens", f"{session}.closes", "HH:MM, like 08:45"
    return (
        Question(
            opens,
            "The register opens",
            "When the register begins to be taken. Somebody who comes before is on time.",
            like,
            clock,
        ),
        Question(
            f"{session}.late_after",
            "Late after",
            "Somebody who comes at or after this is late. Usually when the register opens.",
            like,
            clock,
            _same_as(opens),
        ),
        Question(
            closes,
            "The register closes",
            "When the taking of the register ends; late is L until then. At most 30 minutes after it opens.",
            like,
            clock,
        ),
        Question(
            f"{session}.unauthorised_after",
            "Unauthorised after",
            "Somebody who comes at or after this gets U. By law, when the register closes.",
            like,
            clock,
            _same_as(closes),
        ),
        Question(f"{session}.ends", "The session ends", ends, like, clock),
    )


NAME = Question(
    "name",
    "A short name",
    "What commands and files call this policy.",
    "small letters, digits and hyphens",
    short_name,
    _slug,
    has_source=False,
)
REVIEW = Question(
    "review",
    "Reasons for which the office decides the mark",
    "A reason for which the office decides the mark, with the code suggested before close and the one after.",
    "school-transport=present:Y1, or empty if the rule always decides",
    review,
    _always(""),
)
ABOUT = Group(
    "The school",
    (
        Question(
            "title",
            "The school's name",
            "The school, as people know it.",
            "in a few words",
            words,
            has_source=False,
        ),
        NAME,
        Question(
            "years",
            "Year groups",
            "The school's year groups: N (nursery), R (reception), 1 to 14.",
            "like 7-13, R-6 or 7 8 9",
            years,
        ),
    ),
)
MORNING = Group(
    "The morning register (AM)", _times("am", "When the morning ends and the lunch break begins.")
)
AFTERNOON = Group(
    "The afternoon register (PM)",
    (
        *_times("pm", "When the school day ends."),
        Question(
            "pm.ends_by_year",
            "Other ends of the day",
            "Year groups whose day ends at another time.",
            "like R=15:10 1-3=15:20, or empty if all go home at the same time",
            ends_by_year,
            _always(""),
        ),
    ),
)
REST = Group(
    "The rest of the document",
    (
        Question(
            "retention_years",
            "Years that entries are kept",
            "How long the document says that register entries are kept. By law, 6 years.",
            "a whole number",
            kept_years,
            _always("6"),
        ),
        Question(
            "reasons",
            "Reasons on the kiosk",
            "What a late pupil may choose, in the order of the tiles.",
            f"some of {', '.join(Reason)}",
            reasons,
            _always(" ".join(Reason)),
        ),
        Question(
            "reason_required",
            "Reason required",
            "Whether a late pupil has to give a reason: the kiosk then offers no way past the question.",
            "yes or no",
            yes_or_no,
            _always("no"),
        ),
        REVIEW,
        Question(
            "consequence",
            "What follows a U",
            "What the school attaches to a U, told to the office each time and never shown on the kiosk.",
            "like Lunchtime detention the same day, or empty if nothing follows",
            words_or_none,
            _always(""),
        ),
        Question(
            "codes_used",
            "Attendance codes",
            "The attendance codes that the document names, to find those that have been withdrawn.",
            "like / \\ L U M, or empty",
            codes,
            _always(""),
        ),
        Question(
            "leaves_alone",
            "Years who may sign themselves out",
            "Year groups whose pupils may sign themselves out and go alone. Everybody else needs somebody to"
            " sign them out.",
            "like 12-13, or empty if nobody may",
            years_of_the_school,
            _always(""),
        ),
    ),
)
GROUPS = (ABOUT, MORNING, AFTERNOON, REST)
QUESTIONS = tuple(question for group in GROUPS for question in group.questions)
