"""Renders a whole page in its frame, or the part of a page that refreshes itself."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response

from sync.register.accounts.sessions import form_token
from sync.register.actor import Person
from sync.register.context import Register
from sync.register.office.views.leaving import waiting_number
from sync.register.office.views.pupils_out import overdue
from sync.register.office.web.guard import session_token
from sync.register.office.web.navigation import entries_for
from sync.register.office.web.rendering import render_template
from sync.register.permissions import Permission, may
from sync.register.storage.models import SchoolRow
from sync.register.worklist.open_items import count_open

STALE_AFTER_MS = 20_000
"""How long a page may go without a response before it shows that it is out of date. It asks three times as
often."""


def render_page(
    template: str,
    request: Request,
    register: Register,
    person: Person,
    *,
    page_name: str,
    summary: str = "",
    status: int = 200,
    **values: Any,
) -> Response:
    """A whole page.

    Args:
        template: its template, which extends `office.html`.
        request: the request that it answers.
        register: the register.
        person: the user who is logged in.
        page_name: the page's name in the navigation.
        summary: the page in a sentence, for screen readers.
        status: the HTTP status.
        values: the template's other variables.
    """
    with register.database.read() as session:
        school = session.get_one(SchoolRow, person.school).name
    return render_template(
        template,
        status=status,
        school=school,
        person=person,
        page_name=page_name,
        navigation=[] if person.start_password else entries_for(person.role, request.app.state.navigation),
        form_token=form_token(session_token(request)),
        demo_clock=register.demo_clock,
        pulse=_pulse(register, person, summary),
        stale_after_ms=STALE_AFTER_MS,
        **_link_permissions(person),
        **values,
    )


def render_fragment(
    template: str, register: Register, person: Person, *, summary: str = "", **values: Any
) -> Response:
    """The part of a page that refreshes itself. A header carries the pulse, which marks it as fresh."""
    fresh = json.dumps({"latebook:fresh": _pulse(register, person, summary)})
    return render_template(template, headers={"HX-Trigger": fresh}, **_link_permissions(person), **values)


def _link_permissions(person: Person) -> dict[str, Any]:
    """The permissions that templates check before they show a link, so that no link leads to a refusal."""
    return {
        "may_export": may(person.role, Permission.EXPORT),
        "may_see_pupils": may(person.role, Permission.SEE_PUPIL),
    }


def _pulse(register: Register, person: Person, summary: str) -> dict[str, Any]:
    """The register's time, the counts in the navigation and the overdue pupils; `office.js` reads it."""
    now = register.now()
    pulse: dict[str, Any] = {"summary": summary}
    with register.database.read() as session:
        pulse["zone"] = session.get_one(SchoolRow, person.school).zone
        zone = ZoneInfo(pulse["zone"])
        pulse["needs"] = count_open(session, person.school)
        # A user with an initial password must not see pupils yet.
        visible = not person.start_password
        pulse["overdue"] = overdue(session, person.school, now=now, zone=zone) if visible else []
        if may(person.role, Permission.RELEASE):
            pulse["leaving"] = waiting_number(session, person.school)
    return {"now": now.astimezone(zone).isoformat(), **pulse}
