"""On site now and the evacuation list: the page, the list to print, and the list as a file."""

from importlib import resources
from typing import Annotated

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from sync.register import audit
from sync.register.actor import Person
from sync.register.context import Register, RegisterDep, client_of
from sync.register.office.views.on_site import OnSite, on_site
from sync.register.office.web.database_errors import CANNOT_WRITE
from sync.register.office.web.exporting import csv_response, file_name
from sync.register.office.web.frame import render_fragment, render_page
from sync.register.office.web.guard import allowed
from sync.register.office.web.navigation import NavigationEntry
from sync.register.office.web.rendering import render_template
from sync.register.permissions import Permission, may, require
from sync.register.storage.models import SchoolRow

log = structlog.get_logger()
router = APIRouter(prefix="/on-site", include_in_schema=False, default_response_class=HTMLResponse)
NAVIGATION = NavigationEntry(
    "on-site", "/on-site", "On site now", "life-buoy", Permission.SEE_TODAY, place=40
)

Viewer = Annotated[Person, allowed(Permission.SEE_TODAY)]
"""Every user may see the list in a fire. The audit records who opened it."""

LIST = "evacuation list"
COLUMNS = ("Form", "Last name", "First name", "Where", "Since", "What reception knows", "List made")


@router.get("")
def on_site_page(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The On site now page: what reception knows about who is on site."""
    site = _on_site(register, person)
    return render_page(
        "on_site.html", request, register, person, page_name="on-site", summary=site.summary, site=site
    )


@router.get("/live")
def on_site_live(register: RegisterDep, person: Viewer) -> Response:
    """The part of the page that refreshes itself."""
    site = _on_site(register, person)
    return render_fragment("on_site_live.html", register, person, summary=site.summary, site=site)


@router.get("/evacuation")
def evacuation_page(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The list, to print or to tick off on the screen."""
    _note(request, register, person, "page")
    return render_template(
        "on_site_evacuation.html",
        site=_on_site(register, person),
        style=None,
        demo_clock=register.demo_clock,
        may_export=may(person.role, Permission.EXPORT),
    )


@router.get("/evacuation/phone")
def evacuation_copy(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The list as one self-contained file, which opens on a phone without a network."""
    _note(request, register, person, "phone")
    site = _on_site(register, person)
    style = resources.files("sync.register.office").joinpath("static", "evacuation.css").read_text("utf-8")
    name = file_name(f"evacuation {site.school} {site.now:%Y-%m-%d %H%M}")
    return render_template(
        "on_site_evacuation.html",
        headers={"Content-Disposition": f'attachment; filename="{name}.html"'},
        site=site,
        style=Markup(style),  # noqa: S704 -- a file of ours
        demo_clock=register.demo_clock,
    )


@router.get("/evacuation.csv")
def evacuation_file(request: Request, register: RegisterDep, person: Viewer) -> Response:
    """The list as a table for a spreadsheet."""
    require(person.role, Permission.EXPORT)
    _note(request, register, person, "csv")
    site = _on_site(register, person)
    rows = [
        (form.name, line.last, line.first, line.status.value, line.since, line.detail, site.made_at)
        for form in site.forms
        for line in form.lines
    ]
    return csv_response(f"{site.school} {LIST} {site.now:%Y-%m-%d}", COLUMNS, rows)


def _on_site(register: Register, person: Person) -> OnSite:
    with register.database.read() as session:
        return on_site(session, session.get_one(SchoolRow, person.school), now=register.now())


def _note(request: Request, register: Register, person: Person, how: str) -> None:
    """Record in the audit that the list was opened. If the write fails the list is shown anyway: a full disk
    must not keep the names from a fire warden."""
    who = person.actor(client_of(request))
    try:
        with register.database.write() as session:
            audit.note(session, who, audit.Action.EXPORT, now=register.now(), subject=LIST, how=how)
    except CANNOT_WRITE as error:
        log.error("evacuation.not_audited", login=person.login, how=how, error=type(error).__name__)
    else:
        log.info("list.exported", list=LIST, how=how)
