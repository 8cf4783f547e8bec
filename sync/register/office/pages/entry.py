"""The pages of one entry and of one mark: explaining, amending and undoing it."""

import uuid
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from attendance.codes import CODES_BY_MEANING
from attendance.text import as_sentence
from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import AmendmentError, UnknownMarkError
from sync.register.marks.amend import LONGEST_REASON, Amendment, amend, take_back
from sync.register.marks.marks import Mark, Place
from sync.register.office.views.entry import MarkView, entry_view, mark_view
from sync.register.office.web.dates import RequiredDate
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import allowed, own_form
from sync.register.permissions import Permission, may
from sync.register.storage.models import EntryRow, PupilRow, SchoolRow

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

Viewer = Annotated[Person, allowed(Permission.SEE_PUPIL)]
Amender = Annotated[Person, allowed(Permission.AMEND)]
Half = Literal["AM", "PM"]
Reason = Annotated[str, Form(max_length=LONGEST_REASON)]


@router.get("/entries/{entry}")
def entry_page(request: Request, register: RegisterDep, person: Viewer, entry: uuid.UUID) -> Response:
    """An entry: what the kiosk sent, what the rule decided, and the mark with its history."""
    return _entry(request, register, person, entry)


@router.post("/entries/{entry}/take-back", dependencies=[Depends(own_form)])
def take_entry_back(
    request: Request, register: RegisterDep, person: Amender, entry: uuid.UUID, reason: Reason = ""
) -> Response:
    """Undo the entry: it no longer counts."""
    amendment = Amendment(person.actor(client_of(request)), reason, register.now())
    try:
        set_back = register.database.transact(lambda session: take_back(session, entry, amendment))
    except UnknownMarkError as error:
        raise HTTPException(404) from error
    except AmendmentError as error:
        return _entry(request, register, person, entry, problem=as_sentence(error), status=409)
    log.info("entry.taken_back", entry=str(entry), mark_set_back=set_back)
    register.notifier.changed(person.school)
    return RedirectResponse(f"/entries/{entry}", status_code=303)


@router.get("/mark")
def mark_page(
    request: Request, register: RegisterDep, person: Viewer, *, pupil: str, on: RequiredDate, half: Half
) -> Response:
    """One pupil's mark in the register of one session."""
    return _mark(request, register, person, Place(person.school, pupil, on, half))


@router.post("/mark", dependencies=[Depends(own_form)])
def amend_mark(
    request: Request,
    register: RegisterDep,
    person: Amender,
    *,
    pupil: Annotated[str, Form()],
    on: Annotated[RequiredDate, Form()],
    half: Annotated[Half, Form()],
    seen: Annotated[int, Form(ge=0)],
    code: Annotated[str, Form(max_length=8)] = "",
    minutes: Annotated[int | Literal[""], Form()] = "",
    reason: Reason = "",
    entry: Annotated[uuid.UUID | Literal[""], Form()] = "",
) -> Response:
    """Amend the mark. If that is not possible, show why, with the mark as it is now."""
    place = Place(person.school, pupil, on, half)
    amendment = Amendment(person.actor(client_of(request)), reason, register.now())
    mark = Mark(code, None if minutes == "" else minutes) if code not in ("", "empty") else None
    problem = None if code else "Choose a code."
    if problem is None:
        try:
            register.database.transact(lambda session: amend(session, place, mark, amendment, seen=seen))
        except UnknownMarkError as error:
            raise HTTPException(404) from error
        except AmendmentError as error:
            problem = as_sentence(error)
    if problem is not None:
        typed = {"code": code, "minutes": minutes, "reason": reason}
        if entry:
            return _entry(request, register, person, entry, problem=problem, status=409, typed=typed)
        return _mark(request, register, person, place, problem=problem, status=409, typed=typed)
    log.info("mark.amended", date=on.isoformat(), session=half)
    register.notifier.changed(person.school)
    query = urlencode({"pupil": pupil, "on": on.isoformat(), "half": half})
    return RedirectResponse(f"/entries/{entry}" if entry else f"/mark?{query}", status_code=303)


def _entry(
    request: Request,
    register: Register,
    person: Person,
    entry: uuid.UUID,
    *,
    problem: str | None = None,
    status: int = 200,
    typed: dict[str, Any] | None = None,
) -> Response:
    with register.database.read() as session:
        row = session.get(EntryRow, entry)
        if row is None or row.school_id != person.school:
            raise HTTPException(404)
        view = entry_view(session, row, _zone(session, person))
    _audit_view(request, register, person, view.pupil, entry=str(entry))
    values = {"entry": view, "mark": view.mark, **_form(person, problem, typed)}
    return render_page("entry.html", request, register, person, page_name="today", status=status, **values)


def _mark(
    request: Request,
    register: Register,
    person: Person,
    place: Place,
    *,
    problem: str | None = None,
    status: int = 200,
    typed: dict[str, Any] | None = None,
) -> Response:
    mark = mark_of(request, register, person, place)
    values = {"entry": None, "mark": mark, **_form(person, problem, typed)}
    return render_page("mark.html", request, register, person, page_name="changes", status=status, **values)


def mark_of(request: Request, register: Register, person: Person, place: Place) -> MarkView:
    """One pupil's mark with its history. The view is recorded in the audit.

    Raises:
        HTTPException: 404, the school has no such pupil.
    """
    with register.database.read() as session:
        if session.get(PupilRow, (person.school, place.pupil)) is None:
            raise HTTPException(404)
        mark = mark_view(session, place, _zone(session, person))
    _audit_view(request, register, person, place.pupil, date=mark.date, half=mark.session)
    return mark


def _form(person: Person, problem: str | None, typed: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "problem": problem,
        "typed": typed or {},
        "codes": CODES_BY_MEANING,
        "may_amend": may(person.role, Permission.AMEND),
    }


def _audit_view(request: Request, register: Register, person: Person, pupil: str, **detail: Any) -> None:
    actor = person.actor(client_of(request))
    with register.database.write() as session:
        audit.note(session, actor, audit.Action.PUPIL_SEEN, now=register.now(), subject=pupil, **detail)


def _zone(session: Session, person: Person) -> ZoneInfo:
    return ZoneInfo(session.get_one(SchoolRow, person.school).zone)
