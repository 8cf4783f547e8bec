"""Cards changed at a kiosk’s staff screen, and the numbers that a barcode may hold instead."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from hardware.readers.drivers.card_names import candidates
from sync.register.schools.schools import bundle, load_school, refresh_bundle
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, CardRow, KioskStaffRow, PupilRow, SchoolRow
from sync.wire import card_hash
from tests.sync.register.roster.support import upn
from tests.sync.register.support import Kiosk, Running, school_record

KEY = "0b" * 32
NEW = "cc" * 32
LEOS = "bb" * 32


@pytest.fixture
def member(register: Running) -> str:
    """A member of staff whose PIN opens the staff screen."""
    with register.database.write() as session:
        for id_, ended in (("s1", None), ("gone", register.clock())):
            session.add(
                KioskStaffRow(
                    school_id="oak-lane",
                    id=id_,
                    name="R. Desk",
                    position="Receptionist",
                    pin_hash="x",
                    ended_at=ended,
                )
            )
    return "s1"


def assign(kiosk: Kiosk, card: str, pupil: str, by: str, **more: Any) -> httpx.Response:
    body = {"pupil": pupil, "by": by} | more
    return httpx.put(f"{kiosk.url}/api/v1/cards/{card}", json=body, headers=kiosk.headers)


def index_of(kiosk: Kiosk) -> dict[str, str]:
    cards: dict[str, str] = kiosk.get("/bundle").json()["cards"]["pupils"]
    return cards


def audited(register: Running) -> list[tuple[str, str, str | None]]:
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.like("card%")).order_by(AuditRow.id))
        return [(row.action, row.name, row.subject) for row in rows]


def test_a_card_is_assigned_sent_to_kiosks_and_audited_with_the_members_name(
    register: Running, kiosk: Kiosk, member: str
) -> None:
    answer = assign(kiosk, NEW, "P3", member)
    assert answer.status_code == 200
    assert answer.json() == {"cards": 1, "bundle_version": kiosk.get("/bundle").json()["version"]}
    assert index_of(kiosk)[NEW] == "P3"
    again = assign(kiosk, NEW, "P3", member)
    assert again.json() == answer.json(), "the same again changes nothing"
    assert audited(register) == [("card assigned", "R. Desk", "P3")]


def test_another_pupils_card_changes_hands_only_if_the_request_names_that_pupil(
    kiosk: Kiosk, member: str
) -> None:
    refused = assign(kiosk, LEOS, "P3", member)
    assert refused.status_code == 409
    assert "this card is Leo Price (10C)’s" in refused.json()["detail"]
    assert assign(kiosk, LEOS, "P3", member, instead_of="P1").status_code == 409
    assert index_of(kiosk)[LEOS] == "P2"
    assert assign(kiosk, LEOS, "P3", member, instead_of="P2").status_code == 200
    assert index_of(kiosk)[LEOS] == "P3"


def test_the_card_of_a_pupil_who_has_left_is_free(register: Running, kiosk: Kiosk, member: str) -> None:
    with register.database.write() as session:
        session.get_one(PupilRow, ("oak-lane", "P2")).left_on = date(2026, 11, 20)
        refresh_bundle(session, "oak-lane")
    assert LEOS not in index_of(kiosk)
    assert assign(kiosk, LEOS, "P3", member).status_code == 200
    assert assign(kiosk, NEW, "P2", member).status_code == 404


def test_revoked_cards_stop_working(register: Running, kiosk: Kiosk, member: str) -> None:
    before = kiosk.get("/bundle").json()["version"]
    answer = kiosk.post("/pupils/P2/cards/revoke", {"by": member})
    assert (answer.status_code, answer.json()["cards"]) == (200, 0)
    assert answer.json()["bundle_version"] != before
    assert LEOS not in index_of(kiosk)
    assert kiosk.post("/pupils/P2/cards/revoke", {"by": member}).status_code == 200
    assert audited(register) == [("cards revoked", "R. Desk", "P2")]


@pytest.mark.parametrize("by", ["nobody", "gone"])
def test_only_a_member_of_staff_with_a_pin_may_change_cards(kiosk: Kiosk, member: str, by: str) -> None:
    assert assign(kiosk, NEW, "P3", by).status_code == 403
    assert kiosk.post("/pupils/P2/cards/revoke", {"by": by}).status_code == 403
    assert (NEW in index_of(kiosk), index_of(kiosk)[LEOS]) == (False, "P2")


def test_an_invalid_pupil_or_card_is_refused(kiosk: Kiosk, member: str) -> None:
    assert assign(kiosk, NEW, "P99", member).status_code == 404
    assert kiosk.post("/pupils/P99/cards/revoke", {"by": member}).status_code == 404
    assert assign(kiosk, "no-hash", "P3", member).status_code == 422


def numbered(database: Database, **numbers: tuple[str | None, str | None]) -> dict[str, str]:
    """The cards in the bundle once pupils have these UPNs and admission numbers."""
    with database.write() as session:
        load_school(session, school_record())
        for pupil, (upn_, admission) in numbers.items():
            row = session.get_one(PupilRow, ("oak-lane", pupil))
            row.upn, row.admission_number = upn_, admission
        refresh_bundle(session, "oak-lane")
    with database.read() as session:
        return bundle(session, "oak-lane").cards.pupils


def test_a_barcode_with_a_upn_or_an_admission_number_finds_its_pupil(database: Database) -> None:
    cards = numbered(database, P1=(upn(1), "0001"), P3=(None, "0003"))
    assert cards[card_hash(KEY, f"upn:{upn(1)}")] == "P1"
    assert cards[card_hash(KEY, "admission:0001")] == "P1"
    assert cards[card_hash(KEY, "admission:0003")] == "P3"
    assert upn(1) not in str(cards)


@pytest.mark.parametrize(
    ("numbers", "printed", "owner"),
    [
        (("0002", "0031", "1234"), "0002", "P1"),
        (("2", "31", "1234"), "02", None),  # every length once: the longest counts
        (("2", "31", "1234"), "0002", "P1"),
        (("2", "1031", "1234"), "002", None),
        (("2", "1031", "1234"), "0002", "P1"),
        (("2", "1031", "1234"), "000002", "P1"),
        (("2", "1031", "1234"), "2", "P1"),
        (("2", "0002", "1234"), "0002", "P3"),
        (("2", "0002", "1234"), "00002", None),
        (("A02", "1031", "1234"), "2", None),
    ],
)
def test_leading_zeros_fold_only_to_the_length_of_the_schools_numbers(
    database: Database, numbers: tuple[str, str, str], printed: str, owner: str | None
) -> None:
    first, third, fourth = numbers
    cards = numbered(database, P1=(None, first), P3=(None, third), P4=(None, fourth))
    found = {cards.get(card_hash(KEY, name)) for name in candidates(f"barcode:{printed}")}
    assert found - {None} == ({owner} if owner else set())


@pytest.mark.parametrize("instead_of", [None, "P1"])
@pytest.mark.parametrize("number", [f"upn:{upn(1)}", "admission:0001", "admission/4:0001"])
def test_a_pupils_number_cannot_be_assigned_as_a_card(
    register: Running, kiosk: Kiosk, member: str, number: str, instead_of: str | None
) -> None:
    with register.database.write() as session:
        row = session.get_one(PupilRow, ("oak-lane", "P1"))
        row.upn, row.admission_number = upn(1), "0001"
        refresh_bundle(session, "oak-lane")
    refused = assign(kiosk, card_hash(KEY, number), "P3", member, instead_of=instead_of)
    assert refused.status_code == 409
    assert "UPN or admission number, which cannot be assigned" in refused.json()["detail"]
    assert index_of(kiosk)[card_hash(KEY, number)] == "P1"
    assert audited(register) == []
    assert assign(kiosk, NEW, "P3", member).status_code == 200


def test_the_number_of_a_pupil_who_has_left_is_free(register: Running, kiosk: Kiosk, member: str) -> None:
    with register.database.write() as session:
        row = session.get_one(PupilRow, ("oak-lane", "P1"))
        row.admission_number, row.left_on = "0001", date(2026, 11, 20)
        refresh_bundle(session, "oak-lane")
    assert assign(kiosk, card_hash(KEY, "admission:0001"), "P3", member).status_code == 200


def test_a_number_of_two_pupils_finds_neither(database: Database) -> None:
    cards = numbered(database, P1=(upn(1), "0001"), P2=(upn(1), "0001"), P3=(upn(1), None))
    assert sorted(cards.values()) == ["P1", "P2"], "their real cards alone"


def test_a_real_card_takes_precedence_over_a_number_of_the_same_hash(database: Database) -> None:
    with database.write() as session:
        load_school(session, school_record(cards={card_hash(KEY, "admission:0001"): "P2"}))
        session.get_one(PupilRow, ("oak-lane", "P1")).admission_number = "0001"
        refresh_bundle(session, "oak-lane")
        assert bundle(session, "oak-lane").cards.pupils == {card_hash(KEY, "admission:0001"): "P2"}


def test_the_bundle_has_no_pupil_who_has_left(database: Database) -> None:
    with database.write() as session:
        load_school(session, school_record())
        for pupil in ("P1", "P4"):
            session.get_one(PupilRow, ("oak-lane", pupil)).left_on = date(2026, 11, 20)
        session.get_one(PupilRow, ("oak-lane", "P1")).admission_number = "0001"
        refresh_bundle(session, "oak-lane")
        content = bundle(session, "oak-lane")
        assert content.version == session.get_one(SchoolRow, "oak-lane").bundle_version
    assert (content.cards.pupils, content.contacts, content.appointments) == ({LEOS: "P2"}, [], [])


def test_loading_a_school_again_keeps_numbers_and_who_has_left(database: Database) -> None:
    with database.write() as session:
        load_school(session, school_record())
        row = session.get_one(PupilRow, ("oak-lane", "P1"))
        row.upn, row.admission_number, row.left_on = upn(1), "0001", date(2026, 11, 20)
    with database.write() as session:
        load_school(session, school_record(pupils=school_record().pupils[1:], cards={}, contacts=[]))
        load_school(session, school_record(pupils=school_record().pupils[:3], appointments=[]))
        row = session.get_one(PupilRow, ("oak-lane", "P1"))
        assert (row.upn, row.admission_number, row.left_on) == (upn(1), "0001", date(2026, 11, 20))
        assert list(session.scalars(select(PupilRow.id).order_by(PupilRow.id))) == ["P1", "P2", "P3"]
        assert set(session.scalars(select(CardRow.pupil))) == {"P1", "P2"}
