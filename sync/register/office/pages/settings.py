"""The Policy & settings page: the school's policy, calendar and language."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from attendance.languages import LANGUAGES, unchecked_sentences
from attendance.policy.files import available
from attendance.text import as_sentence
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.errors import SchoolSettingsError
from sync.register.office.views import wording
from sync.register.office.views.policy import policy_of, policy_view
from sync.register.office.views.school_days import school_year
from sync.register.office.web.exporting import export_list
from sync.register.office.web.frame import render_page
from sync.register.office.web.guard import LoggedIn, allowed, own_form
from sync.register.office.web.navigation import NavigationEntry
from sync.register.permissions import Permission, may, require
from sync.register.schools import policies, school_settings
from sync.register.schools.school_settings import SettingsChange
from sync.register.storage.models import SchoolRow
from sync.wire import BundleCalendar

log = structlog.get_logger()
router = APIRouter(prefix="/settings", include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry(
    "settings", "/settings", "Policy & settings", "settings", Permission.SEE_TODAY, place=110
)


@router.get("")
def settings_page(request: Request, register: RegisterDep, person: LoggedIn) -> Response:
    """The policy in words with the checker's findings, its versions, the calendar and the language."""
    return show_settings(request, register, person)


def show_settings(
    request: Request, register: Register, person: Person, *, problem: str | None = None, status: int = 200
) -> Response:
    """The page; `problem` says why a change failed."""
    require(person.role, Permission.SEE_TODAY)
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        zone = ZoneInfo(school.zone)
        versions = [
            (row, day_and_year(row.first_given_at.astimezone(zone).date()))
            for row in policies.stored_versions(session, school.id)
        ]
    policy = policy_of(school.policy)
    return render_page(
        "settings.html",
        request,
        register,
        person,
        page_name="settings",
        status=status,
        problem=problem,
        policy=policy_view(policy, register.now().astimezone(zone).date()) if policy else None,
        version=policies.version_of(school.policy),
        versions=versions,
        calendar=BundleCalendar.model_validate(school.calendar),
        language=school.language,
        zone=school.zone,
        languages=LANGUAGES,
        unchecked={tag: unchecked_sentences(tag) for tag in LANGUAGES},
        shipped=available(),
        school_year=school_year(register.now().astimezone(zone).date()),
        day=day_and_year,
        may_change=may(person.role, Permission.CHANGE_POLICY),
        may_audit=may(person.role, Permission.SEE_AUDIT),
        may_people=may(person.role, Permission.MANAGE_PINS) or may(person.role, Permission.MANAGE_STAFF),
    )


def day_and_year(day: date) -> str:
    """`Tuesday 24 November 2026`."""
    return f"{wording.long_date(day)} {day.year}"


def carry_out(
    request: Request,
    register: Register,
    person: Person,
    what: str,
    work: Callable[[Session, SettingsChange], object],
) -> Response:
    """Make the change and return to the page. If it fails, show the reason there.

    Raises:
        NotAllowedError: the user may not change the policy.
    """
    require(person.role, Permission.CHANGE_POLICY)
    change = SettingsChange(person.actor(client_of(request)), register.now())
    try:
        register.database.transact(lambda session: work(session, change))
    except SchoolSettingsError as error:
        problem = f"{as_sentence(error)} Nothing was changed."
        return show_settings(request, register, person, problem=problem, status=409)
    log.info("school.changed", what=what, school=person.school)
    register.notifier.changed(person.school)
    return RedirectResponse("/settings", status_code=303)


@router.get("/versions.csv")
def versions_file(
    request: Request, register: RegisterDep, person: Annotated[Person, allowed(Permission.SEE_TODAY)]
) -> Response:
    """The versions of the policy that were sent to kiosks, newest first."""
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school)
        zone, current = ZoneInfo(school.zone), policies.version_of(school.policy)
        rows = [
            (
                each.version,
                each.name,
                each.first_given_at.astimezone(zone).date().isoformat(),
                "yes" if each.version == current else "no",
            )
            for each in policies.stored_versions(session, school.id)
        ]
    header = ("Version", "Policy", "First sent", "In use")
    return export_list(
        request,
        register,
        person,
        name="policy versions",
        header=header,
        rows=rows,
        permission=Permission.SEE_TODAY,
    )


@router.post("/language", dependencies=[allowed(Permission.CHANGE_POLICY), Depends(own_form)])
def language(
    request: Request, register: RegisterDep, person: LoggedIn, language: Annotated[str, Form(max_length=35)]
) -> Response:
    """Set the language that the kiosks start in."""
    return carry_out(
        request,
        register,
        person,
        "language",
        lambda s, change: school_settings.choose_language(s, change, language),
    )
