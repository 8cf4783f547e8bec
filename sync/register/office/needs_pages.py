"""The Needs the office page's addresses: what waits, and deciding it."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from kiosk.attendance.codes import MEANING
from sync.register.context import Register, RegisterDep, client_of
from sync.register.marks import ChangedSinceError
from sync.register.office.frame import fragment, framed
from sync.register.office.guard import allowed, own_form, session_token
from sync.register.office.needs import Elsewhere, decided, questions
from sync.register.permissions import Permission, may
from sync.register.resolving import (
    AlreadyResolvedError,
    Choice,
    Decision,
    ResolvingError,
    UnknownItemError,
    resolve,
)
from sync.register.staff import Person, form_token
from sync.register.storage.models import PupilRow, SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Looks = Annotated[Person, allowed(Permission.SEE_TODAY)]

UNSAID = {Choice.KEEP: "what stands is right", Choice.NOTED: "seen", Choice.DISAGREE: "it is not right"}
"""Kept as the reason where nothing changes and none was given."""


@router.get("/needs")
def needs_page(request: Request, register: RegisterDep, person: Looks) -> Response:
    """What waits for the office, and what was decided today."""
    shown = _needs(register, person, {})
    return framed("needs.html", request, register, person, here="needs", problem=None, **shown)


@router.get("/needs/live")
def needs_live(request: Request, register: RegisterDep, person: Looks) -> Response:
    """The part of it that changes."""
    token = form_token(session_token(request))
    return fragment("needs_live.html", register, person, form_token=token, **_needs(register, person, {}))


@router.post("/needs/{question}", dependencies=[Depends(own_form)])
def decide(
    request: Request,
    register: RegisterDep,
    person: Annotated[Person, allowed(Permission.RESOLVE)],
    question: int,
    *,
    act: Annotated[str, Form(pattern=r"^[0-9]{1,18}:[a-z]+$")],
    reason: Annotated[str, Form(max_length=500)] = "",
    code: Annotated[str, Form()] = "",
    pupil: Annotated[str, Form()] = "",
    on: Annotated[date | Literal[""], Form()] = "",
    half: Annotated[Literal["AM", "PM", ""], Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Carry out what was decided; where that cannot be, say why and show the thing again as it stands now."""
    item, _, chosen = act.partition(":")
    if chosen not in set(Choice):
        raise HTTPException(400, "That is not something that can be decided.")
    choice = Choice(chosen)
    decision = Decision(
        choice,
        code=None if choice is not Choice.SET or code in ("", "empty") else code,
        pupil=pupil or None,
        date=on or None,
        session=half or None,
        seen=seen or None,  # a form that says nothing has shown an empty mark, and never "anything"
    )
    elsewhere = {question: Elsewhere(pupil or None, on or None, half or None, reason.strip(), code)}
    if choice is Choice.SET and not code:
        return _again(request, register, person, "Choose a code first.", elsewhere=elsewhere, status=400)
    try:
        with register.database.write() as session:
            why = reason.strip() or UNSAID.get(choice, "")
            resolve(
                session,
                int(item),
                decision,
                person,
                reason=why,
                now=register.now(),
                address=client_of(request),
            )
    except AlreadyResolvedError as error:
        return _again(
            request, register, person, _by_another(register, person, error), elsewhere={}, status=409
        )
    except UnknownItemError as error:
        raise HTTPException(404) from error
    except (ChangedSinceError, ResolvingError) as error:
        return _again(request, register, person, _sentence(error), elsewhere=elsewhere, status=409)
    log.info("work.resolved", item=int(item), choice=choice.value)
    register.notifier.changed(person.school)
    return RedirectResponse("/needs", status_code=303)


def _again(
    request: Request,
    register: Register,
    person: Person,
    problem: str,
    *,
    elsewhere: dict[int, Elsewhere],
    status: int,
) -> Response:
    shown = _needs(register, person, elsewhere)
    return framed(
        "needs.html", request, register, person, here="needs", status=status, problem=problem, **shown
    )


def _by_another(register: Register, person: Person, error: AlreadyResolvedError) -> str:
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
    return f"{error.by} decided this at {error.at.astimezone(zone):%H:%M}. Nothing was changed by you."


def _sentence(error: Exception) -> str:
    words = str(error)
    return f"{words[:1].upper()}{words[1:]}."


def _needs(register: Register, person: Person, elsewhere: dict[int, Elsewhere]) -> dict[str, Any]:
    now = register.now()
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        begins = datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
        asked = questions(session, person.school, zone=zone, elsewhere=elsewhere)
        roll = select(PupilRow).where(PupilRow.school_id == person.school, PupilRow.left_on.is_(None))
        in_order = roll.order_by(PupilRow.last, PupilRow.first, PupilRow.id)
        return {
            "questions": asked,
            "decided": decided(session, person.school, since=begins, zone=zone),
            "pupils": session.scalars(in_order).all() if any(each.asks_pupil for each in asked) else [],
            "codes": MEANING,
            "may_decide": may(person.role, Permission.RESOLVE),
        }
