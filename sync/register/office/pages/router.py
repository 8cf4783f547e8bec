"""The office page's addresses."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from sync.register.context import RegisterDep
from sync.register.office.pages import (
    account,
    audit,
    calendar,
    changes,
    entry,
    kiosks,
    leaving,
    leaving_files,
    lists,
    login,
    needs,
    on_site,
    people,
    people_files,
    people_pin,
    policy,
    punctuality,
    pupil,
    pupil_changes,
    pupil_files,
    roster_import,
    roster_import_files,
    settings,
    today,
)
from sync.register.office.web.guard import LoggedIn, allowed
from sync.register.permissions import Permission

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
router.include_router(login.router)
router.include_router(account.router)
router.include_router(today.router)
router.include_router(kiosks.router)
router.include_router(needs.router)
router.include_router(leaving.router)
router.include_router(leaving_files.router)
router.include_router(on_site.router)
router.include_router(pupil.router, dependencies=[allowed(Permission.SEE_PUPIL)])
router.include_router(roster_import_files.router)
router.include_router(roster_import.router, dependencies=[allowed(Permission.IMPORT_ROSTER)])
router.include_router(pupil_changes.router, dependencies=[allowed(Permission.CHANGE_PUPIL)])
router.include_router(settings.router)
router.include_router(policy.router, dependencies=[allowed(Permission.CHANGE_POLICY)])
router.include_router(calendar.router, dependencies=[allowed(Permission.CHANGE_POLICY)])
router.include_router(people_files.router)
router.include_router(people.router)
router.include_router(people_pin.router)
router.include_router(audit.router)
router.include_router(changes.router)
router.include_router(entry.router)
router.include_router(pupil_files.router)
router.include_router(lists.router)
router.include_router(punctuality.router)

RECONNECT_MS = 2000


@router.get("/live", response_class=EventSourceResponse)
async def live(register: RegisterDep, person: LoggedIn) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `changed` at the beginning and whenever there is something new to fetch.

    The event says nothing itself, so a session that has ended learns nothing from a stream left open.
    """
    async for _ in register.notifier.watch(person.school):
        yield ServerSentEvent(event="changed", raw_data="", retry=RECONNECT_MS)
