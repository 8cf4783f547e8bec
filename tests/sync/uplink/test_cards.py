"""Cards assigned and revoked at a kiosk, against the register itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.register.storage.models import KioskStaffRow
from sync.uplink.cards import assign, revoke
from sync.uplink.errors import CardError, CardTakenError
from sync.uplink.http import RegisterClient
from sync.wire import CardAssignment, CardRevocation
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, Running, running

NEW, AMELIAS = "cd" * 32, "aa" * 32


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as register:
        with register.database.write() as session:
            session.add(
                KioskStaffRow(
                    school_id="oak-lane", id="S1", name="R. Desk", position="Receptionist", pin_hash="x"
                )
            )
        yield register


@pytest.fixture
def at(register: Running) -> tuple[RegisterClient, str]:
    return RegisterClient(register.url), register.enrol().token


def test_a_card_is_assigned_to_a_pupil_and_all_are_revoked(at: tuple[RegisterClient, str]) -> None:
    assigned = assign(*at, NEW, CardAssignment(pupil="P3", by="S1"))
    assert assigned.cards == 1
    revoked = revoke(*at, "P3", CardRevocation(by="S1"))
    assert revoked.cards == 0
    assert revoked.bundle_version != assigned.bundle_version


def test_another_pupils_card_is_refused_unless_the_request_names_that_pupil(
    at: tuple[RegisterClient, str],
) -> None:
    with pytest.raises(CardTakenError):
        assign(*at, AMELIAS, CardAssignment(pupil="P3", by="S1"))
    assert assign(*at, AMELIAS, CardAssignment(pupil="P3", by="S1", instead_of="P1")).cards == 1


@pytest.mark.parametrize("pupil", ["P999", "no/such one"])
def test_a_pupil_who_is_not_on_roll_is_reported_in_a_sentence(
    at: tuple[RegisterClient, str], pupil: str
) -> None:
    with pytest.raises(CardError, match="no such pupil"):
        revoke(*at, pupil, CardRevocation(by="S1"))


def test_a_member_of_staff_without_a_pin_is_refused_in_a_sentence(at: tuple[RegisterClient, str]) -> None:
    with pytest.raises(CardError) as error:
        assign(*at, NEW, CardAssignment(pupil="P3", by="nobody"))
    assert str(error.value).endswith(".")


def test_an_unknown_kiosk_and_an_unreachable_register_are_reported_in_a_sentence(register: Running) -> None:
    with pytest.raises(CardError, match="does not know this kiosk"):
        revoke(RegisterClient(register.url), "wrong", "P1", CardRevocation(by="S1"))
    with pytest.raises(CardError, match="cannot be reached, so nothing was changed"):
        revoke(RegisterClient(f"http://127.0.0.1:{free_port()}"), "t", "P1", CardRevocation(by="S1"))
