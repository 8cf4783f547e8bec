"""Frames that could not be used, told no more often than once a minute."""

from hardware.readers.drivers.rdm6300 import Rdm6300
from hardware.readers.spoiled import SpoiledCount, SpoiledFrames


def test_what_came_since_is_told_once_a_minute() -> None:
    parser = Rdm6300()
    spoiled = SpoiledFrames(parser)
    assert spoiled.report_due(0.0) is None
    parser.bad_checksum = 1
    assert spoiled.report_due(1.0) == SpoiledCount(1, 0)
    parser.bad_checksum, parser.malformed = 30, 2
    assert spoiled.report_due(60.9) is None
    assert spoiled.report_due(61.0) == SpoiledCount(29, 2)
    assert spoiled.report_due(200.0) is None


def test_half_a_frame_at_an_unplugging_is_no_news() -> None:
    parser = Rdm6300()
    parser.malformed = 1
    assert SpoiledFrames(parser).report_due(0.0) is None


def test_a_parser_that_counts_nothing_has_nothing_to_tell() -> None:
    assert SpoiledFrames(object()).report_due(0.0) is None
