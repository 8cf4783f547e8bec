"""The Leaving page as data: requests to collect a pupil, and what the family's list says."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from attendance.text import capitalise
from sync.register.departures import expiry
from sync.register.departures.collectors import Match, ReleaseNeeds, same
from sync.register.departures.grounds import GROUND_LABELS
from sync.register.departures.refusals import OfficeAnswer
from sync.register.departures.release import OpenRequest, open_requests
from sync.register.office.views import wording
from sync.register.office.views.collector import (
    headline,
    list_said,
    list_says,
    stated,
    stated_relationship,
)
from sync.register.office.views.kiosks import kiosks
from sync.register.office.views.pupils_out import SignedOutPupil, full_name, pupils_out
from sync.register.storage.models import DepartureRow, PupilRow, SchoolRow
from sync.wire import DepartureState

FAMILY_WINDOW = timedelta(minutes=10)
"""Requests of one collector at one kiosk within this time are shown as one family."""


class GroundChoice(NamedTuple):
    """An answer to “How do you know?”."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """An adult who waits at a kiosk for a pupil. Times are at the school."""

    id: uuid.UUID
    name: str
    form: str
    kiosk: str
    kiosk_silent: str | None
    """When a silent kiosk was last in contact: the answer may not reach it."""
    last_asked: str | None
    """When the kiosk last asked for the answer, if long ago: the adult may have gone."""
    since: str
    ago: str
    collector: str
    stated: str
    """The collector's name with the relationship, as stated at the kiosk."""
    relationship: str | None
    """The stated relationship in words; `None` when the adult did not say."""
    reason: str | None
    back_at: str | None
    evidence: str | None
    match: Match
    tone: str
    """The colour: ok, late or closed."""
    headline: str
    """What the family's list says about the collector."""
    list_says: str
    """What the family's list has, beside the stated relationship."""
    release_needs: ReleaseNeeds
    list_said: str | None = None
    """How the statement differs from the family's list, as it is kept; `None` when it agrees."""
    refused: str | None = None
    """When and by whom this adult was refused today, and why."""
    may_collect: list[str] = field(default_factory=list)
    """The contacts who may collect, with their relationships."""
    may_not_collect: list[str] = field(default_factory=list)

    @property
    def grounds(self) -> list[GroundChoice]:
        """The answers to “How do you know?”."""
        return [GroundChoice(each.value, label) for each, label in GROUND_LABELS.items()]

    @property
    def kept(self) -> str:
        """The beginning of what is kept when the pupil is released."""
        said = f" {self.list_said}." if self.list_said else ""
        return f"Released to {self.stated}.{said} How the office knew:"

    @property
    def barred(self) -> bool:
        """Whether the adult may not collect, or perhaps may not: refusing is then the one press."""
        return self.release_needs is ReleaseNeeds.CHECK

    @property
    def short(self) -> str:
        """Where and how long they wait, and why, for the strip on Today."""
        why = [self.reason, f"back about {self.back_at}" if self.back_at else "not back today"]
        parts = [f"{self.kiosk}, since {self.since}", ", ".join(part for part in why if part)]
        return " · ".join([*parts, f"mentions evidence: {self.evidence}" if self.evidence else "no evidence"])


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """A request that was answered or withdrawn today."""

    at: str
    name: str
    form: str
    collector: str
    """With the stated relationship."""
    list_said: str | None
    """What the family's list said then, unless it agreed."""
    answer: str
    """`Released by J. Office (Attendance officer)`."""
    reason: str | None
    """Why it was refused, or how the releaser knew that the adult may collect."""


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """The data of the Leaving page."""

    families: list[list[WaitingCard]]
    """The waiting requests, oldest first, grouped by family."""
    out: list[SignedOutPupil]
    answered: list[AnsweredRequest]

    @property
    def number(self) -> int:
        """How many requests are waiting."""
        return sum(len(family) for family in self.families)

    @property
    def summary(self) -> str:
        """The page in a sentence, for screen readers."""
        cards = "; ".join(
            f"{card.name}, {card.form}, with {card.stated}: {card.headline}"
            for family in self.families
            for card in family
        )
        waiting = f"{self.number} waiting for you: {cards}" if cards else "No one is waiting to leave"
        out = sum(not each.seen_back for each in self.out)
        return f"{waiting}. {wording.count(out, 'pupil', 'pupils')} out."


def leaving(session: Session, school: SchoolRow, *, now: datetime) -> LeavingPage:
    """The Leaving page of a school at that instant."""
    zone = ZoneInfo(school.zone)
    return LeavingPage(
        families=families(session, school, now=now),
        out=pupils_out(session, school.id, now=now, zone=zone),
        answered=_answered(session, school.id, now, zone),
    )


def waiting_number(session: Session, school: str) -> int:
    """How many requests have no answer yet."""
    query = select(func.count()).where(
        DepartureRow.school_id == school, DepartureRow.state == DepartureState.WAITING
    )
    return session.scalar(query) or 0


