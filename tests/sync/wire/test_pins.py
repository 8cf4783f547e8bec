"""A typed PIN, compared with the hashes of everyone who holds one."""

import pytest
from argon2 import PasswordHasher, low_level

from sync.wire.pins import TypedPin, salt_of

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SALT = b"of the school 16"


def test_a_pin_is_of_its_own_hash_alone() -> None:
    hashes = [CHEAP.hash(pin, salt=SALT) for pin in ("246813", "830512", "915273")]
    assert [TypedPin("830512").is_of(each) for each in hashes] == [False, True, False]
    assert {salt_of(each) for each in hashes} == {SALT}


def test_one_computation_serves_all_who_share_a_salt_and_each_other_salt_takes_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashes = [CHEAP.hash(f"{100000 + number}", salt=SALT) for number in range(30)]
    earlier = [
        PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(pin) for pin in ("2468", "9152")
    ]
    computed = []
    compute = low_level.hash_secret_raw

    def counted(*args: object, **kwargs: object) -> bytes:
        computed.append(1)
        return compute(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are

    monkeypatch.setattr(low_level, "hash_secret_raw", counted)
    typed = TypedPin("9152")
    assert [typed.is_of(each) for each in (*hashes, *earlier)] == [False] * 31 + [True]
    assert len(computed) == 3


@pytest.mark.parametrize("stored", ["", "$", "plain", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA", "$scrypt$a$b$c"])
def test_a_hash_of_an_unknown_form_is_an_error_and_no_match(stored: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  argon2's own has no text
        TypedPin("246813").is_of(stored)
