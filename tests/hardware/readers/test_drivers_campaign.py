from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hardware.readers.campaign import KINDS, run


@pytest.mark.parametrize("name", list(KINDS))
@given(seed=st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_in_noise_every_true_card_is_found_and_none_is_made_up(name: str, seed: int) -> None:
    """The long run of the same is `python -m tests.hardware.readers.campaign`."""
    assert run(name, 10_000, Random(seed)).true >= 1  # noqa: S311 - noise, not a secret
