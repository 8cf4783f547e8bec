"""Cards assigned and revoked at the staff screen of a kiosk."""

from typing import Annotated

import structlog
from fastapi import APIRouter, HTTPException, Path, Request

from sync.register.api.entries import BODY, EVERYWHERE, REFUSALS, KnownKiosk, errors, refuse_nul
from sync.register.context import RegisterDep, client_of
from sync.register.errors import CardInUseError, UnknownPupilError, UnknownStaffError
from sync.register.kiosks import cards
from sync.register.sender import Sender
from sync.wire import BASE_PATH, CardAssignment, CardRevocation, CardsResponse

log = structlog.get_logger()
router = APIRouter(prefix=BASE_PATH, tags=["kiosk"], responses=EVERYWHERE)

CardHash = Annotated[
    str, Path(pattern="^[0-9a-f]{64}$", description="The card, by `card_hash` with the school's key.")
]
PupilId = Annotated[str, Path(pattern=r"^[^\x00]{1,64}$", description="The pupil's id in the roster.")]
REFUSED = {
    **REFUSALS,
    **BODY,
    **errors(
        _403="The kiosk has been revoked, or `by` is not a member of this school's staff with a PIN.",
        _404="The school has no such pupil.",
    ),
}


@router.put(
    "/cards/{card}",
    responses=REFUSED
    | errors(_409="The card is another pupil's, or a pupil's UPN or admission number; the text says whose."),
)
def assign(
    card: CardHash, body: CardAssignment, request: Request, register: RegisterDep, kiosk: KnownKiosk
) -> CardsResponse:
    """Assign a card to a pupil. Repeating the request changes nothing."""
    refuse_nul(body)
    now, at_kiosk = register.now(), _at_kiosk(kiosk, request)
    try:
        changed = register.database.transact(
            lambda session: cards.assign(
                session,
                card,
                body.pupil,
                by=cards.staff_at(session, at_kiosk, body.by),
                now=now,
                instead_of=body.instead_of,
                kiosk=at_kiosk.kiosk,
            )
        )
    except CardInUseError as error:
        raise HTTPException(409, str(error)) from error
    except UnknownStaffError as error:
        raise HTTPException(403, str(error)) from error
    except UnknownPupilError as error:
        raise HTTPException(404, str(error)) from error
    log.info("card.assigned", kiosk=at_kiosk.kiosk)
    register.notifier.changed(kiosk.school)
    return changed


@router.post("/pupils/{pupil:path}/cards/revoke", responses=REFUSED)
def revoke(
    pupil: PupilId, body: CardRevocation, request: Request, register: RegisterDep, kiosk: KnownKiosk
) -> CardsResponse:
    """Revoke all cards of a pupil."""
    refuse_nul(body)
    now, at_kiosk = register.now(), _at_kiosk(kiosk, request)
    try:
        changed = register.database.transact(
            lambda session: cards.revoke(
                session, pupil, by=cards.staff_at(session, at_kiosk, body.by), now=now, kiosk=at_kiosk.kiosk
            )
        )
    except UnknownStaffError as error:
        raise HTTPException(403, str(error)) from error
    except UnknownPupilError as error:
        raise HTTPException(404, str(error)) from error
    log.info("cards.revoked", kiosk=at_kiosk.kiosk)
    register.notifier.changed(kiosk.school)
    return changed


def _at_kiosk(kiosk: Sender, request: Request) -> cards.AtKiosk:
    return cards.AtKiosk(kiosk.school, str(kiosk.kiosk), client_of(request))
