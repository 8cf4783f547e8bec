"""An answer as it came over the network, and how the register's own are recognised.

A school's filter or login page may answer in the register's place, with any status, and with a Date of its
own. Only an answer of the register's own form counts (docs/wire.md): for a success the message that the call
asks for, for an error a JSON object with `detail`. The caller decides which of them it expects.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_REASON = 300
"""The most characters of a reason from the register, which always sends fewer."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


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
        detail = content.get("detail") if isinstance(content, dict) else None
        if isinstance(detail, list) and detail:  # FastAPI's list of what is wrong with a request
            return ""
        if not isinstance(detail, str) or len(detail) > LONGEST_REASON or _CONTROL.search(detail):
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
