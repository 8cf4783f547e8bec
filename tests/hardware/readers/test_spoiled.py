"""Reports of unusable frames, at most once a minute."""

from hardware.readers.drivers.rdm6300 import Rdm6300
from hardware.readers.spoiled import SpoiledCount, SpoiledFrames


def test_new_counts_are_reported_once_a_minute() -> None:
    parser = Rdm6300()
    spoiled = SpoiledFrames(parser)
    assert spoiled.report_due(0.0) is None
    parser.bad_checksum = 1
    assert spoiled.report_due(1.0) == SpoiledCount(1, 0)
    parser.bad_checksum, parser.malformed = 30, 2
    assert spoiled.report_due(60.9) is None
    assert spoiled.report_due(61.0) == SpoiledCount(29, 2)
    assert spoiled.report_due(200.0) is None


def test_a_partial_frame_from_unplugging_is_not_reported() -> None:
    parser = Rdm6300()
    parser.malformed = 1
    assert SpoiledFrames(parser).report_due(0.0) is None


def test_a_parser_without_counts_is_never_reported() -> None:
    assert SpoiledFrames(object()).report_due(0.0) is None
