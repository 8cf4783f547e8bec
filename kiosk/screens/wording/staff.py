"""The texts of the staff screens. Pure."""

from dataclasses import replace
from datetime import datetime

from attendance.rule import Outcome
from attendance.text import capitalise
from kiosk.screens.wording.common import clock, in_list, reason, unbroken
from kiosk.screens.wording.leaving import relationship
from kiosk.screens.wording.sentence import Sentence, join, say
from kiosk.screens.wording.translate import _, ngettext
from kiosk.views import (
    CardStep,
    CardView,
    ConfirmQuestion,
    ConfirmView,
    EntryKind,
    EntryLine,
    Health,
    Link,
    LinkObstacle,
    PinPurpose,
    PinState,
    PinView,
    PresenceLine,
    PresenceSource,
    PresenceView,
    Progress,
    PupilLabel,
    StaffView,
    StorageNotice,
    StorageTrouble,
)

MOST_RUNS = 3
"""Runs of missing numbers that the staff screen has room for; the office has them all."""


def name_and_form(pupil: PupilLabel) -> Sentence:
    """Amelia K. · 7B."""
    return join(say("{name}", name=pupil.name), say("{form}", form=pupil.form))


def pin_title(view: PinView) -> str:
    """What the PIN is for."""
    return {PinPurpose.STAFF: _("Staff"), PinPurpose.RELEASE: _("Release")}[view.purpose]


def pin_hint(view: PinView) -> Sentence:
    """What to do, or how long the pad is locked."""
    if view.state is PinState.LOCKED:
        return say(
            ngettext(
                "Too many wrong PINs. Wait {count} second.",
                "Too many wrong PINs. Wait {count} seconds.",
                view.locked_s,
            ),
            count=view.locked_s,
        )
    return say(
        {
            PinState.TYPING: _("Type your own PIN"),
            PinState.CHECKING: _("One moment…"),
            PinState.WRONG: _("Wrong PIN. Try again."),
            PinState.NOT_CHECKED: _("This kiosk cannot check PINs at the moment. Please see the office."),
        }[view.state]
    )


def pin_pupils(view: PinView) -> Sentence:
    """The pupils that the PIN would release."""
    if not view.pupils:
        return ()
    return in_list([name_and_form(replace(pupil, name=unbroken(pupil.name))) for pupil in view.pupils])


def pin_collector(view: PinView) -> Sentence:
    """The adult to whom the PIN would release them; the PIN's owner is responsible for it."""
    return say(f"{_('Collected by')} {{name}}", name=view.collector) if view.collector else ()


def pin_facts(view: PinView) -> Sentence:
    """The adult's own word for the relationship, and why the pupils leave."""
    who = say(relationship(view.relationship)) if view.relationship else ()
    return join(who, say(reason(view.reason)) if view.reason else ())


def pin_unchecked(view: PinView) -> str:
    """The warning of a release without the family's list; empty when the register was asked."""
    return _("The family’s list can’t be checked from here.") if view.list_unchecked else ""


def pin_unsure(view: PinView) -> str:
    """What to do in doubt."""
    return _("Unsure? Wait for the office.") if view.list_unchecked else ""


def kind_text(line: EntryLine) -> str:
    """The kind of entry or its outcome, in a word or two."""
    if line.kind is EntryKind.DEPARTURE:
        return _("Signed out")
    if line.kind is EntryKind.RETURN:
        return _("Came back")
    if not line.clock_trusted:
        return _("Time to be confirmed")
    return {
        Outcome.LATE: _("Late"),
        Outcome.AFTER_CLOSE: _("After close"),
        Outcome.ON_TIME: _("On time"),
        Outcome.EXCUSED: _("Excused"),
        Outcome.PLANNED: _("As planned"),
        Outcome.PLANNED_LATE: _("After the planned time"),
    }.get(line.outcome, _("For the office"))


def reason_text(line: EntryLine) -> Sentence:
    """The reason of an arrival; for any other entry its kind, and the reason if there is one."""
    happened = () if line.reason and line.kind is EntryKind.ARRIVAL else say(kind_text(line))
    return join(happened, say(reason(line.reason)) if line.reason else ())


def state(line: EntryLine) -> str:
    """The entry's progress, in a word or two."""
    if line.undone:
        return _("undone")
    return {
        Progress.SAVED: _("waiting"),
        Progress.SENT: _("sent"),
        Progress.WITH_OFFICE: _("with the office"),
        Progress.REJECTED: _("needs the office"),
    }[line.progress]


def entry_time(line: EntryLine) -> Sentence:
    """The entry's time, 09:07; with the date if it is of an earlier day, 23/11 09:07."""
    time = say("{time}", time=clock(line.at))
    return join(say("{day}", day=f"{line.at:%d/%m}"), time, by=" ") if line.earlier else time


def title(view: StaffView) -> Sentence:
    """The list's title, and how many earlier entries are left out."""
    more = say(
        ngettext("{count} more from earlier days", "{count} more from earlier days", view.more_pending),
        count=view.more_pending,
    )
    return join(say(_("Today on this kiosk")), more if view.more_pending else ())


