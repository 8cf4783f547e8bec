"""The texts that several screens share. Pure. They are plain, short and kind, and never reproach a pupil."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from math import ceil

from attendance.reasons import REASON_LABEL, Reason
from attendance.sessions import HALF_TERM, HOLIDAY, WEEKEND, SessionName
from kiosk.screens.wording.sentence import Sentence, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import Frame, HomeView, Link, LinkStatus, Notice, ProblemView, Purpose, ReasonView, Trouble

SHOW_SECONDS_WITHIN = timedelta(minutes=2)


def unbroken(name: str) -> str:
    """A name in a list of names: no line ends within it, so that no initial stands beside another name."""
    return name.replace(" ", "\N{NO-BREAK SPACE}")


def in_list(names: Sequence[Sentence]) -> Sentence:
    """Names one after the other, each a value of its own, between the marks of the language."""
    listed, *others = names
    for name in others:
        # Translators: the mark between the names of a list.
        listed = say(_("{names}, {name}"), names=listed, name=name)
    return listed


def clock(at: datetime | time) -> str:
    """A time of day as schools write it: 09:07."""
    return f"{at:%H:%M}"


def day(on: date) -> str:
    """Tuesday 24 November."""
    weekdays = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    months = (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )
    return _("{weekday} {day} {month}").format(
        weekday=weekdays[on.weekday()], day=on.day, month=months[on.month - 1]
    )


def status(status: LinkStatus) -> Sentence:
    """The chip in the bar: the connection to the register, and how many entries are waiting."""
    without_count, with_count = {
        Link.CONNECTED: (_("Connected"), _("Connected")),
        Link.OFFLINE: (_("Offline"), _("Offline — {count} saved here")),
        Link.STARTING: (_("Starting…"), _("Starting — {count} saved here")),
        Link.REFUSED: (_("See the office"), _("See the office — {count} saved here")),
    }[status.link]
    return say(with_count if status.waiting else without_count, count=status.waiting)


def notice(frame: Frame) -> Sentence:
    """The notice in the bar: an ignored card, or waiting cards; else empty."""
    if frame.notice is not None:
        return say(
            {
                Notice.UNKNOWN_CARD: _("This card is not known here"),
                Notice.TWO_CARDS: _("One card at a time"),
                Notice.UNREADABLE_CARD: _("This card could not be read"),
                Notice.TO_BE_COLLECTED: _("This pupil is to be collected"),
            }[frame.notice]
        )
    waiting = frame.cards_waiting
    if not waiting or isinstance(frame.view, ReasonView):  # a strip on that screen names the pupils
        return ()
    return say(ngettext("{count} card is waiting", "{count} cards are waiting", waiting), count=waiting)


def headline(view: HomeView) -> Sentence:
    """When the register opens or closes, or why there is none."""
    if view.starting:
        return say(_("One moment…"))
    if not view.clock_trusted:
        return say(_("Please sign in as usual"))
    if view.times is None or view.session is None:
        return say(_("School is closed today") if view.closed_because else _("The school day has ended"))
    opens, closes, closed = {
        SessionName.AM: (
            _("The morning register opens at {time}"),
            _("The morning register closes at {time}"),
            _("The morning register closed at {time}"),
        ),
        SessionName.PM: (
            _("The afternoon register opens at {time}"),
            _("The afternoon register closes at {time}"),
            _("The afternoon register closed at {time}"),
        ),
    }[view.session]
    now = view.now.time()
    if now < view.times.opens:
        return say(opens, time=clock(view.times.opens))
    return say(closes if now < view.times.closes else closed, time=clock(view.times.closes))


def countdown(view: HomeView) -> Sentence:
    """The time until the register closes, with seconds in the last two minutes; or why school is closed."""
    if view.starting:
        return ()
    if not view.clock_trusted:
        return say(_("This clock is not set yet. The office will confirm your time."))
    if view.times is None:
        return say(closure_text(view.closed_because)) if view.closed_because else ()
    if not view.times.opens <= view.now.time() < view.times.closes:
        return ()
    return _in(datetime.combine(view.now, view.times.closes) - view.now)


def _in(left: timedelta) -> Sentence:
    if left > SHOW_SECONDS_WITHIN:
        minutes = ceil(left / timedelta(minutes=1))
        return say(ngettext("in {count} minute", "in {count} minutes", minutes), count=minutes)
    minutes, seconds = divmod(ceil(left.total_seconds()), 60)
    second = ngettext("{seconds} second", "{seconds} seconds", seconds)
    if minutes == 0:
        return say(_("in {span}").replace("{span}", second), seconds=seconds)
    minute = ngettext("{minutes} minute", "{minutes} minutes", minutes)
    if seconds == 0:
        return say(_("in {span}").replace("{span}", minute), minutes=minutes)
    return say(_("in {span}").replace("{span}", f"{minute} {second}"), minutes=minutes, seconds=seconds)


def closure_text(reason: str) -> str:
    """Why school is closed: translated for weekends and holidays, else in the school's own words."""
    translations = {
        WEEKEND: _("It is the weekend"),
        HALF_TERM: _("It is half term"),
        HOLIDAY: _("It is the school holidays"),
    }
    return translations.get(reason, reason)


