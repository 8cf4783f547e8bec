from collections.abc import Callable

import pytest

from attendance.rule import Decision, Outcome
from kiosk.screens import samples
from kiosk.screens.wording import done
from kiosk.screens.wording.sentence import Sentence, plain
from kiosk.views import DoneView, Link, Progress

TEXTS: tuple[Callable[[DoneView], Sentence], ...] = (
    done.greeting,
    done.sign_in_time,
    done.outcome_text,
    done.explanation,
    done.correction_hint,
    done.next_step,
)


def view_of(sample: str) -> DoneView:
    view = samples.frames()[f"done-{sample}"].view
    assert isinstance(view, DoneView)
    return view


def all_texts(view: DoneView) -> str:
    return " | ".join([*(plain(text(view)) for text in TEXTS), done.saved_note(), done.progress_note(view)])


@pytest.mark.parametrize(
    ("sample", "code", "recorded", "because"),
    [
        ("late", "L", "Late, before the register closed at 09:15", "22 minutes after 08:45"),
        ("late-after-close", "L", "Late, before 10:30", "42 minutes after 09:30"),
        ("after-close", "U", "After the register closed at 09:15", "46 minutes after 08:45"),
        ("unlisted", None, "The office will choose your mark", "The office will find your name on its list."),
        ("after-long-late", "U", "In school after 10:30", "61 minutes after 09:30"),
        ("on-time", None, "On time, before 09:00", "Your teacher will mark you in the register."),
        ("excused-medical", "M", "At a medical appointment, agreed with the school", ""),
        ("excused-interview", "J1", "At an interview, agreed with the school", ""),
        ("excused-exceptional", "C", "Away, agreed with the school", ""),
        ("review", None, "The office will choose your mark", "They will look at why you were late."),
        ("missed-morning", None, "You are here for the afternoon", "The office will ask about this morning."),
    ],
)
def test_the_done_screen_shows_what_was_recorded_its_code_and_why(
    sample: str, code: str | None, recorded: str, because: str
) -> None:
    view = view_of(sample)
    assert done.badge(view) == code
    assert plain(done.outcome_text(view)) == recorded
    assert plain(done.explanation(view)) == because
    assert bool(done.correction_hint(view)) is (code is not None)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_text(outcome: Outcome) -> None:
    view = samples.done("09:07", Decision(outcome=outcome))
    assert plain(done.outcome_text(view))
    assert plain(done.next_step(view))


def test_one_minute_is_singular() -> None:
    decision = samples.decision_at("09:07").model_copy(update={"minutes_late": 1})
    assert plain(done.explanation(samples.done("09:07", decision))) == "1 minute after 08:45"


def test_a_pupil_with_u_reads_that_they_are_safely_signed_in() -> None:
    for sample in ("after-close", "after-close-offline", "after-close-medical", "after-long-late"):
        assert "You’re safely signed in." in plain(done.next_step(view_of(sample)))


def test_a_pupil_is_sent_to_their_form() -> None:
    assert plain(done.next_step(view_of("late"))) == "Go straight to 7B."


def test_no_text_reproaches_a_pupil_or_shows_the_consequence() -> None:
    for name, frame in samples.frames().items():
        if isinstance(frame.view, DoneView):
            text = all_texts(frame.view)
            assert "never be seen" not in text, name
            for word in ("detention", "unauthorised", "must", "slip", "!"):
                assert word not in text, name


def test_an_untrusted_clock_shows_no_time_and_no_code() -> None:
    view = view_of("clock-not-trusted")
    assert done.badge(view) is None
    assert plain(done.outcome_text(view)) == "The office will confirm your time"
    assert "09:" not in all_texts(view)


def test_a_second_tap_says_that_the_pupil_is_signed_in_already() -> None:
    view = view_of("already")
    assert plain(done.greeting(view)) == "You are already signed in"
    assert plain(done.sign_in_time(view)) == "Signed in at 09:07"


@pytest.mark.parametrize("link", Link)
def test_a_saved_entry_is_never_shown_as_sent(link: Link) -> None:
    view = samples.done("09:07", samples.decision_at("09:07"), progress=Progress.SAVED, link=link)
    assert "Sent" not in done.progress_note(view)


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress.SENT, "Sent to the register"),
        (Progress.WITH_OFFICE, "Sent — the office will look at it"),
        (Progress.REJECTED, "Kept here — the office will look at it"),
    ],
)
def test_the_registers_answer_is_shown_even_when_the_network_is_down_again(
    progress: Progress, text: str
) -> None:
    view = samples.done("09:07", samples.decision_at("09:07"), progress=progress, link=Link.OFFLINE)
    assert done.progress_note(view) == text
