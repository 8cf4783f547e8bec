"""The office page's routes, collected from the modules beside this one.

A module with a `router` is a page; one with a `NAVIGATION` too has an entry in the menu. A new page is
registered nowhere else.
"""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from types import ModuleType

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from sync.register.context import RegisterDep
from sync.register.office import pages
from sync.register.office.web.guard import LoggedIn
from sync.register.office.web.navigation import NavigationEntry

RECONNECT_MS = 2000


def _modules() -> Iterator[ModuleType]:
    """The page modules, by name. Their addresses never overlap, so the order does not matter."""
    for module in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}."):
        if module.name != __name__:
            yield importlib.import_module(module.name)


router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
navigation: list[NavigationEntry] = []
for _module in _modules():
    if hasattr(_module, "router"):
        router.include_router(_module.router)
    if hasattr(_module, "NAVIGATION"):
        navigation.append(_module.NAVIGATION)


@router.get("/live", response_class=EventSourceResponse)
async def live(register: RegisterDep, person: LoggedIn) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `changed` on connecting and whenever the page should be fetched again.

    The event carries no data, so a stream that outlives its session reveals nothing.
    """
    async for _ in register.notifier.watch(person.school):
        yield ServerSentEvent(event="changed", raw_data="", retry=RECONNECT_MS)
