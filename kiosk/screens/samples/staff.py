"""Samples of the staff screens."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from attendance.reasons import Reason
from attendance.rule import Outcome
from kiosk.screens.samples.common import AMELIA, FOUND, LONG_NAME, SIX, at, frame, with_cards_waiting
from kiosk.views import (
    CardStep,
    CardView,
    CleaningView,
    ConfirmQuestion,
    ConfirmView,
    EntryKind,
    EntryLine,
    Frame,
    Health,
    Link,
    LinkObstacle,
    LinkStatus,
    PinPurpose,
    PinState,
    PinView,
    PresenceLine,
    PresenceSource,
    PresenceView,
    Progress,
    PupilLabel,
    Relationship,
    StaffView,
    StorageNotice,
    StorageTrouble,
)

OFFLINE = LinkStatus(Link.OFFLINE, 3)
WELL = Health(Link.CONNECTED, None, 0, None, 0, "synced", (("rdm6300", "ready"),), "ready")
UNWELL = Health(Link.OFFLINE, at("09:27"), 3, 4, 0, "unknown", (("usb:1a86:7523", "absent"),), "paper_low")
BLOCKED = replace(UNWELL, clock="synced", readers=WELL.readers, printer="ready", obstacle=LinkObstacle.PORTAL)
REJECTED = replace(
    WELL, link=Link.REFUSED, link_since=at("09:27"), waiting=12, rejected=2, printer=None, readers=()
)


def entry_line(
    number: int,
    when: str,
    pupil: PupilLabel,
    *,
    code: str | None = "L",
    outcome: Outcome = Outcome.LATE,
    reason: Reason | None = Reason.TRAFFIC,
    progress: Progress = Progress.SENT,
    what: EntryKind = EntryKind.ARRIVAL,
    undone: bool = False,
    may_undo: bool = True,
    clock_trusted: bool = True,
) -> EntryLine:
    """An entry of today."""
    entry = UUID(int=number)
    return EntryLine(
        entry, at(when), pupil, what, code, outcome, reason, progress, undone, may_undo, clock_trusted
    )


DAMAGED = StorageNotice(put_aside=True, saved=112, missing=((57, 57), (60, 62)))


LINES = (
    entry_line(
        9,
        "10:02",
        SIX[5],
        code=None,
        what=EntryKind.DEPARTURE,
        reason=Reason.MEDICAL,
        progress=Progress.SAVED,
    ),
    entry_line(8, "09:31", LONG_NAME, code="U", outcome=Outcome.AFTER_CLOSE, progress=Progress.SAVED),
    entry_line(7, "09:07", AMELIA, reason=Reason.OVERSLEPT),
    entry_line(
        6,
        "09:05",
        FOUND[1],
        reason=Reason.SCHOOL_TRANSPORT,
        progress=Progress.REJECTED,
        outcome=Outcome.REVIEW,
        code=None,
    ),
    entry_line(5, "09:03", FOUND[2], undone=True, may_undo=False),
    entry_line(4, "08:58", SIX[3], code=None, outcome=Outcome.ON_TIME, reason=None),
    entry_line(3, "08:57", SIX[4], code=None, outcome=Outcome.REVIEW, reason=None, clock_trusted=False),
    entry_line(
        2, "08:56", AMELIA, code=None, what=EntryKind.RETURN, reason=None, progress=Progress.WITH_OFFICE
    ),
)


EARLIER = (
    replace(
        entry_line(1, "09:21", FOUND[1], progress=Progress.REJECTED, may_undo=False),
        at=at("09:21") - timedelta(days=1),
        earlier=True,
    ),
    replace(
        entry_line(11, "14:20", LONG_NAME, code="U", progress=Progress.SAVED, may_undo=False),
        at=at("14:20") - timedelta(days=4),
        earlier=True,
    ),
)
"""Entries of earlier days."""


def presence_lines(times: tuple[str, ...]) -> tuple[PresenceLine, ...]:
    """A pupil for each of the times."""
    return tuple(PresenceLine(SIX[number % len(SIX)], at(when)) for number, when in enumerate(times))


def pin(
    state: PinState,
    typed: int = 0,
    purpose: PinPurpose = PinPurpose.STAFF,
    locked_s: int = 0,
    *,
    list_unchecked: bool = False,
) -> Frame:
    """The PIN screen with some digits typed."""
    pupils = FOUND[:2] if purpose is PinPurpose.RELEASE else ()
    collector = "Ruth Anne-Marie O’Kane" if pupils else ""
    view = PinView(purpose, typed, state, locked_s, typed >= 4, pupils, collector)
    if pupils:
        view = replace(view, relationship=Relationship.GRANDPARENT, reason=Reason.MEDICAL)
    if list_unchecked:
        return frame(replace(view, list_unchecked=True), OFFLINE)
    return frame(view)


def now() -> datetime:
    """The time at which the evacuation list is shown."""
    return at("10:14")


def frames() -> dict[str, Frame]:
    """Every sample by name."""
    many = tuple(f"08:{minute:02}" for minute in range(20, 59))
    return {
        "pin": pin(PinState.TYPING),
        "pin-whole": pin(PinState.TYPING, 6),
        "pin-checking": pin(PinState.CHECKING, 4),
        "pin-wrong": pin(PinState.WRONG),
        "pin-locked": pin(PinState.LOCKED, locked_s=30),
        "pin-not-checked": pin(PinState.NOT_CHECKED),
        "pin-release": pin(PinState.TYPING, 2, PinPurpose.RELEASE),
        "pin-release-unchecked": pin(PinState.TYPING, 3, PinPurpose.RELEASE, list_unchecked=True),
        "pin-release-unchecked-wrong": pin(PinState.WRONG, 0, PinPurpose.RELEASE, list_unchecked=True),
        "staff": frame(StaffView("J. Office", LINES, WELL)),
        "staff-sending": frame(StaffView("J. Office", LINES, WELL, sending=True)),
        "staff-unwell": frame(StaffView("J. Office", LINES[:3], UNWELL), OFFLINE),
        "staff-rejected": frame(StaffView("J. Office", LINES, REJECTED, undo_failed=True)),
        "staff-earlier-days": frame(StaffView("J. Office", (*LINES[:2], *EARLIER), REJECTED, more_pending=7)),
        "staff-cards-wait": with_cards_waiting(
            frame(StaffView("J. Office", LINES, UNWELL), OFFLINE, demo_clock=True), 12
        ),
        "staff-blocked": frame(StaffView("J. Office", LINES, BLOCKED), OFFLINE),
        "staff-damaged": frame(StaffView("J. Office", LINES, replace(WELL, storage=DAMAGED))),
        "staff-read-only": frame(
            StaffView("J. Office", LINES, replace(WELL, storage=StorageNotice(StorageTrouble.READ_ONLY)))
        ),
        "staff-reader-not-understood": frame(
            StaffView("J. Office", LINES, replace(WELL, readers=(("rdm6300", "babbling"),)))
        ),
        "staff-nothing-yet": frame(StaffView("J. Office", (), WELL)),
        "confirm-undo": frame(ConfirmView(ConfirmQuestion.UNDO, line=LINES[1])),
        "confirm-revoke": frame(ConfirmView(ConfirmQuestion.REVOKE_CARDS, pupil=AMELIA)),
        "confirm-leave": frame(ConfirmView(ConfirmQuestion.LEAVE_APP)),
        "presence": frame(PresenceView(now(), presence_lines(many[:4]), presence_lines(many[4:6]))),
        "presence-many": frame(PresenceView(now(), presence_lines(many), presence_lines(many[:9]))),
        "presence-register": frame(
            replace(
                PresenceView(now(), presence_lines(many[:4]), presence_lines(many[4:6])),
                source=PresenceSource.REGISTER,
                can_print=True,
                inside=(*presence_lines(many[:3]), PresenceLine(SIX[3], at("08:58"), check=True)),
            )
        ),
        "presence-asking": frame(
            PresenceView(
                now(), presence_lines(many[:2]), (), PresenceSource.ASKING, can_print=True, printing=True
            )
        ),
        "presence-nobody": frame(PresenceView(now(), (), ())),
        "cleaning": frame(CleaningView(27)),
        "cleaning-card-waits": with_cards_waiting(frame(CleaningView(1)), 1),
        "card-choose": frame(CardView(AMELIA, CardStep.CHOOSE)),
        "card-tap": frame(CardView(AMELIA, CardStep.TAP)),
        "card-no-reader": frame(CardView(AMELIA, CardStep.TAP, card_reader=False)),
        "card-taken": frame(CardView(AMELIA, CardStep.TAKEN, owner=LONG_NAME)),
        "card-unsure": frame(CardView(AMELIA, CardStep.UNSURE)),
        "card-number": frame(CardView(AMELIA, CardStep.NUMBER, owner=LONG_NAME)),
        "card-half": frame(CardView(AMELIA, CardStep.HALF)),
        "card-changes": frame(CardView(AMELIA, CardStep.CHANGES)),
        "card-given": frame(CardView(AMELIA, CardStep.GIVEN, cards=2)),
        "card-revoked": frame(CardView(AMELIA, CardStep.REVOKED, cards=0)),
        "card-failed": frame(CardView(AMELIA, CardStep.FAILED, error="The register cannot be reached.")),
    }
