"""The texts of an adult who brings late children."""

from dataclasses import replace

import pytest

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.screens.samples.arriving import decision_at, done
from kiosk.screens.samples.bringing import bring, brought
from kiosk.screens.samples.common import AMELIA, FOUND
from kiosk.screens.wording import bringing
from kiosk.screens.wording.sentence import plain
from kiosk.views import DoneView

LATE = done("09:07", decision_at("09:07"))


def with_outcome(outcome: Outcome) -> DoneView:
    return replace(LATE, decision=LATE.decision.model_copy(update={"outcome": outcome}))


@pytest.mark.parametrize(
    ("arrival", "words"),
    [
        (LATE, "Late, 22 minutes after school began"),
        (
            replace(LATE, decision=LATE.decision.model_copy(update={"minutes_late": 1})),
            "Late, 1 minute after school began",
        ),
        (replace(LATE, decision=LATE.decision.model_copy(update={"minutes_late": None})), "Late"),
        (done("09:31", decision_at("09:31")), "After the register closed at 09:15"),
        (done("08:58", decision_at("08:58")), "On time, before 09:00"),
        (replace(LATE, already=True), "Signed in before, at 09:07"),
        (replace(LATE, unlisted=True), "The office will find the child on its list"),
        (replace(LATE, clock_trusted=False), "The office will confirm the time"),
        (
            done("09:07", decision_at("09:07", Reason.SCHOOL_TRANSPORT)),
            "The office will choose the mark",
        ),
        (with_outcome(Outcome.MISSED_SESSION), "Here for the afternoon"),
        (with_outcome(Outcome.NO_EFFECT), "Back in school"),
    ],
)
def test_what_is_recorded_for_a_child_is_said_to_the_adult(arrival: DoneView, words: str) -> None:
    assert plain(bringing.recorded(arrival)) == words


def test_the_question_names_the_only_child_and_asks_once_for_several() -> None:
    assert plain(bringing.question(bring(AMELIA))) == "Why is Amelia late?"
    assert plain(bringing.question(bring(*FOUND))) == "Why are they late?"
    assert plain(bringing.question(bring(AMELIA, reasons=()))) == "No reason is needed."


def test_the_button_and_the_result_count_the_children() -> None:
    assert plain(bringing.sign_in(bring(AMELIA))) == "Sign in 1 child"
    assert plain(bringing.sign_in(bring(*FOUND))) == "Sign in 3 children"
    assert plain(bringing.heading(brought(*FOUND))) == "3 children are signed in."
    assert plain(bringing.brought_by(brought(AMELIA))) == "Brought by Marta Kowalska"
