"""A reader whose frames are spoilt: pupil, log and office learn of it, and the next good card is read."""

from pathlib import Path

import pytest

from hardware.readers.simulation import ReaderFault
from tests.e2e.hand import hand
from tests.e2e.running import until


@pytest.mark.timeout(300)
def test_a_card_that_cannot_be_read_is_told_to_pupil_log_and_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand(tmp_path, monkeypatch, (800, 480)) as walking:
        running = walking.running
        running.reader.switch(ReaderFault.BAD_CHECKSUM, on=True)
        for times in (1, 2):
            running.tap("Amelia")
            running.screen("problem", times=times)
            walking.wait_for_text("This card could not be read")
            walking.touch("OK")
            running.screen("home", times=times + 1)
        running.kiosk.wait_for("state=babbling")
        log = "\n".join(running.kiosk.lines())
        assert log.count("reader.unread") == 1
        assert "frames with a wrong checksum" in log
        card = running.school.card_of(running.pupil_id("Amelia")).removeprefix("em4100:")
        assert card not in log
        assert until(lambda: "babbling" in running.reader_states())
        running.reader.switch(ReaderFault.BAD_CHECKSUM, on=False)
        running.tap("Amelia")
        running.screen("reason")
        assert until(lambda: "ready" in running.reader_states())