def reason(reason: Reason) -> str:
    """A reason in the pupil's words."""
    return _(REASON_LABEL[reason])


def same_reason(reason_of_first: Reason) -> Sentence:
    """The reason of the pupil who came at the same time, as the first answer."""
    return say(_("The same: {reason}"), reason=reason(reason_of_first))


def reason_question(view: ReasonView) -> Sentence:
    """The question of the reason screen."""
    if view.purpose is Purpose.COLLECTING:
        if view.others:
            return say(_("Why are they leaving?"))
        return say(_("Why is {name} leaving?"), name=view.pupil.given_name)
    questions = {
        Purpose.LEAVING: _("{name}, why are you leaving?"),
        Purpose.RETURNING: _("{name}, why were you away?"),
    }
    return say(questions.get(view.purpose, _("{name}, why are you late?")), name=view.pupil.given_name)


def next_pupils(count: int) -> str:
    """Says to the pupils whose cards wait that their arrival is kept; empty without any."""
    return _("signed in, you’re next") if count else ""


def problem(view: ProblemView) -> str:
    """What is wrong, in one sentence."""
    return {
        Trouble.UNKNOWN_CARD: _("This card is not known here"),
        Trouble.TWO_CARDS: _("One card at a time"),
        Trouble.UNREADABLE_CARD: _("This card could not be read"),
        Trouble.NO_ROSTER: _("This kiosk has no list of pupils yet"),
        Trouble.CLOSED_DAY: _("School is closed today"),
        Trouble.AFTER_SCHOOL: _("The school day has ended"),
        Trouble.EMPTY_ROSTER: _("There are no pupils on this kiosk’s list"),
        Trouble.NOT_SAVED: _("This is not recorded yet"),
        Trouble.ARRIVAL_WAITS: _("You are not signed in yet"),
        Trouble.DISK_FAILED: _("This kiosk cannot save anything now"),
        Trouble.SPEAK_TO_OFFICE: _("Please speak to the office"),
        Trouble.NO_ANSWER: _("Nobody has answered yet"),
        Trouble.RELEASED_TOO_LATE: _("Nobody is signed out"),
        Trouble.ALREADY_OUT: _("Signed out already"),
        Trouble.NOT_ALONE: _("Please ask an adult to collect you"),
        Trouble.FETCH_ADULT: _("Please fetch the adult who brings you"),
        Trouble.NOT_OUT: _("Not signed out today"),
        Trouble.NOBODY_OUT: _("Nobody is signed out here today"),
        Trouble.SAME_NAME: _("Two pupils have this name"),
        Trouble.NO_PINS: _("This kiosk has no PINs yet"),
        Trouble.SCREEN_ERROR: _("Something went wrong on this screen"),
    }[view.trouble]


def what_to_do(view: ProblemView) -> str:
    """What the visitor can do about it."""
    return {
        Trouble.UNKNOWN_CARD: _("Choose “I’m late” and find your name, or ask at the office."),
        Trouble.TWO_CARDS: _("Please tap again with one card, or ask at the office."),
        Trouble.UNREADABLE_CARD: _("Please tap again, or ask at the office."),
        Trouble.NO_ROSTER: _("Please sign in at the office."),
        Trouble.CLOSED_DAY: _("If that is not right, please tell the office."),
        Trouble.AFTER_SCHOOL: _("If you need something, please ask at the office."),
        Trouble.EMPTY_ROSTER: _("Please sign in at the office."),
        Trouble.NOT_SAVED: _("This kiosk could not save it and keeps trying. Please see the office."),
        Trouble.ARRIVAL_WAITS: _("This kiosk could not save it and keeps trying. Please see the office."),
        Trouble.DISK_FAILED: _("Please see the office. You can still tap your card here."),
        Trouble.SPEAK_TO_OFFICE: _("The office will help you. Nobody is signed out."),
        Trouble.NO_ANSWER: _("Nothing is recorded. Please ask again, or speak to the office."),
        Trouble.RELEASED_TOO_LATE: _(
            "The office answered after the request was cancelled. Please ask again, or see the office."
        ),
        Trouble.ALREADY_OUT: _("If that is not right, please tell the office."),
        Trouble.NOT_ALONE: _("An adult signs you out here. If that is not right, see the office."),
        Trouble.FETCH_ADULT: _("They choose “I’m bringing a child”. If you came alone, see the office."),
        Trouble.NOT_OUT: _("If you have just come in, choose “I’m late”, or see the office."),
        Trouble.NOBODY_OUT: _("If you have just come in, choose “I’m late”, or see the office."),
        Trouble.SAME_NAME: _("Please use your card, or see the office."),
        Trouble.NO_PINS: _("The office gives out PINs. Please see the office."),
        Trouble.SCREEN_ERROR: _("What was saved is safe. Please try again, or tell the office."),
    }[view.trouble]


def detail(view: ProblemView) -> str:
    """The reason for a closed day, or an empty text."""
    return closure_text(view.detail) if view.detail else ""
