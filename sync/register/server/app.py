"""The register as a web service, assembled from its parts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sync.register.api import cards, departures, entries, on_site
from sync.register.context import Register
from sync.register.live import Notifier, relay_for
from sync.register.office.pages import router
from sync.register.office.web.body_limit import TooLargePage
from sync.register.office.web.errors import handle_errors
from sync.register.office.web.form_limits import FormLimits
from sync.register.office.web.guard import SecurityHeaders
from sync.register.server.upgrade import bring_up_to_date
from sync.register.storage.database import Database
from sync.wire import Entry


class _Service(FastAPI):
    """A FastAPI app whose outermost middleware also covers error pages and FastAPI's own limit on a body."""

    def build_middleware_stack(self) -> ASGIApp:
        return SecurityHeaders(TooLargePage(FormLimits(super().build_middleware_stack())))


def create_app(
    database_url: str,
    *,
    now: Callable[[], datetime],
    demo_clock: bool = False,
    alone: bool = True,
    totp: bool = True,
) -> FastAPI:
    """The register's web service; migrates the database first.

    Args:
        database_url: for example `sqlite:////var/lib/latebook/register.db`.
        now: returns the instant, with a zone.
        demo_clock: whether `now` is not the real time; the office page then says so.
        alone: whether this is the only process on the database, so that it need not listen for changes.
        totp: whether a login takes a second step.

    Raises:
        DatabaseError: the database cannot be used.
    """
    database = Database(database_url)
    bring_up_to_date(database)

    notifier = Notifier(None if alone and database.file is not None else relay_for(database))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with database.serving():
            yield
        notifier.close()
        database.close()

    app = _Service(
        title="Latebook register",
        version="1",
        lifespan=lifespan,
        max_body_size=entries.MOST_BYTES,
        # The documentation pages load scripts from other sites; /openapi.json is still served.
        docs_url=None,
        redoc_url=None,
        # Telemetry would record request values, which contain pupils' data.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.register = Register(database, now, notifier, demo_clock, totp)
    app.include_router(entries.router)
    app.include_router(departures.router)
    app.include_router(cards.router)
    app.include_router(on_site.router)
    app.include_router(router.router)
    app.state.navigation = router.navigation
    app.mount("/static", StaticFiles(packages=[("sync.register.office", "static")]), name="static")
    handle_errors(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # as FastAPI's documentation does
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document with `Entry` added: entries are parsed one by one, so no handler declares it."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        entry = Entry.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = schema["components"]["schemas"]
        for name, definition in entry.pop("$defs").items():
            schemas.setdefault(name, definition)
        schemas["Entry"] = entry
        app.openapi_schema = schema
    return app.openapi_schema