def families(session: Session, school: SchoolRow, *, now: datetime) -> list[list[WaitingCard]]:
    """The open requests, the oldest first; those of one adult at one kiosk are grouped."""
    requests = open_requests(session, school.id, now=now)
    if not requests:
        return []
    zone = ZoneInfo(school.zone)
    silent = {
        kiosk.name: kiosk.last_contact
        for kiosk in kiosks(session, school.id, now=now, zone=zone)
        if not kiosk.live
    }
    return [
        [_card(request, silent.get(request.kiosk), now=now, zone=zone) for request in family]
        for family in by_family(requests)
    ]


def by_family(requests: Iterable[OpenRequest]) -> list[list[OpenRequest]]:
    """The requests by family: one collector at one kiosk within a short time."""
    grouped: list[list[OpenRequest]] = []
    for request in requests:
        for family in grouped:
            if _of_family(request, family[-1]):
                family.append(request)
                break
        else:
            grouped.append([request])
    return grouped


def _of_family(one: OpenRequest, other: OpenRequest) -> bool:
    return (
        one.kiosk == other.kiosk
        and abs(one.requested_at - other.requested_at) <= FAMILY_WINDOW
        and same(one.request.collector, other.request.collector)
    )


def _card(waiting: OpenRequest, silent: str | None, *, now: datetime, zone: ZoneInfo) -> WaitingCard:
    request, collector = waiting.request, waiting.collector
    today = now.astimezone(zone).date()
    reason = wording.reason(request.reason, "", None)
    text, tone = headline(collector, request.relationship, waiting.contacts)
    if waiting.refusal is not None and tone == "ok":
        tone = "late"

    def _since(instant: datetime) -> str:
        return wording.since(instant.astimezone(zone), today)

    return WaitingCard(
        id=waiting.id,
        name=waiting.name,
        form=waiting.form or wording.NOTHING,
        kiosk=waiting.kiosk,
        kiosk_silent=silent,
        last_asked=_since(waiting.heard_at) if now - waiting.heard_at > expiry.SHOWN_SILENT_AFTER else None,
        since=_since(waiting.requested_at),
        ago=wording.ago(now - waiting.requested_at),
        collector=request.collector,
        stated=stated(request.collector, request.relationship),
        relationship=stated_relationship(request.relationship),
        reason=None if reason == wording.NOTHING else reason,
        back_at=_since(request.expected_back) if request.expected_back else None,
        evidence=request.evidence,
        match=collector.match,
        tone=tone,
        headline=text,
        list_says=list_says(collector),
        release_needs=waiting.release_needs,
        list_said=list_said(collector.match.value, collector.contact.named if collector.contact else None),
        refused=_refused(waiting.refusal, zone),
        may_collect=[contact.named for contact in waiting.contacts if contact.may_collect],
        may_not_collect=[contact.named for contact in waiting.contacts if not contact.may_collect],
    )


def _refused(refusal: OfficeAnswer | None, zone: ZoneInfo) -> str | None:
    if refusal is None:
        return None
    why = f": {refusal.why}" if refusal.why else ""
    return f"{refusal.collector} was refused at {refusal.at.astimezone(zone):%H:%M} by {refusal.by}{why}"


def _answered(session: Session, school: str, now: datetime, zone: ZoneInfo) -> list[AnsweredRequest]:
    begins = datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
    query = (
        select(DepartureRow, PupilRow)
        .outerjoin(
            PupilRow, (PupilRow.school_id == DepartureRow.school_id) & (PupilRow.id == DepartureRow.pupil)
        )
        .where(DepartureRow.school_id == school, DepartureRow.answered_at >= begins)
        .order_by(DepartureRow.answered_at.desc(), DepartureRow.id)
    )
    return [_answer(row, pupil, zone) for row, pupil in session.execute(query)]


def _answer(row: DepartureRow, pupil: PupilRow | None, zone: ZoneInfo) -> AnsweredRequest:
    answer = f"{capitalise(row.state)} by {row.answered_by} ({row.answered_position})"
    if row.state == DepartureState.WITHDRAWN:
        answer = f"Withdrawn at {row.answered_by}"
        if row.answered_position == expiry.REGISTER.position:
            last_asked = expiry.last_polled(row).astimezone(zone)
            answer = f"Lapsed: the kiosk had not asked since {last_asked:%H:%M}"
    return AnsweredRequest(
        at=f"{row.answered_at.astimezone(zone):%H:%M}" if row.answered_at else wording.NOTHING,
        name=full_name(pupil),
        form=pupil.form if pupil else wording.NOTHING,
        collector=stated(row.content["collector"], row.content.get("relationship")),
        list_said=list_said(row.family, row.listed),
        answer=answer,
        reason=row.refusal or row.grounds,
    )
