"""“How do you know?”: one answer is required, and kept with the release and its audit."""

import uuid
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from sync.register.storage.models import AuditRow, DepartureRow
from tests.sync.register.departures.test_release import ask
from tests.sync.register.office.pages.test_leaving import press, state
from tests.sync.register.support import LOGIN, PASSWORD, Kiosk, Running


@pytest.fixture
def browser(register: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, follow_redirects=True) as client:
        client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        yield client


@pytest.fixture
def departure() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ({"how": ""}, None),
        ({"how": "other", "why": " "}, None),
        ({"how": "no such choice"}, None),
        ({"how": "in-writing"}, "A parent agreed in writing; saw the adult’s ID"),
        ({"how": "known", "why": "remarried"}, "We know the adult; the list is out of date: remarried"),
        ({"how": "other", "why": "her teacher knows him"}, "her teacher knows him"),
    ],
)
def test_how_the_office_knew_is_a_choice_or_words_and_one_of_them_is_required(
    register: Running,
    kiosk: Kiosk,
    browser: httpx.Client,
    *,
    departure: str,
    answer: dict[str, str],
    kept: str | None,
) -> None:
    ask(kiosk, departure, relationship="father")
    press(browser, f"/leaving/{departure}/release", **answer)
    assert state(kiosk, departure) == ("released" if kept else "waiting")
    with register.database.read() as session:
        assert session.scalars(select(DepartureRow.grounds)).one() == kept
        audited = session.scalars(select(AuditRow).where(AuditRow.action == "release")).all()
        assert [row.detail["why"] for row in audited] == ([kept] if kept else [])
