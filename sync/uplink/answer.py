"""An answer as it came over the network, and how the register's own are recognised.

A school's filter or login page may answer in the register's place, with any status, and with a Date of its
own. Only an answer of the register's own form counts (docs/wire.md): for a success the message that the call
asks for, for an error a JSON object with `detail` alone. The caller decides which of them it expects.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

LONGEST_REASON = 300
"""The most characters of a reason from the register, which always sends fewer."""
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What ends a line, changes its direction, or cannot be written."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete answer."""

    status: int
    headers: Mapping[str, str]
    """Their names in any case."""
    body: bytes
    """Decompressed."""

    @property
    def reason(self) -> str | None:
        """The register's reason for an error, one line; `None` when the answer is not of its own form."""
        content = self.json()
        # Alone: gateways and other services send `detail` too, beside a title or a code (RFC 9457).
        detail = content["detail"] if isinstance(content, dict) and list(content) == ["detail"] else None
        if isinstance(detail, list) and self.status == HTTPStatus.UNPROCESSABLE_ENTITY and detail:
            return ""  # what is wrong with a request
        if not isinstance(detail, str) or len(detail) > LONGEST_REASON or _NOT_ONE_LINE.search(detail):
            return None
        return detail

    @property
    def looks_like_a_page(self) -> bool:
        """Whether it is a web page."""
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return kind in ("text/html", "application/xhtml+xml") or self.body.lstrip()[:1] == b"<"

    def json(self) -> Any:
        """The content; `None` when it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None
