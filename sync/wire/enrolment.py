"""`POST /enrol`: a kiosk joins a school."""

from pydantic import Field

from sync.wire.message import Message

_WORD = r"^[\x21-\x7e]{1,500}$"
"""What a header can carry: each call names the token in one."""


class EnrolRequest(Message):
    """A kiosk asks to join a school. The code comes from the office page and works once."""

    code: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=100)


class EnrolResponse(Message):
    """The kiosk's id and token. The register keeps only a hash of the token, so it is sent this once."""

    kiosk_id: str = Field(pattern=_WORD)
    token: str = Field(pattern=_WORD)
