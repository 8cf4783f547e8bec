from collections.abc import Callable

import pytest

from attendance.rule import Decision, Outcome
from kiosk.screens import samples
from kiosk.screens.wording import done
from kiosk.screens.wording.sentence import Sentence, plain
from kiosk.views import DoneView, Link, Progress

TEXTS: tuple[Callable[[DoneView], Sentence], ...] = (
    done.heading,
    done.story,
    done.outcome_text,
    done.office_line,
    done.correction_hint,
    done.next_step,
)


def view_of(sample: str) -> DoneView:
    view = samples.frames()[f"done-{sample}"].view
    assert isinstance(view, DoneView)
    return view


def all_texts(view: DoneView) -> str:
    return " | ".join([*(plain(text(view)) for text in TEXTS), done.saved_note(), done.progress_note(view)])


FAMILY = "The office may speak to your family about today."


@pytest.mark.parametrize(
    ("sample", "code", "printed", "story"),
    [
        (
            "late",
            "L",
            "Late, before the register closed at 09:15",
            "You came 22 minutes after school began.",
        ),
        ("late-after-close", "L", "Late, before 10:30", "You came 42 minutes after school began."),
        (
            "after-close",
            "U",
            "After the register closed at 09:15",
            f"You came after the register closed at 09:15. {FAMILY}",
        ),
        (
            "unlisted",
            None,
            "The office will choose your mark",
            "The office will find your name on its list.",
        ),
        ("after-long-late", "U", "In school after 10:30", f"You came after 10:30. {FAMILY}"),
        (
            "on-time",
            None,
            "On time, before 09:00",
            "You are on time. Your teacher will mark you in the register.",
        ),
        (
            "excused-medical",
            "M",
            "At a medical appointment, agreed with the school",
            "At a medical appointment, agreed with the school",
        ),
        (
            "excused-interview",
            "J1",
            "At an interview, agreed with the school",
            "At an interview, agreed with the school",
        ),
        (
            "excused-exceptional",
            "C",
            "Away, agreed with the school",
            "Away, agreed with the school",
        ),
        (
            "review",
            None,
            "The office will choose your mark",
            "The office will look at why you were late.",
        ),
        (
            "missed-morning",
            None,
            "You are here for the afternoon",
            "You are here for the afternoon. The office will ask about this morning.",
        ),
        ("planned", "C2", "Here as planned", "You’re here as planned."),
        (
            "planned-late",
            "C2",
            "After the planned time",
            "You came 12 minutes after the time planned for you.",
        ),
    ],
)
def test_the_done_screen_tells_the_pupil_in_words_and_the_office_by_code(
    sample: str, code: str | None, printed: str, story: str
) -> None:
    view = view_of(sample)
    assert done.badge(view) == code
    assert plain(done.outcome_text(view)) == printed
    assert plain(done.story(view)) == story
    assert plain(done.office_line(view)) == (f"For the office: {code} · {view.at:%H:%M}" if code else "")
    assert bool(done.correction_hint(view)) is (code is not None)


def test_in_the_afternoon_the_minutes_are_counted_from_the_afternoon() -> None:
    decision = samples.decision_at("14:12")
    assert plain(done.story(samples.done("14:12", decision))) in (
        "You came after the register closed at 14:10. " + FAMILY
    )
    late = decision.model_copy(update={"outcome": Outcome.LATE})
    assert plain(done.story(samples.done("14:12", late))) == "You came 17 minutes after the afternoon began."


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_text(outcome: Outcome) -> None:
    view = samples.done("09:07", Decision(outcome=outcome))
    assert plain(done.outcome_text(view))
    assert plain(done.story(view))
    assert plain(done.next_step(view))


def test_one_minute_is_singular() -> None:
    decision = samples.decision_at("09:07").model_copy(update={"minutes_late": 1})
    assert plain(done.story(samples.done("09:07", decision))) == "You came 1 minute after school began."


def test_a_pupil_with_u_reads_that_they_are_safely_signed_in() -> None:
    for sample in ("after-close", "after-close-offline", "after-close-medical", "after-long-late"):
        assert plain(done.heading(view_of(sample))) == "You’re safely signed in."


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
    assert plain(done.heading(view)) == "You are already signed in"
    assert plain(done.office_line(view)) == "For the office: L · 09:07"


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
