"""The texts of the done screen: what was recorded, why, and whether it is saved and sent. Pure.

A policy's consequence is for the office and never appears here.
"""

from attendance.rule import Decision, Outcome
from attendance.sessions import SessionName
from kiosk.screens.wording.common import clock
from kiosk.screens.wording.sentence import Sentence, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import BroughtView, DoneView, LeftView, Link, Progress


def greeting(view: DoneView) -> Sentence:
    """Thank you, Amelia."""
    if view.already:
        return say(_("You are already signed in"))
    if view.returning:
        return say(_("Welcome back, {name}"), name=view.pupil.given_name)
    return say(_("Thank you, {name}"), name=view.pupil.given_name)


def sign_in_time(view: DoneView) -> Sentence:
    """When the pupil signed in; an untrusted clock gives no time."""
    if not view.clock_trusted:
        return say(_("You are signed in"))
    return say(_("Signed in at {time}"), time=clock(view.at))


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
    """Why that code was recorded."""
    if not view.clock_trusted:
        return say(_("This kiosk’s clock has not been set yet."))
    match view.decision.outcome:
        case Outcome.LATE | Outcome.AFTER_CLOSE:
            return _minutes(view.decision)
        case Outcome.ON_TIME:
            return say(_("Your teacher will mark you in the register."))
        case Outcome.REVIEW:
            return say(_looks_at(view))
        case Outcome.MISSED_SESSION:
            return say(_("The office will ask about this morning."))
    return ()


def _looks_at(view: DoneView) -> str:
    """What the office looks at before it chooses the mark."""
    if view.unlisted:
        return _("The office will find your name on its list.")
    return _("They will look at why you were late.")


def correction_hint(view: DoneView) -> Sentence:
    """What to do about a wrong code; empty without a code."""
    if badge(view) is None:
        return ()
    return say(_("Something wrong? Tell the office today."))


def _minutes(decision: Decision) -> Sentence:
    if decision.minutes_late is None or decision.opens is None:
        return ()
    template = ngettext("{count} minute after {time}", "{count} minutes after {time}", decision.minutes_late)
    return say(template, count=decision.minutes_late, time=clock(decision.opens))


def next_step(view: DoneView) -> Sentence:
    """Where to go now. A pupil with code U reads that they are safely signed in."""
    decision, form = view.decision, view.pupil.form
    if view.clock_trusted and decision.outcome is Outcome.AFTER_CLOSE:
        if decision.needs_office:
            return say(_("You’re safely signed in. The office will look at your appointment."))
        return say(_("You’re safely signed in. The office may speak to your family about today."))
    if view.clock_trusted and decision.outcome is Outcome.MISSED_SESSION:
        return say(_("You’re safely signed in. Please see the office on your way."))
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
