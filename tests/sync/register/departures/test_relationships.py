"""A kiosk's six answers against the words of a school's records."""

import pytest

from sync.register.departures.relationships import fits


@pytest.mark.parametrize(
    ("stated", "listed"),
    [
        ("mother", "Mother"),
        ("mother", "Mum"),
        ("mother", "step-mother"),
        ("mother", "stepmother"),
        ("mother", "Foster mother"),
        ("mother", "Parent/Carer"),
        ("father", "Dad"),
        ("father", "parent"),
        ("father", "Mother and father"),
        ("carer", "Parent/Carer"),
        ("carer", "foster carer"),
        ("carer", "Legal guardian"),
        ("grandparent", "Gran"),
        ("grandparent", "great-grandmother"),
        ("sibling", "older brother"),
        ("sibling", "Half-sister"),
        ("other", "aunt"),
        ("other", "Family friend"),
        ("other", "Mother's partner"),
        ("aunt", "Aunt"),
        ("aunt", "other"),
        (None, "mother"),
        ("", "mother"),
        ("father", ""),
        ("father", " - "),
    ],
)
def test_these_agree(stated: str | None, listed: str) -> None:
    assert fits(stated, listed)


@pytest.mark.parametrize(
    ("stated", "listed"),
    [
        ("father", "mother"),
        ("mother", "Dad"),
        ("mother", "grandmother"),
        ("mother", "other"),
        ("mother", "Mother's partner"),
        ("mother", "aunt"),
        ("carer", "mother"),
        ("grandparent", "mother"),
        ("sibling", "cousin"),
        ("other", "mother"),
        ("other", "Parent/Carer"),
        ("aunt", "uncle"),
        ("aunt", "mother"),
    ],
)
def test_these_differ(stated: str, listed: str) -> None:
    assert not fits(stated, listed)
