import pytest

from kiosk.journal.seals import is_intact, repaired, seal

BODY = '{"pupil":"P1","note":"Zoë"}' * 40


def test_a_seal_depends_on_the_values_and_on_the_journal() -> None:
    sealed = seal(17, "a", "b")
    assert is_intact(sealed, 17, "a", "b")
    assert not is_intact(sealed, 17, "ab", "")
    assert not is_intact(sealed, 17, "a", "c")
    assert not is_intact(sealed, 18, "a", "b")


def test_every_flipped_bit_of_a_text_is_noticed_and_turned_back() -> None:
    data = BODY.encode()
    sealed = seal(17, data)
    for number in range(0, len(data) * 8, 97):
        flipped = bytearray(data)
        flipped[number // 8] ^= 1 << number % 8
        assert not is_intact(sealed, 17, bytes(flipped))
        assert repaired(bytes(flipped), sealed, 17) == data


@pytest.mark.parametrize("bit", range(32))
def test_a_flipped_bit_of_the_seal_itself_is_none_of_the_text(bit: int) -> None:
    assert is_intact(seal(17, BODY) ^ 1 << bit, 17, BODY)


def test_text_that_was_hit_twice_is_not_mended() -> None:
    data = BODY.encode()
    assert repaired(data.replace(b"P1", b"Q9", 1), seal(17, data), 17) is None


def test_a_row_of_another_version_has_no_seal() -> None:
    assert is_intact(None, 17, BODY)
