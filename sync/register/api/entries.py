"""The kiosks' end of the register: `/api/v1`, as docs/wire.md describes it.

A kiosk keeps its queue in any doubt, so 200 is never answered before the commit: each handler answers after
its `database.write()` block, never inside it.
"""

import re
import uuid
from datetime import timedelta
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import select

from sync.register import throttle
from sync.register.context import RegisterDep, client_of
from sync.register.departures import expiry, requests
from sync.register.entries import numbering
from sync.register.entries.intake import take_in
from sync.register.entries.parsing import split
from sync.register.errors import BatchFormatError
from sync.register.kiosks import kiosks
from sync.register.schools import policies, schools
from sync.register.sender import Sender, sender_of
from sync.register.storage.models import KioskRow
from sync.wire import (
    BASE_PATH,
    MOST_ENTRIES,
    Bundle,
    EnrolRequest,
    EnrolResponse,
    EntriesResponse,
    Heartbeat,
    HeartbeatResponse,
)

MOST_BYTES = 2 * 1024 * 1024
"""The largest body: four times 500 ordinary entries. A larger one gets 413: the kiosk halves the batch."""

log = structlog.get_logger()


def errors(**meanings: str) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for the OpenAPI document: `_404="Why."`."""
    schema = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
    return {
        int(status.removeprefix("_")): {
            "description": text,
            "content": {"application/json": {"schema": schema}},
        }
        for status, text in meanings.items()
    }


EVERYWHERE = errors(_503="The database does not answer; nothing was stored. See Retry-After.")
BODY = errors(_400="The body is not UTF-8.", _413=f"More than {MOST_BYTES} bytes.")
DAY_S = 24 * 60 * 60
"""Upper bound on the uptime considered, in seconds: no request waits that long."""

router = APIRouter(prefix=BASE_PATH, tags=["kiosk"], responses=EVERYWHERE)
_bearer = HTTPBearer(auto_error=False, description="The token from the kiosk's enrolment.")


def _known_kiosk(
    register: RegisterDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Sender:
    """The calling kiosk, by the hash of its token."""
    if credentials is None:
        raise _unknown()
    with register.database.read() as session:
        query = select(KioskRow).where(KioskRow.token_hash == kiosks.hash_token(credentials.credentials))
        row = session.scalars(query).one_or_none()
        if row is None:
            raise _unknown()
        if row.revoked_at is not None:
            log.warning("kiosk.refused", kiosk=str(row.id), why="revoked")
            raise HTTPException(403, "this kiosk has been removed from the register; ask the office")
        return sender_of(session, row.id)


def _unknown() -> HTTPException:
    log.warning("kiosk.refused", why="unknown token")
    return HTTPException(
        401, "the token is not known to this register", headers={"WWW-Authenticate": "Bearer"}
    )


KnownKiosk = Annotated[Sender, Depends(_known_kiosk)]


_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL in JSON text, but not a backslash followed by `u0000`."""
REFUSALS = errors(_401="Unknown token.", _403="The kiosk has been revoked.")


def refuse_nul(body: BaseModel) -> None:
    """Refuse a text with a NUL character: JSON allows it, PostgreSQL does not.

    Raises:
        RequestValidationError: 422, as for any other invalid value.
    """
    if _NUL.search(body.model_dump_json()):
        message = "a text with a NUL character cannot be stored"
        raise RequestValidationError(
            [{"type": "value_error", "loc": ("body",), "msg": message, "input": None}]
        )


@router.post(
    "/enrol",
    status_code=201,
    responses=BODY
    | errors(
        _403="A wrong, used or expired code.", _429="Five wrong codes within a minute; see Retry-After."
    ),
)
def enrol(body: EnrolRequest, request: Request, register: RegisterDep) -> EnrolResponse:
    """Enrol a kiosk with a code from the office page."""
    refuse_nul(body)
    now = register.now()
    address = client_of(request)
    subject = throttle.enrol_subject(address)
    with register.database.write() as session:
        wait = throttle.wait(session, subject, throttle.ENROL, now=now)
        enrolled = None if wait else kiosks.enrol(session, body.code, body.name, now=now, address=address)
        if not wait and enrolled is None:
            throttle.count_failure(session, subject, now=now)
        sender = sender_of(session, uuid.UUID(enrolled.kiosk_id)) if enrolled else None
    if wait:
        log.warning("kiosk.refused", why="too many wrong codes", wait_s=wait)
        raise HTTPException(429, "too many wrong codes; wait", headers={"Retry-After": str(wait)})
    if enrolled is None or sender is None:
        log.warning("kiosk.refused", why="enrolment code")
        raise HTTPException(403, "the code is wrong, used or expired; ask the office for a new one")
    log.info("kiosk.enrolled", kiosk=enrolled.kiosk_id, school=sender.school)
    register.notifier.changed(sender.school)
    return enrolled


