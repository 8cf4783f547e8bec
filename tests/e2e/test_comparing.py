"""The campaign's own eyes: it sees what it is there to see."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.e2e.comparing import of_the_confirmed, of_the_marks, of_the_register
from tests.e2e.kiosk_process import SignedIn

AT = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)


def row(seq, pupil="P1", code="L", **changes):
    raw = f'{{"pupil": "{pupil}", "decision": {{"needs_office": false}}}}'
    values = {"id": UUID(int=seq), "seq": seq, "pupil": pupil, "at": AT, "code": code, "raw": raw}
    return SimpleNamespace(**values | {"received_at": AT} | changes)


def kiosk(*rows):
    said = {str(each.id): SignedIn(each.pupil, each.at) for each in rows}
    return SimpleNamespace(confirmed=said, touched=list(said.values()), failures=[])


def differences(entries, it, marks, work=()):
    return [
        *of_the_confirmed(entries, it),
        *of_the_register(entries, it),
        *of_the_marks(entries, marks, list(work)),
    ]


def test_what_is_as_it_was_is_no_difference():
    rows = [row(1), row(2, "P2", "U"), row(3, code="U")]
    asked = [SimpleNamespace(entry_id=UUID(int=3), kind="conflict")]
    assert differences(rows, kiosk(*rows), {"P1": "L", "P2": "U"}, asked) == []


@pytest.mark.parametrize(
    ("entries", "marks", "says"),
    [
        ([row(1)], {"P1": "L"}, "in the register 0 times"),
        ([row(1), row(2, at=AT + timedelta(seconds=1))], {"P1": "L"}, "and was SignedIn"),
        ([row(1), row(2, pupil="P9")], {"P1": "L", "P9": "L"}, "nobody did P9"),
        ([row(1), row(3)], {"P1": "L"}, "gaps"),
        ([row(1), row(2)], {"P1": "U"}, "the marks differ"),
        ([row(1), row(2, code="U")], {"P1": "L"}, "and should ask"),
        ([row(1), row(2, received_at=AT - timedelta(seconds=9))], {"P1": "L"}, "came before"),
        ([row(1), row(2), row(2)], {"P1": "L"}, "in the register 2 times"),
    ],
)
def test_whatever_else_is_one(entries, marks, says):
    assert says in " ".join(differences(entries, kiosk(row(1), row(2)), marks))
