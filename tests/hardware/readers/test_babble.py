from hardware.readers.babble import Babble


def test_many_bytes_without_a_frame_are_babble() -> None:
    babble = Babble(limit=100)
    assert [babble.add(50, frame=False, at=0.0) for _ in range(3)] == [False, False, True]


def test_a_frame_ends_the_babble() -> None:
    babble = Babble(limit=100)
    assert babble.add(101, frame=False, at=0.0)
    assert not babble.add(14, frame=True, at=0.1)
    assert not babble.add(100, frame=False, at=0.2)


def test_silence_ends_the_babble() -> None:
    babble = Babble(limit=100, quiet=5.0)
    babble.add(101, frame=False, at=0.0)
    assert babble.is_babbling(at=4.9)
    assert not babble.is_babbling(at=5.0)


def test_a_stray_byte_now_and_then_is_no_babble() -> None:
    babble = Babble(limit=100, quiet=5.0)
    assert not any(babble.add(1, frame=False, at=second * 6.0) for second in range(1000))