async def _body(request: Request, kiosk: KnownKiosk) -> bytes:
    """The raw body, read only once the kiosk is known."""
    return await request.body()


@router.post(
    "/entries",
    responses=REFUSALS
    | errors(
        _413=f"More than {MOST_ENTRIES} entries, or more than {MOST_BYTES} bytes: halve the batch.",
        _422="The body is not a batch.",
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["entries"],
                        "properties": {
                            "entries": {
                                "type": "array",
                                "maxItems": MOST_ENTRIES,
                                # Anything but an Entry gets a result of its own, `rejected`.
                                "items": {"anyOf": [{"$ref": "#/components/schemas/Entry"}, {}]},
                            }
                        },
                    }
                }
            },
        }
    },
)
def entries(
    register: RegisterDep, kiosk: KnownKiosk, body: Annotated[bytes, Depends(_body)]
) -> EntriesResponse:
    """Accept a batch. There is one result for each entry, in the same order; an invalid entry does not
    affect the others."""
    try:
        texts = split(body)
    except BatchFormatError as error:
        raise HTTPException(422, str(error)) from error
    if len(texts) > MOST_ENTRIES:
        raise HTTPException(413, f"at most {MOST_ENTRIES} entries in one batch; halve it")
    now = register.now()
    results = register.database.transact(lambda session: take_in(session, kiosk, texts, now=now))
    for result in results:
        log.info("entry.received", id=result.id, status=result.status.value, detail=result.detail)
    register.notifier.changed(kiosk.school)
    return EntriesResponse(results=results, server_time=now)


@router.get(
    "/bundle",
    response_model=Bundle,
    responses=REFUSALS | {304: {"description": "The kiosk has the newest bundle."}},
)
def bundle(request: Request, register: RegisterDep, kiosk: KnownKiosk) -> Response:
    """Everything a kiosk needs to work alone. Its `version` is the `ETag`."""
    with register.database.read() as session:
        version = schools.bundle_version(session, kiosk.school)
        headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}
        if has_etag(request.headers.get("if-none-match"), version):
            return Response(status_code=304, headers=headers)
        content = schools.bundle(session, kiosk.school).without_past(register.now().date())
        known = policies.is_known(session, kiosk.school, policies.version_of(content.policy))
    if not known:  # stored before it is sent, so that every decision names a stored version
        now = register.now()
        register.database.transact(
            lambda session: policies.keep(session, kiosk.school, content.policy, now=now)
        )
    return Response(content.model_dump_json(), media_type="application/json", headers=headers)


def has_etag(if_none_match: str | None, version: str) -> bool:
    """Whether an `If-None-Match` header names this version."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return f'"{version}"' in tags or "*" in tags


@router.post("/heartbeat", responses=REFUSALS | BODY, response_model_exclude_defaults=True)
def heartbeat(body: Heartbeat, register: RegisterDep, kiosk: KnownKiosk) -> HeartbeatResponse:
    """Store a kiosk's state; answer with the time, the newest bundle's version and the missing entries."""
    refuse_nul(body)
    now = register.now()
    with register.database.write() as session:
        kiosks.note_heartbeat(session, kiosk.kiosk, body, now=now)
        version = schools.bundle_version(session, kiosk.school)
        missing = numbering.missing(session, kiosk.kiosk, body)
    # The uptime is in whole seconds and a moment old; no request is made that soon after a start.
    start = expiry.KioskStart(kiosk.kiosk, now - timedelta(seconds=min(body.uptime_s, DAY_S) + 1))
    requests.withdraw_lapsed(register.database, kiosk.school, now=now, start=start)
    log.debug("kiosk.heartbeat", kiosk=str(kiosk.kiosk), waiting=body.queue.waiting)
    register.notifier.changed(kiosk.school)
    return HeartbeatResponse(server_time=now, bundle_version=version, missing=missing)
