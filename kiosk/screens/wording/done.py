"""The texts of the done screen: what was recorded, why, and whether it is saved and sent. Pure.

A policy's consequence is for the office and never appears here.
"""

from attendance.rule import Decision, Outcome
from attendance.sessions import SessionName
from kiosk.screens.wording.common import clock
from kiosk.screens.wording.sentence import Sentence, join, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import BroughtView, DoneView, LeftView, Link, Progress


def heading(view: DoneView) -> Sentence:
    """You’re signed in. A child who came after the register closed is told that they are safely signed in."""
    if view.already:
        return say(_("You are already signed in"))
    if view.returning:
        return say(_("Welcome back, {name}"), name=view.pupil.given_name)
    if view.clock_trusted and view.decision.outcome in (Outcome.AFTER_CLOSE, Outcome.MISSED_SESSION):
        return say(_("You’re safely signed in."))
    return say(_("You’re signed in."))


def story(view: DoneView) -> Sentence:
    """What was recorded, in words for a child; the code stands in `office_line`."""
    if not view.clock_trusted:
        return _sentences(say(_("The office will confirm your time.")), explanation(view))
    decision = view.decision
    match decision.outcome:
        case Outcome.LATE:
            came = _minutes(decision) or say(_("You are late."))
        case Outcome.AFTER_CLOSE:
            came = _sentences(_came_after(decision), _what_the_office_does(decision))
        case Outcome.EXCUSED:
            came = _excused(decision)
        case Outcome.PLANNED_LATE if decision.minutes_late is not None:
            came = _minutes(decision)
        case _other:
            came = say(
                {
                    Outcome.ON_TIME: _("You are on time."),
                    Outcome.PLANNED: _("You’re here as planned."),
                    Outcome.REVIEW: _looks_at(view),
                    Outcome.MISSED_SESSION: _("You are here for the afternoon."),
                    Outcome.NO_EFFECT: _("Your marks stay as they are."),
                }.get(decision.outcome, _("The office will see this."))
            )
    return _sentences(came, explanation(view))


def _looks_at(view: DoneView) -> str:
    """What the office looks at before it chooses the mark."""
    if view.unlisted:
        return _("The office will find your name on its list.")
    return _("The office will look at why you were late.")


def _sentences(*sentences: Sentence) -> Sentence:
    return join(*sentences, by=" ")


def _came_after(decision: Decision) -> Sentence:
    if decision.closes is None or decision.unauthorised_after is None:
        return say(_("You came after the register closed."))
    if decision.unauthorised_after == decision.closes:
        return say(_("You came after the register closed at {time}."), time=clock(decision.closes))
    # Some schools record L until some time after the register closed; that time is the one that counts.
    return say(_("You came after {time}."), time=clock(decision.unauthorised_after))


def _what_the_office_does(decision: Decision) -> Sentence:
    if decision.needs_office:
        return say(_("The office will look at your appointment."))
    return say(_("The office may speak to your family about today."))


def office_line(view: DoneView) -> Sentence:
    """The code and the time, which the office needs and a child does not."""
    code = badge(view)
    if code is None:
        return ()
    return join(say(_("For the office: {code}"), code=code), say("{time}", time=clock(view.at)))


def badge(view: DoneView) -> str | None:
    """The recorded code, or `None` while it is undecided."""
    return view.decision.code if view.clock_trusted else None


def outcome_text(view: DoneView) -> Sentence:
    """What was recorded, in words."""
    if not view.clock_trusted:
        return say(_("The office will confirm your time"))
    decision = view.decision
    match decision.outcome:
        case Outcome.LATE:
            return _late(decision)
        case Outcome.AFTER_CLOSE:
            return _after_close(decision)
        case Outcome.ON_TIME if decision.late_after is not None:
            return say(_("On time, before {time}"), time=clock(decision.late_after))
        case Outcome.EXCUSED:
            return _excused(decision)
    others = {
        Outcome.ON_TIME: _("On time"),
        Outcome.PLANNED: _("Here as planned"),
        Outcome.PLANNED_LATE: _("After the planned time"),
        Outcome.REVIEW: _("The office will choose your mark"),
        Outcome.MISSED_SESSION: _("You are here for the afternoon"),
        Outcome.NO_EFFECT: _("Your marks stay as they are"),
    }
    return say(others.get(decision.outcome, _("The office will see this")))


