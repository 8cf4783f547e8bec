"""The Needs a decision page: the open decisions, and making one."""

from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from attendance.codes import CODES_BY_MEANING, code_and_name
from attendance.text import as_sentence
from sync.register.accounts.sessions import form_token
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import AlreadyResolvedError, MarkConflictError, ResolutionError, UnknownItemError
from sync.register.office.views import pupil_field
from sync.register.office.views.needs import TypedDecision, decisions_since, questions
from sync.register.office.views.wording import long_date
from sync.register.office.web.dates import OptionalDate
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_fragment, render_page
from sync.register.office.web.guard import allowed, own_form, session_token
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow
from sync.register.worklist.not_due import not_due
from sync.register.worklist.resolve import Choice, OfficeDecision, resolve

log = structlog.get_logger()
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry(
    "needs", "/needs", "Needs a decision", "triangle-alert", Permission.SEE_TODAY, place=20
)

Viewer = Annotated[Person, allowed(Permission.SEE_TODAY)]

After = Annotated[int, Query(ge=0, le=2**63 - 1)]
"""The id of the last decision on the previous page."""
UNKNOWN_PUPIL = (
    "Choose a pupil from the list that appears as you type. Leave the form and the number after the name "
    "as they are."
)
DEFAULT_REASONS = {
    Choice.KEEP: "what stands is right",
    Choice.NOTED: "seen",
    Choice.DISAGREE: "it is not right",
}
"""The recorded reason when nothing changes and the user gave none."""


@router.get("/needs")
def needs_page(request: Request, register: RegisterDep, person: Viewer, after: After = 0) -> Response:
    """The open decisions, and those made today."""
    return _page(request, register, person, {}, after=after)


@router.get("/needs/live")
def needs_live(request: Request, register: RegisterDep, person: Viewer, after: After = 0) -> Response:
    """The part of the page that refreshes itself."""
    token = form_token(session_token(request))
    values = _needs(register, person, {}, after)
    return render_fragment("needs_live.html", register, person, form_token=token, **values)


@router.get("/needs.csv")
def needs_file(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The open decisions, oldest first."""
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        may_release = may(person.role, Permission.RELEASE)
        listed = questions(session, person.school, zone=zone, may_release=may_release, limit=None).here
    header = ("What", "Pupil", "When", "Why", "From the kiosk", "In the register")
    rows = [
        (each.title, each.subject, each.when, " ".join(each.why), each.kiosk_says, each.register_says)
        for each in listed
    ]
    return export_list(request, register, person, name="needs a decision", header=header, rows=rows)


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
    pupil: Annotated[str, Form(max_length=500)] = "",
    on: Annotated[OptionalDate, Form()] = None,
    half: Annotated[Literal["AM", "PM", ""], Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Response:
    """Carry out a decision. If that is not possible, show why, with the current state."""
    item, _, choice_name = act.partition(":")
    if choice_name not in set(Choice):
        raise HTTPException(400, "That decision is not possible here.")
    choice = Choice(choice_name)
    with register.database.read() as session:
        named = pupil_field.pupil_named(session, person.school, pupil) if pupil else None
    decision = OfficeDecision(
        choice,
        code=None if choice not in (Choice.SET, Choice.ASSIGN) or code in ("", "empty") else code,
        pupil=named.id if named else None,
        date=on,
        session=half or None,
        seen=seen or None,  # an empty field means that the page showed no mark
    )
    typed = {
        question: TypedDecision(
            named.id if named else None,
            on,
            half or None,
            reason.strip(),
            code,
            typed_pupil=pupil_field.label(named) if named else pupil,
        )
    }
    if choice is Choice.ASSIGN and pupil and named is None:
        return _again(request, register, person, UNKNOWN_PUPIL, typed=typed, status=400)
    if choice is Choice.SET and not code:
        return _again(request, register, person, "Choose a code.", typed=typed, status=400)
    try:
        with register.database.write() as session:
            why = reason.strip() or DEFAULT_REASONS.get(choice, "")
            resolve(
                session,
                int(item),
                decision,
                person.actor(client_of(request)),
                reason=why,
                now=register.now(),
            )
    except AlreadyResolvedError as error:
        return _again(request, register, person, _by_another(register, person, error), typed={}, status=409)
    except UnknownItemError as error:
        raise HTTPException(404) from error
    except (MarkConflictError, ResolutionError) as error:
        return _again(request, register, person, as_sentence(error), typed=typed, status=409)
    log.info("work.resolved", item=int(item), choice=choice.value)
    register.notifier.changed(person.school)
    return RedirectResponse("/needs", status_code=303)


def _again(
    request: Request,
    register: Register,
    person: Person,
    problem: str,
    *,
    typed: dict[int, TypedDecision],
    status: int,
) -> Response:
    """The page with the failed decision and the user's input."""
    after = min(typed, default=1) - 1
    return _page(request, register, person, typed, after=after, problem=problem, status=status)


def _page(
    request: Request,
    register: Register,
    person: Person,
    typed: dict[int, TypedDecision],
    *,
    after: int,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    with register.database.read() as session:
        roll = pupil_field.suggestions(session, person.school) if may(person.role, Permission.RESOLVE) else []
    return render_page(
        "needs.html",
        request,
        register,
        person,
        page_name="needs",
        status=status,
        problem=problem,
        roll=roll,
        **_needs(register, person, typed, after),
    )


def _by_another(register: Register, person: Person, error: AlreadyResolvedError) -> str:
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
    return f"{error.by} decided this at {error.at.astimezone(zone):%H:%M}. Your answer was not saved."


def _needs(register: Register, person: Person, typed: dict[int, TypedDecision], after: int) -> dict[str, Any]:
    now = register.now()
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, person.school).zone)
        begins = datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
        listing = questions(
            session,
            person.school,
            zone=zone,
            may_release=may(person.role, Permission.RELEASE),
            after=after,
            typed=typed,
        )
        return {
            "questions": listing.here,
            "number": listing.number,
            "live": f"/needs/live?after={after}" if after else "/needs/live",
            "oldest": "/needs" if after else None,
            "newer": f"/needs?after={listing.after}" if listing.after is not None else None,
            "decided": decisions_since(session, person.school, since=begins, zone=zone),
            "codes": CODES_BY_MEANING,
            "may_decide": may(person.role, Permission.RESOLVE),
            "not_due": [] if after else not_due(session, person.school, now=now),
            "may_amend": may(person.role, Permission.AMEND),
            "long_date": long_date,
            "code_and_name": code_and_name,
        }
