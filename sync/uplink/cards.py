"""Cards assigned and revoked at the kiosk's staff screen, with the register's consent.

The register decides whose a card is, so that two kiosks never disagree. Without the register nothing is
changed, and the member of staff sees why.
"""

from http import HTTPStatus
from urllib.parse import quote

from attendance.text import as_sentence
from sync.uplink.answer import HttpAnswer
from sync.uplink.errors import CardError, CardTakenError, NoAnswerError, UplinkError
from sync.uplink.exchange import exchange
from sync.uplink.http import Bearer, RegisterClient, parse_answer, unusable_answer
from sync.wire import CardAssignment, CardRevocation, CardsResponse, Message

NOT_REACHED = "The register cannot be reached, so nothing was changed. Try again when the kiosk is connected."


def assign(register: RegisterClient, token: str, card: str, assignment: CardAssignment) -> CardsResponse:
    """Assign a card to a pupil.

    Args:
        register: the register.
        token: the kiosk's.
        card: the card's hash, by `sync.wire.card_hash`.
        assignment: the pupil, and the member of staff.

    Raises:
        CardTakenError: the card is another pupil's.
        CardError: it was not assigned for another reason.
    """
    return _change(register, token, "PUT", f"cards/{quote(card, safe='')}", assignment)


def revoke(register: RegisterClient, token: str, pupil: str, revocation: CardRevocation) -> CardsResponse:
    """Revoke all cards of a pupil.

    Raises:
        CardError: they were not revoked.
    """
    return _change(register, token, "POST", f"pupils/{quote(pupil, safe='')}/cards/revoke", revocation)


def _change(register: RegisterClient, token: str, method: str, name: str, message: Message) -> CardsResponse:
    try:
        with register.open() as session:
            session.auth = Bearer(token)
            answer = exchange(session, method, register.path(name), body=message.model_dump_json())
            if answer.status == HTTPStatus.OK:
                return parse_answer(CardsResponse, answer)
            raise _refusal(answer)
    except NoAnswerError as error:
        raise CardError(NOT_REACHED) from error


def _refusal(answer: HttpAnswer) -> UplinkError:
    if answer.reason is None:
        return unusable_answer(answer)
    status, reason = answer.status, as_sentence(answer.reason) if answer.reason else ""
    if status == HTTPStatus.CONFLICT:
        return CardTakenError(reason or "This card is another pupil's.")
    if status == HTTPStatus.NOT_FOUND:
        return CardError("The register has no such pupil, so nothing was changed.")
    if status == HTTPStatus.FORBIDDEN:
        return CardError(reason or "The register does not let you do this, so nothing was changed.")
    if status == HTTPStatus.UNAUTHORIZED:
        return CardError("The register does not know this kiosk, so nothing was changed; ask the office.")
    return unusable_answer(answer)