def waiting(health: Health) -> Sentence:
    """How many entries wait to be sent, and for how long."""
    if health.rejected:
        return say(_("{count} for the office"), count=health.rejected)
    if not health.waiting:
        return say(_("Nothing"))
    if health.oldest_min is None:
        return say("{count}", count=health.waiting)
    return say(_("{count} · oldest {minutes} min"), count=health.waiting, minutes=health.oldest_min)


def trust(health: Health) -> str:
    """The clock's trust."""
    return {
        "synced": _("Set from the network"),
        "held": _("Keeps time"),
        "unknown": _("Not set"),
    }.get(health.clock, _("Not set"))


def readers(health: Health) -> Sentence:
    """The state of each reader."""
    if not health.readers:
        return say(_("None"))
    states = {
        "ready": _("ready"),
        "absent": _("unplugged"),
        "busy": _("used by another program"),
        "forbidden": _("not permitted"),
        "babbling": _("not understood"),
        "stopped": _("not being read"),
    }
    texts = [states.get(each, each) for _name, each in health.readers]
    return join(*(say("{state}", state=capitalise(each)) for each in texts))


def printer(health: Health) -> str:
    """The state of the slip printer."""
    if health.printer is None:
        return _("None")
    return {
        "ready": _("Ready"),
        "paper_low": _("Paper low"),
        "no_paper": _("No paper"),
        "cover_open": _("Cover open"),
        "absent": _("Unplugged"),
        "busy": _("Not answering"),
    }.get(health.printer, health.printer)


def storage(health: Health) -> str:
    """The state of the storage, in a word or two."""
    notice = health.storage
    if notice.trouble in (None, StorageTrouble.NEARLY_FULL) and notice.put_aside:
        return _("Was damaged")
    if notice.trouble is None:
        return _("Fine")
    return {
        StorageTrouble.READ_ONLY: _("Read-only"),
        StorageTrouble.FULL: _("Full"),
        StorageTrouble.ERRORS: _("Failing"),
        StorageTrouble.WORN: _("Worn"),
        StorageTrouble.NEARLY_FULL: _("Nearly full"),
    }[notice.trouble]


def advice(health: Health) -> Sentence:
    """What is wrong, and what to do: with the storage, or else with the network; empty if nothing is."""
    return _storage_advice(health) or _network_advice(health)


def _network_advice(health: Health) -> Sentence:
    """What stands between the kiosk and the register."""
    if health.obstacle is None or health.link is Link.CONNECTED:
        return ()
    return say(
        {
            LinkObstacle.NETWORK: _("There is no network. Please check the cable or the Wi-Fi."),
            LinkObstacle.SILENCE: _("The register does not answer. Is it switched on?"),
            LinkObstacle.CERTIFICATE: _(
                "The register’s certificate cannot be trusted. Please tell IT support."
            ),
            LinkObstacle.CLOCK: _(
                "This kiosk’s clock is behind, so the register’s certificate is not valid yet."
            ),
            LinkObstacle.PORTAL: _("The network’s login page is in the way. Please tell IT support."),
            LinkObstacle.FILTER: _("A web filter blocks the register. Please tell IT support."),
            LinkObstacle.PROXY: _("A proxy answers instead of the register. Please tell IT support."),
            LinkObstacle.OTHER_SERVICE: _(
                "Something else answers instead of the register. Please tell IT support."
            ),
        }[health.obstacle]
    )


def _storage_advice(health: Health) -> Sentence:
    """What is wrong with the storage, and what to do; empty if nothing is."""
    notice = health.storage
    if notice.put_aside:
        return _put_aside(notice)
    if notice.trouble is None:
        return ()
    return say(
        {
            StorageTrouble.READ_ONLY: _(
                "The storage is read-only: nothing can be saved. Start this kiosk again."
            ),
            StorageTrouble.FULL: _("The storage is full. Please have it cleared today."),
            StorageTrouble.ERRORS: _("The storage is failing. Please have it changed this week."),
            StorageTrouble.WORN: _("The storage is worn. Please have it changed in the holidays."),
            StorageTrouble.NEARLY_FULL: _("The storage is nearly full. Please have it cleared."),
        }[notice.trouble]
    )


def _put_aside(notice: StorageNotice) -> Sentence:
    if not notice.missing:
        text = _("The storage was damaged. Entries saved: {count}; none is missing. Please have it changed.")
        return say(text, count=notice.saved)
    runs = [f"{first}" if first == last else f"{first}–{last}" for first, last in notice.missing]
    return say(
        _("The storage was damaged. Entries saved: {count}; missing: {numbers}. Please tell the office."),
        count=notice.saved,
        numbers=", ".join(runs[:MOST_RUNS]) + (" …" if len(runs) > MOST_RUNS else ""),
    )


