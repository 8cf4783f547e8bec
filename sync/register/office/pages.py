"""The office page's addresses."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from sync.register.context import RegisterDep
from sync.register.office import (
    account_pages,
    audit_pages,
    calendar_pages,
    change_pages,
    entry_pages,
    import_files,
    import_pages,
    kiosk_pages,
    leaving_files,
    leaving_pages,
    list_pages,
    login_pages,
    needs_pages,
    on_site_pages,
    people_files,
    people_pages,
    pin_pages,
    policy_pages,
    punctuality_pages,
    pupil_change_pages,
    pupil_pages,
    record_files,
    settings_pages,
    today_pages,
)
from sync.register.office.guard import LoggedIn, allowed
from sync.register.permissions import Permission

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
router.include_router(login_pages.router)
router.include_router(account_pages.router)
router.include_router(today_pages.router)
router.include_router(kiosk_pages.router)
router.include_router(needs_pages.router)
router.include_router(leaving_pages.router)
router.include_router(leaving_files.router)
router.include_router(on_site_pages.router)
router.include_router(pupil_pages.router, dependencies=[allowed(Permission.SEE_PUPIL)])
router.include_router(import_files.router)
router.include_router(import_pages.router, dependencies=[allowed(Permission.IMPORT_ROSTER)])
router.include_router(pupil_change_pages.router, dependencies=[allowed(Permission.CHANGE_PUPIL)])
router.include_router(settings_pages.router)
router.include_router(policy_pages.router, dependencies=[allowed(Permission.CHANGE_POLICY)])
router.include_router(calendar_pages.router, dependencies=[allowed(Permission.CHANGE_POLICY)])
router.include_router(people_files.router)
router.include_router(people_pages.router)
router.include_router(pin_pages.router)
router.include_router(audit_pages.router)
router.include_router(change_pages.router)
router.include_router(entry_pages.router)
router.include_router(record_files.router)
router.include_router(list_pages.router)
router.include_router(punctuality_pages.router)

RECONNECT_MS = 2000


@router.get("/live", response_class=EventSourceResponse)
async def live(register: RegisterDep, person: LoggedIn) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `changed` at the beginning and whenever there is something new to fetch.

    The event says nothing itself, so a session that has ended learns nothing from a stream left open.
    """
    async for _ in register.notifier.watch(person.school):
        yield ServerSentEvent(event="changed", raw_data="", retry=RECONNECT_MS)
