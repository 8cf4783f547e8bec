"""The reasons that a policy may offer."""

from attendance.reasons import REASON_LABEL, Reason


def test_every_reason_has_a_label_of_its_own() -> None:
    assert set(REASON_LABEL) == set(Reason)
    assert len(set(REASON_LABEL.values())) == len(Reason)
