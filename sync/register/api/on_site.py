"""Who is on site as far as all kiosks and the office know, for a kiosk's staff screen."""

import hashlib
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from sync.register.api.entries import EVERYWHERE, REFUSALS, KnownKiosk, has_etag
from sync.register.context import RegisterDep
from sync.register.departures.locations import Location, PupilLocation
from sync.register.departures.whereabouts import whereabouts
from sync.register.storage.models import SchoolRow
from sync.wire import BASE_PATH, OnSiteResponse, PupilOnSite, SiteState

router = APIRouter(prefix=BASE_PATH, tags=["kiosk"], responses=EVERYWHERE)


@router.get(
    "/on-site",
    response_model=OnSiteResponse,
    responses=REFUSALS | {304: {"description": "Nothing has changed since."}},
)
def on_site(request: Request, register: RegisterDep, kiosk: KnownKiosk) -> Response:
    """Today's pupils with their state, by id. The `ETag` changes with the states, not with the time."""
    now = register.now()
    with register.database.read() as session:
        zone = ZoneInfo(session.get_one(SchoolRow, kiosk.school).zone)
        known = whereabouts(session, kiosk.school, now=now, zone=zone)
    pupils = [_pupil(location) for _, location in sorted(known.items())]
    states = "\n".join(each.model_dump_json() for each in pupils)
    etag = hashlib.sha256(f"{now.astimezone(zone).date()}\n{states}".encode()).hexdigest()[:16]
    headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
    if has_etag(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    answer = OnSiteResponse(at=now, pupils=pupils)
    return Response(answer.model_dump_json(), media_type="application/json", headers=headers)


def _pupil(location: PupilLocation) -> PupilOnSite:
    return PupilOnSite(pupil=location.pupil, state=_state(location), since=location.since)


def _state(location: PupilLocation) -> SiteState:
    if location.location is Location.RELEASED or not location.certain:
        return SiteState.CHECK
    return SiteState.OUT if location.location is Location.OUT else SiteState.IN