def _late(decision: Decision) -> Sentence:
    if decision.closes is None or decision.unauthorised_after is None:
        return say(_("Late"))
    if decision.unauthorised_after == decision.closes:
        return say(_("Late, before the register closed at {time}"), time=clock(decision.closes))
    return say(_("Late, before {time}"), time=clock(decision.unauthorised_after))


def _after_close(decision: Decision) -> Sentence:
    if decision.closes is None or decision.unauthorised_after is None:
        return say(_("After the register closed"))
    if decision.unauthorised_after == decision.closes:
        return say(_("After the register closed at {time}"), time=clock(decision.closes))
    # Some schools record L until some time after the register closed; that time is the one that counts.
    return say(_("In school after {time}"), time=clock(decision.unauthorised_after))


def _excused(decision: Decision) -> Sentence:
    match decision.code:
        case "M":
            return say(_("At a medical appointment, agreed with the school"))
        case "J1":
            return say(_("At an interview, agreed with the school"))
    return say(_("Away, agreed with the school"))


def explanation(view: DoneView) -> Sentence:
    """Why that was recorded, or what happens next; empty if the words before say it all."""
    if not view.clock_trusted:
        return say(_("This kiosk’s clock has not been set yet."))
    match view.decision.outcome:
        case Outcome.ON_TIME:
            return say(_("Your teacher will mark you in the register."))
        case Outcome.MISSED_SESSION:
            return say(_("The office will ask about this morning."))
    return ()


def correction_hint(view: DoneView) -> Sentence:
    """What to do about a wrong code; empty without a code."""
    if badge(view) is None:
        return ()
    return say(_("Something wrong? Tell the office today."))


def _minutes(decision: Decision) -> Sentence:
    if decision.minutes_late is None:
        return ()
    if decision.due is not None:
        template = ngettext(
            "You came {count} minute after the time planned for you.",
            "You came {count} minutes after the time planned for you.",
            decision.minutes_late,
        )
    elif decision.session is SessionName.PM:
        template = ngettext(
            "You came {count} minute after the afternoon began.",
            "You came {count} minutes after the afternoon began.",
            decision.minutes_late,
        )
    else:
        template = ngettext(
            "You came {count} minute after school began.",
            "You came {count} minutes after school began.",
            decision.minutes_late,
        )
    return say(template, count=decision.minutes_late)


def next_step(view: DoneView) -> Sentence:
    """Where to go now."""
    decision, form = view.decision, view.pupil.form
    if view.clock_trusted and decision.outcome is Outcome.MISSED_SESSION:
        return say(_("Please see the office on your way."))
    if decision.outcome is Outcome.ON_TIME and decision.session is SessionName.PM:
        return say(_("Go straight to your lesson."))
    return say(_("Go straight to {form}."), form=form)


def saved_note() -> str:
    """Confirms that the entry is on disk; a `DoneView` exists only after the commit."""
    return _("Saved on this kiosk")


def progress_note(view: DoneView | LeftView | BroughtView) -> str:
    """The entry's progress beyond this kiosk; never more than is known."""
    if view.progress is Progress.SAVED:
        return {
            Link.CONNECTED: _("Sending to the register…"),
            Link.OFFLINE: _("Will be sent when the network is back"),
            Link.STARTING: _("Will be sent when this kiosk has started"),
            Link.REFUSED: _("Waiting here for the office"),
        }[view.link]
    return {
        Progress.SENT: _("Sent to the register"),
        Progress.WITH_OFFICE: _("Sent — the office will look at it"),
        Progress.REJECTED: _("Kept here — the office will look at it"),
    }[view.progress]