def network(health: Health) -> Sentence:
    """The connection to the register, and since when."""
    link = {
        Link.CONNECTED: _("Connected"),
        Link.OFFLINE: _("Offline"),
        Link.STARTING: _("Starting…"),
        Link.REFUSED: _("Not accepted"),
    }[health.link]
    since = _since(health.link_since) if health.link is not Link.CONNECTED else ()
    return join(say("{link}", link=link), since, by=" ")


def _since(at: datetime | None) -> Sentence:
    return say(_("since {time}"), time=clock(at)) if at else ()


def question(view: ConfirmView) -> str:
    """The question of the confirm screen."""
    return {
        ConfirmQuestion.UNDO: _("Undo this entry?"),
        ConfirmQuestion.REVOKE_CARDS: _("Are this pupil’s cards lost?"),
        ConfirmQuestion.LEAVE_APP: _("Leave the kiosk?"),
        ConfirmQuestion.CANCEL_REQUEST: _("Cancel this request?"),
    }[view.question]


def consequence(view: ConfirmView) -> str:
    """What a yes will do."""
    return {
        ConfirmQuestion.UNDO: _("The office will see both the entry and that it was undone."),
        ConfirmQuestion.REVOKE_CARDS: _("None of their cards will work any more."),
        ConfirmQuestion.LEAVE_APP: _(
            "Nobody can sign in here until it is started again. What is saved stays saved."
        ),
        ConfirmQuestion.CANCEL_REQUEST: _("The office will not see it any more."),
    }[view.question]


def yes(view: ConfirmView) -> str:
    """The button for yes, named after the action."""
    return {
        ConfirmQuestion.UNDO: _("Undo it"),
        ConfirmQuestion.REVOKE_CARDS: _("They are lost"),
        ConfirmQuestion.LEAVE_APP: _("Leave"),
        ConfirmQuestion.CANCEL_REQUEST: _("Yes, cancel it"),
    }[view.question]


def subject(view: ConfirmView) -> Sentence:
    """The entry or the pupil that the question is about."""
    if view.line is not None:
        code = say("{code}", code=view.line.code) if view.line.code else ()
        return join(
            say("{time}", time=clock(view.line.at)),
            name_and_form(view.line.pupil),
            code,
            reason_text(view.line),
        )
    if view.pupils:
        return join(*(name_and_form(pupil) for pupil in view.pupils), by=", ")
    return name_and_form(view.pupil) if view.pupil else ()


def source_text(view: PresenceView) -> Sentence:
    """Whose list it is, and of when."""
    return say(
        {
            PresenceSource.REGISTER: _("The register’s list at {time}. All others: see the class registers."),
            PresenceSource.ASKING: _(
                "Asking the register. Only who came through this kiosk, at {time}. All others: see the class"
                " registers."
            ),
            PresenceSource.KIOSK: _(
                "Not connected. Only who came through this kiosk, at {time}. All others: see the class"
                " registers."
            ),
        }[view.source],
        time=clock(view.now),
    )


def presence_time(line: PresenceLine) -> Sentence:
    """Since when, and whether reception must look for the pupil."""
    time = say("{time}", time=clock(line.at))
    return join(time, say(_("check"))) if line.check else time


def inside(view: PresenceView) -> Sentence:
    """How many are signed in here."""
    return say(ngettext("{count} signed in", "{count} signed in", len(view.inside)), count=len(view.inside))


def outside(view: PresenceView) -> Sentence:
    """How many are signed out here."""
    return say(
        ngettext("{count} signed out", "{count} signed out", len(view.outside)), count=len(view.outside)
    )


def card_text(view: CardView) -> Sentence:
    """The state of giving or revoking a card."""
    if view.step is CardStep.FAILED and view.error:
        return say("{error}", error=view.error)
    if view.step is CardStep.TAKEN and view.owner:
        return say(_("This is {name}’s card."), name=view.owner.name)
    if view.step is CardStep.NUMBER and view.owner:
        return say(_("This is {name}’s number, so it cannot be another pupil’s card."), name=view.owner.name)
    if view.step is CardStep.TAP and not view.card_reader:
        return say(_("No card reader is ready. Check its cable."))
    return say(
        {
            CardStep.CHOOSE: _("What would you like to do with this pupil’s cards?"),
            CardStep.TAP: _("Hold the new card to the reader"),
            CardStep.SENDING: _("One moment…"),
            CardStep.TAKEN: _("This card belongs to someone else."),
            CardStep.UNSURE: _("This reader cannot tell this card from another pupil’s. Use another card."),
            CardStep.NUMBER: _("This card belongs to someone else."),
            CardStep.HALF: _("The reader sends only half of this card’s number. Please use another card."),
            CardStep.CHANGES: _("The number changes with each tap, as on a phone. Please use a card."),
            CardStep.GIVEN: _("The card is now theirs"),
            CardStep.REVOKED: _("Their cards no longer work"),
            CardStep.FAILED: _("Nothing was changed. Please try again."),
        }[view.step]
    )


def cards_now(view: CardView) -> Sentence:
    """How many cards the pupil has."""
    if view.cards is None:
        return ()
    return say(ngettext("{count} card now", "{count} cards now", view.cards), count=view.cards)
