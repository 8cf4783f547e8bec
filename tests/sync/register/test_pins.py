"""Drawing PINs: six digits that no other holder has, and one salt for a school."""

import secrets

import pytest
from argon2 import PasswordHasher

from sync.register import pins
from sync.register.actor import Actor
from sync.register.errors import PinError
from sync.register.pins import DIGITS, draw_pin, is_easy
from sync.register.schools.schools import bundle, load_school
from sync.register.storage.database import Database
from sync.register.storage.models import KioskStaffRow
from sync.wire.pins import TypedPin, salt_of
from tests.sync.register.support import Clock, school_record

HEAD = Actor("head", "P. Head", "oak-lane", address="test")


@pytest.mark.parametrize("pin", ["246813", "830512", "119988", "902106", "123457"])
def test_other_pins_are_drawn(pin: str) -> None:
    assert not is_easy(pin)


@pytest.mark.parametrize(
    "pin", ["000000", "777777", "123456", "789012", "987654", "121212", "123123", "210987", "454545"]
)
def test_a_pin_that_is_easily_guessed_is_not_drawn(pin: str) -> None:
    assert is_easy(pin)


def test_a_drawn_pin_is_never_an_easy_one(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = iter("123456" + "111111" + "830512")
    monkeypatch.setattr(secrets, "randbelow", lambda _: int(next(digits)))
    assert draw_pin() == "830512"


@pytest.fixture
def school(database: Database) -> Database:
    with database.write() as session:
        load_school(session, school_record())
    return database


def give(database: Database, clock: Clock, name: str, *drawn: str) -> str:
    left = iter(drawn)
    draw = (lambda: next(left)) if drawn else draw_pin
    return pins.give(
        database, HEAD, school="oak-lane", name=name, position="Receptionist", now=clock(), draw=draw
    )


def stored(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {member.name: member.pin for member in bundle(session, "oak-lane").staff}


def test_two_holders_never_have_the_same_pin(school: Database, clock: Clock) -> None:
    assert give(school, clock, "R. Front", "830512") == "830512"
    assert give(school, clock, "T. Other", "830512", "915273") == "915273"


def test_all_pins_of_a_school_have_one_salt(school: Database, clock: Clock) -> None:
    given = {name: give(school, clock, name) for name in ("R. Front", "T. Other", "M. Third")}
    hashes = stored(school)
    assert len({salt_of(each) for each in hashes.values()}) == 1
    assert len(set(hashes.values())) == 3
    for name, pin in given.items():
        assert len(pin) == DIGITS
        assert [who for who, each in hashes.items() if TypedPin(pin).is_of(each)] == [name]


def of_an_earlier_version(database: Database, name: str, pin: str) -> str:
    """Store a PIN of four digits, as an earlier version hashed it; its id."""
    earlier = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(pin)
    row_id = secrets.token_hex(8)
    with database.write() as session:
        session.add(
            KioskStaffRow(school_id="oak-lane", id=row_id, name=name, position="Cook", pin_hash=earlier)
        )
    return row_id


def test_a_pin_of_an_earlier_version_works_until_another_is_drawn(school: Database, clock: Clock) -> None:
    give(school, clock, "R. Front")
    ids = [of_an_earlier_version(school, name, pin) for name, pin in (("A. Old", "2468"), ("B. Old", "9152"))]
    assert TypedPin("2468").is_of(stored(school)["A. Old"])
    with school.read() as session:
        assert [each.is_earlier for each in pins.holders(session, "oak-lane")] == [True, True, False]
    drawn = pins.draw_again(school, HEAD, school="oak-lane", holder_ids=ids, now=clock())
    assert [each.name for each in drawn] == ["A. Old", "B. Old"]
    hashes = stored(school)
    assert len({salt_of(each) for each in hashes.values()}) == 1
    for each in drawn:
        assert TypedPin(each.pin).is_of(hashes[each.name])
    assert not TypedPin("2468").is_of(hashes["A. Old"])
    with school.read() as session:
        assert not any(each.is_earlier for each in pins.holders(session, "oak-lane"))


def test_new_pins_are_drawn_for_all_or_for_none(school: Database, clock: Clock) -> None:
    give(school, clock, "R. Front")
    with school.read() as session:
        [front] = pins.holders(session, "oak-lane")
    before = stored(school)
    with pytest.raises(PinError, match="has ended or is not of this school"):
        pins.draw_again(school, HEAD, school="oak-lane", holder_ids=[front.id, "another"], now=clock())
    assert stored(school) == before
