"""Cards given out and taken back at a kiosk, against the register itself."""

import pytest

from sync.register.storage.models import KioskStaffRow
from sync.uplink.cards import assign, revoke
from sync.uplink.errors import CardError, CardTakenError
from sync.uplink.http import RegisterClient
from sync.wire import CardAssignment, CardRevocation
from tests.sync.register.server.test_server import free_port
from tests.sync.register.support import Clock, running

NEW, AMELIAS = "cd" * 32, "aa" * 32


@pytest.fixture
def register(tmp_path):
    with running(f"sqlite:///{tmp_path / 'register.db'}", Clock()) as it:
        with it.database.write() as session:
            session.add(
                KioskStaffRow(
                    school_id="oak-lane", id="S1", name="R. Desk", position="Receptionist", pin_hash="x"
                )
            )
        yield it


@pytest.fixture
def at(register):
    return RegisterClient(register.url), register.enrol().token


def test_a_card_is_given_to_a_pupil_and_all_are_taken_back(at):
    given = assign(*at, NEW, CardAssignment(pupil="P3", by="S1"))
    assert given.cards == 1
    taken = revoke(*at, "P3", CardRevocation(by="S1"))
    assert taken.cards == 0
    assert taken.bundle_version != given.bundle_version


def test_somebody_elses_card_is_told_apart_and_taken_where_that_is_meant(at):
    with pytest.raises(CardTakenError):
        assign(*at, AMELIAS, CardAssignment(pupil="P3", by="S1"))
    assert assign(*at, AMELIAS, CardAssignment(pupil="P3", by="S1", instead_of="P1")).cards == 1


@pytest.mark.parametrize("pupil", ["P999", "no/such one"])
def test_a_pupil_who_is_not_on_the_roll_is_a_sentence(at, pupil):
    with pytest.raises(CardError, match="no such pupil"):
        revoke(*at, pupil, CardRevocation(by="S1"))


def test_somebody_who_may_not_is_told_so(at):
    with pytest.raises(CardError) as said:
        assign(*at, NEW, CardAssignment(pupil="P3", by="nobody"))
    assert str(said.value).endswith(".")


def test_a_kiosk_that_is_not_known_and_a_register_that_is_not_there_are_sentences(register):
    with pytest.raises(CardError, match="does not know this kiosk"):
        revoke(RegisterClient(register.url), "wrong", "P1", CardRevocation(by="S1"))
    with pytest.raises(CardError, match="cannot be reached, so nothing was changed"):
        revoke(RegisterClient(f"http://127.0.0.1:{free_port()}"), "t", "P1", CardRevocation(by="S1"))
