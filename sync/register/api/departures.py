"""A kiosk asks for a pupil's release, waits for the answer, withdraws, and asks before a PIN releases."""

import asyncio
import uuid
from typing import Annotated

import structlog
from fastapi import APIRouter, HTTPException, Query
from starlette.concurrency import run_in_threadpool

from sync.register.api.entries import BODY, EVERYWHERE, REFUSALS, KnownKiosk, errors, refuse_nul
from sync.register.context import Register, RegisterDep
from sync.register.departures import requests
from sync.register.errors import RequestIdReusedError, UnknownDepartureError
from sync.register.sender import Sender
from sync.wire import BASE_PATH, DepartureAnswer, DepartureRequest, DepartureState, PinReleaseAnswer

LONGEST_WAIT_S = 25
CHECK_EVERY_S = 5.0
"""Seconds between checks without a notification, because one between workers may be lost."""

log = structlog.get_logger()
router = APIRouter(prefix=f"{BASE_PATH}/departures", tags=["kiosk"], responses=EVERYWHERE)


@router.post(
    "/{departure_id}/request",
    responses=REFUSALS | BODY | errors(_409="The id was used before for another request."),
)
def request(
    departure_id: uuid.UUID, body: DepartureRequest, register: RegisterDep, kiosk: KnownKiosk
) -> DepartureAnswer:
    """Submit a request to the office. Repeating it changes nothing."""
    refuse_nul(body)
    now = register.now()
    try:
        answer = register.database.transact(
            lambda session: requests.submit(session, kiosk, departure_id, body, now=now)
        )
    except RequestIdReusedError as error:
        raise HTTPException(409, str(error)) from error
    log.info("departure.requested", id=str(departure_id), kiosk=str(kiosk.kiosk))
    register.notifier.changed(kiosk.school)
    return answer


@router.post(
    "/{departure_id}/release-by-pin",
    responses=REFUSALS | BODY | errors(_409="The id was used before for another request."),
)
def release_by_pin(
    departure_id: uuid.UUID, body: DepartureRequest, register: RegisterDep, kiosk: KnownKiosk
) -> PinReleaseAnswer:
    """Whether a PIN at the kiosk may release this pupil. The body is that of the request, with its id."""
    refuse_nul(body)
    now = register.now()
    try:
        answer = register.database.transact(
            lambda session: requests.check_pin_release(session, kiosk, departure_id, body, now=now)
        )
    except RequestIdReusedError as error:
        raise HTTPException(409, str(error)) from error
    log.info("departure.pin_release_checked", id=str(departure_id), kiosk=str(kiosk.kiosk))
    register.notifier.changed(kiosk.school)
    return answer


@router.get("/{departure_id}", responses=REFUSALS | errors(_404="There is no such request at this school."))
async def answer(
    departure_id: uuid.UUID,
    register: RegisterDep,
    kiosk: KnownKiosk,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for an answer.")] = 0,
) -> DepartureAnswer:
    """The office's answer: at once if there is one, otherwise when it comes or the wait is over."""
    answer = await run_in_threadpool(_record_poll, register, kiosk, departure_id)
    if answer.state is not DepartureState.WAITING or not wait:
        return answer
    try:
        async with asyncio.timeout(wait):
            async for _ in register.notifier.watch(kiosk.school, at_least_every_s=CHECK_EVERY_S):
                answer = await run_in_threadpool(_answer, register, kiosk.school, departure_id)
                if answer.state is not DepartureState.WAITING:
                    break
    except TimeoutError:
        log.debug("departure.waits", id=str(departure_id))
    return answer


@router.delete(
    "/{departure_id}", responses=REFUSALS | errors(_404="There is no such request at this school.")
)
def withdraw(departure_id: uuid.UUID, register: RegisterDep, kiosk: KnownKiosk) -> DepartureAnswer:
    """Withdraw a request. A request that the office has answered keeps its answer, which is returned."""
    now = register.now()
    try:
        answer = register.database.transact(
            lambda session: requests.withdraw(session, kiosk, departure_id, now=now)
        )
    except UnknownDepartureError as error:
        raise HTTPException(404, str(error)) from error
    log.info("departure.withdrawn", id=str(departure_id), kiosk=str(kiosk.kiosk), state=answer.state.value)
    register.notifier.changed(kiosk.school)
    return answer


def _record_poll(register: Register, kiosk: Sender, departure_id: uuid.UUID) -> DepartureAnswer:
    """Like `_answer`, and record that the kiosk still polls, unless that was recorded a moment ago."""
    now, school = register.now(), kiosk.school
    try:
        with register.database.read() as session:
            if not requests.is_poll_due(session, school, departure_id, now=now):
                return requests.answer(session, school, departure_id)
    except UnknownDepartureError as error:
        raise HTTPException(404, str(error)) from error
    answer = register.database.transact(
        lambda session: requests.record_poll(session, kiosk, departure_id, now=now)
    )
    if answer.state is DepartureState.WITHDRAWN:
        log.info("departure.lapsed", id=str(departure_id), kiosk=str(kiosk.kiosk))
        register.notifier.changed(school)
    return answer


def _answer(register: Register, school: str, departure_id: uuid.UUID) -> DepartureAnswer:
    try:
        with register.database.read() as session:
            return requests.answer(session, school, departure_id)
    except UnknownDepartureError as error:
        raise HTTPException(404, str(error)) from error
