"""Each sign-in reaches the register once and with the right time, whatever fails on the way."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from demo.programs import database_url
from sync.register.storage.models import EntryRow
from tests.e2e.proxy import losing_proxy
from tests.e2e.running import Product, product, until

FIRST_REASON = (0.37, 0.315)
"""The centre of “Overslept”, the first tile of the reason screen, at 1280×800."""


def choose_overslept(running: Product, count: int) -> None:
    """Choose “Overslept” on the `count`-th reason screen and wait until the kiosk shows “done”."""
    running.screen("reason", times=count)
    running.touch(*FIRST_REASON)
    running.screen("done", times=count)
    assert len(running.commits(count)) == count


def test_a_tapped_card_becomes_a_mark_and_no_log_names_the_pupil(tmp_path: Path) -> None:
    with product(tmp_path, at="09:07") as running:
        pupil = running.pupil_id("Amelia")
        running.tap("Amelia")
        choose_overslept(running, 1)
        mark = until(lambda: running.marks().get(pupil))
        assert (mark.code, mark.session, mark.minutes_late) == ("L", "AM", 22)
        running.kiosk.wait_for("entry.settled")
        log = "\n".join(running.kiosk.lines() + running.register.lines())
        card = running.school.card_of(pupil).removeprefix("em4100:")
        token = (tmp_path / "kiosk" / "token").read_text().strip()
        for secret in ("Amelia", "Kowalska", card, str(int(card, 16)), token, running.access.password):
            assert secret not in log
        for event in ("entry.committed id=", "entry.sent", "entry.settled", "reader.state", "uplink.state"):
            assert re.search(re.escape(event), log), event
        assert re.search(r"entry\.settled id=\S+ status=accepted", log)


@pytest.mark.slow  # the quick form: in the office's day, two taps at 09:51 become U with their minutes
def test_a_tap_after_registers_close_becomes_u(tmp_path: Path) -> None:
    with product(tmp_path, at="09:31") as running:
        pupil = running.pupil_id("Amelia")
        running.tap("Amelia")
        choose_overslept(running, 1)
        mark = until(lambda: running.marks().get(pupil))
        assert (mark.code, mark.minutes_late) == ("U", 46)


def test_taps_while_the_register_is_down_arrive_once_with_their_times_also_from_a_killed_kiosk(
    tmp_path: Path,
) -> None:
    with product(tmp_path) as running:
        running.register.stop()
        names = ["Amelia Kowalska", "Amelie", "Amelia-Rose"]
        tap_times = []
        for count, name in enumerate(names, start=1):
            tap_times.append(running.tap(name))
            choose_overslept(running, count)
        running.kiosk.kill()  # right after the third “done”
        before, register_before = len(running.kiosk.lines()), len(running.register.lines())
        running.register.start()
        running.register.wait_for("register.listening", after=register_before)
        running.kiosk.start()
        running.kiosk.wait_for("entry.settled", after=before)
        entries = three_entries(running)
        assert [entry.seq for entry in entries] == [1, 2, 3]
        assert [entry.pupil for entry in entries] == [running.pupil_id(name) for name in names]
        # The demo clock runs at a fixed offset from the real one, the same for every tap.
        offset = entries[0].at - tap_times[0]
        for entry, at in zip(entries, tap_times, strict=True):
            assert abs(entry.at - at - offset) < timedelta(seconds=0.5)
        assert set(running.marks()) == {running.pupil_id(name) for name in names}
        assert {mark.code for mark in running.marks().values()} == {"L"}


def three_entries(running: Product) -> list[EntryRow]:
    """The register's entries, once there are three."""
    until(lambda: len(running.entries()) == 3, seconds=90)
    return running.entries()


def test_taps_that_nobody_answered_become_arrivals_when_the_kiosk_has_died(tmp_path: Path) -> None:
    with product(tmp_path) as running:
        names = ["Amelia Kowalska", "Amelie", "Amelia-Rose"]
        tap_times = []
        for waiting, name in enumerate(names):
            tap_times.append(running.tap(name))
            until(lambda: len(running.taps_on_disk()) == waiting + 1)  # noqa: B023  called before the next round
        running.screen("reason")
        running.kiosk.kill()
        before = len(running.kiosk.lines())
        running.kiosk.start()
        running.kiosk.wait_for("entry.settled", after=before)
        entries = three_entries(running)
        assert {entry.pupil for entry in entries} == {running.pupil_id(name) for name in names}
        offset = entries[0].at - tap_times[0]
        for entry, at in zip(sorted(entries, key=lambda each: each.at), tap_times, strict=True):
            assert abs(entry.at - at - offset) < timedelta(seconds=0.5)
            assert entry.reason is None
        running.kiosk.kill()
        before = len(running.kiosk.lines())
        running.kiosk.start()
        running.kiosk.wait_for("kiosk.ready", after=before)
        assert running.taps_on_disk() == []
        assert len(running.entries()) == len(names)


def test_an_answer_lost_after_the_commit_makes_no_second_mark(tmp_path: Path) -> None:
    with losing_proxy() as proxy, product(tmp_path, through=proxy.between) as running:
        proxy.answers_to_lose = 2
        running.tap("Amelia")
        choose_overslept(running, 1)
        settled = running.kiosk.wait_for("entry.settled")
        assert [status for _, status in proxy.lost] == [200, 200]
        assert "status=duplicate" in settled
        [entry] = running.entries()
        assert json.loads(entry.raw)["pupil"] == running.pupil_id("Amelia")
        assert len(running.marks()) == 1


def test_the_kiosk_sends_again_what_a_restored_register_has_lost(tmp_path: Path) -> None:
    with product(tmp_path) as running:
        for count, name in enumerate(["Amelia Kowalska", "Amelie", "Amelia-Rose"], start=1):
            running.tap(name)
            choose_overslept(running, count)
            until(lambda: len(running.entries()) == count)  # noqa: B023  called before the next round
            if count == 1:
                last_night = tmp_path / "last-night.backup"
                operate(running, "backup", last_night)
        before = running.entries()
        running.register.stop()
        operate(running, "restore", last_night, "--force")
        assert len(running.entries()) == 1
        running.register.start()
        after = three_entries(running)
        assert [(each.id, each.at, each.code) for each in after] == [
            (each.id, each.at, each.code) for each in before
        ]
        assert set(running.marks()) == {each.pupil for each in before}


def operate(running: Product, *arguments: str | Path) -> None:
    """Run `latebook register …` on the product's own database."""
    subprocess.run(
        [sys.executable, "-m", "kiosk.entry", "register", *map(str, arguments)],
        env={**os.environ, "LATEBOOK_DATABASE_URL": database_url(running.folder)},
        check=True,
    )
