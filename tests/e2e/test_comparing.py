"""The campaign's comparison finds every kind of difference."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from tests.e2e.comparing import confirmed_differences, mark_differences, register_differences
from tests.e2e.kiosk_process import SignIn

AT = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)


def row(seq: int, pupil: str = "P1", code: str = "L", **changes: Any) -> Any:
    raw = f'{{"pupil": "{pupil}", "decision": {{"needs_office": false}}}}'
    values = {"id": UUID(int=seq), "seq": seq, "pupil": pupil, "at": AT, "code": code, "raw": raw}
    return SimpleNamespace(**values | {"received_at": AT} | changes)


def kiosk(*rows: Any) -> Any:
    confirmed = {str(each.id): SignIn(each.pupil, each.at) for each in rows}
    return SimpleNamespace(confirmed=confirmed, touched=list(confirmed.values()), failures=[])


def differences(
    entries: Sequence[Any], kiosk: Any, marks: dict[str, str], work: Sequence[Any] = ()
) -> list[str]:
    return [
        *confirmed_differences(entries, kiosk),
        *register_differences(entries, kiosk),
        *mark_differences(entries, marks, list(work)),
    ]


def test_equal_sides_have_no_difference() -> None:
    rows = [row(1), row(2, "P2", "U"), row(3, code="U")]
    work = [SimpleNamespace(entry_id=UUID(int=3), kind="conflict")]
    assert differences(rows, kiosk(*rows), {"P1": "L", "P2": "U"}, work) == []


@pytest.mark.parametrize(
    ("entries", "marks", "says"),
    [
        ([row(1)], {"P1": "L"}, "in the register 0 times"),
        ([row(1), row(2, at=AT + timedelta(seconds=1))], {"P1": "L"}, "and was SignIn"),
        ([row(1), row(2, pupil="P9")], {"P1": "L", "P9": "L"}, "P9 did not sign in"),
        ([row(1), row(3)], {"P1": "L"}, "gaps"),
        ([row(1), row(2)], {"P1": "U"}, "the marks differ"),
        ([row(1), row(2, code="U")], {"P1": "L"}, "should be waiting"),
        ([row(1), row(2, received_at=AT - timedelta(seconds=9))], {"P1": "L"}, "came before"),
        ([row(1), row(2), row(2)], {"P1": "L"}, "in the register 2 times"),
    ],
)
def test_every_deviation_is_a_difference(entries: list[Any], marks: dict[str, str], says: str) -> None:
    assert says in " ".join(differences(entries, kiosk(row(1), row(2)), marks))
