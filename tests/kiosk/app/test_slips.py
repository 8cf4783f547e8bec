"""Slips, from a sign-in at the kiosk to the bytes that a printer receives."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest
from structlog.testing import capture_logs
from uuid6 import uuid7

from attendance.reasons import Reason
from hardware.printers.connection import Connection, serial_printer
from hardware.printers.printer import Printer
from hardware.printers.slip import Paper, Slip
from kiosk.app.slips import SlipPrinter, Slips, font_files, list_slip, slips_of
from kiosk.screens.samples import arriving, bringing, leaving, staff
from kiosk.screens.samples.common import FOUND
from kiosk.screens.wording import translate
from kiosk.settings import PrinterSection
from kiosk.views import DoneView, LeftView, PresenceView, Progress, SavingView
from kiosk.views.touches import ChooseReason, Finish
from tests.hardware.printers.printer_bench import READY, NetworkPrinter, SerialPrinter
from tests.hardware.readers.reader_bench import wait_for
from tests.kiosk.reception import bundle, pupil, reception

CUT = b"\x1dV\x01"
ONE, OTHER = uuid7(), uuid7()


def done(**more: object) -> DoneView:
    return replace(arriving.done("09:07", arriving.decision_at("09:07")), **more)  # type: ignore[arg-type]


def test_a_slip_shows_what_the_screen_shows_and_no_more_of_the_pupil() -> None:
    (slip,) = slips_of(done(reason=Reason.TRAFFIC), "en")
    assert (slip.name, slip.form) == (FOUND[0].name, FOUND[0].form)
    assert slip.when == "09:07, Tuesday 24 November 2026"
    assert slip.words == "Late, before the register closed at 09:15"
    assert slip.reason == "Traffic"
    assert slip.entry_id == str(done().entry)


def test_each_child_of_an_adult_has_a_slip_of_their_own_and_one_who_was_in_before_has_none() -> None:
    entries = [uuid7(), uuid7(), uuid7()]
    family = [done(entry=entry, pupil=pupil) for entry, pupil in zip(entries, FOUND, strict=True)]
    arrivals = (replace(family[0], already=True), *family[1:])
    slips = slips_of(replace(bringing.brought(FOUND[0]), arrivals=arrivals), "en")
    assert [(slip.name, slip.entry_id) for slip in slips] == [
        (FOUND[1].name, str(entries[1])),
        (FOUND[2].name, str(entries[2])),
    ]


def test_a_slip_has_no_time_when_the_clock_is_not_trusted() -> None:
    (slip,) = slips_of(done(clock_trusted=False), "en")
    assert slip.when == ""
    assert slip.words == "The office will confirm your time"


def test_a_repeated_or_unsaved_sign_in_has_no_slip() -> None:
    assert slips_of(done(already=True), "en") == ()
    assert slips_of(SavingView(FOUND[0]), "en") == ()


def test_every_pupil_who_leaves_has_a_slip() -> None:
    view: LeftView = replace(leaving.left(*FOUND[:2]), entries=(ONE, OTHER))
    first, second = slips_of(view, "en")
    assert (first.entry_id, second.entry_id) == (str(ONE), str(OTHER))
    assert (first.name, second.name) == (FOUND[0].name, FOUND[1].name)
    assert first.when.startswith("10:40, Tuesday")
    assert (first.words, first.reason) == ("Signed out", "Back at about 11:30")
    assert slips_of(leaving.left(FOUND[0], back_at=None), "en")[0].reason == "Not back today"
    dentist = replace(leaving.left(FOUND[0]), reason=Reason.MEDICAL)
    assert slips_of(dentist, "en")[0].reason == "Medical appointment · Back at about 11:30"


def test_a_slip_is_in_the_schools_language_and_the_screen_stays_in_the_pupils(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(translate, "translate_to", lambda tag, text: f"{tag}:{text}")
    translate.use("ur")
    try:
        (slip,) = slips_of(done(reason=Reason.TRAFFIC), "pl")
        assert translate.current_language() == "ur"
    finally:
        translate.use("en")
    assert slip.reason == "pl:Traffic"


def test_an_entry_is_printed_once_whatever_its_progress() -> None:
    printed: list[Slip] = []
    slips = Slips(printed.append)
    for progress in Progress:
        slips.print_for(done(progress=progress), "en")
    assert len(printed) == 1


def test_without_a_printer_nothing_happens() -> None:
    none = SlipPrinter(PrinterSection(), lambda: None, time.monotonic)
    none.start()
    none.print_for(done(), "en")
    none.stop()
    assert none.state is None


def test_a_slip_that_cannot_be_made_is_logged_and_skipped() -> None:
    printer = SlipPrinter(PrinterSection(port="net:127.0.0.1:1"), lambda: None, time.monotonic)
    no_slip = replace(leaving.left(*FOUND[:2]), entries=())
    with capture_logs() as logs:
        printer.print_for(no_slip, "en")
    assert [entry["event"] for entry in logs] == ["slip.failed"]


def test_a_change_of_the_printers_state_is_reported() -> None:
    with closing(NetworkPrinter()) as network:
        changed = threading.Event()
        printer = SlipPrinter(
            PrinterSection(port=f"net:127.0.0.1:{network.port}", paper=58), changed.set, time.monotonic
        )
        assert printer.state == "absent", "until the first status query"
        network.answers = {1: 0x1A, 2: 0x16, 4: 0x12}
        printer.start()
        assert changed.wait(60)
        assert printer.state == "cover_open"
        network.answers = dict(READY)
        printer.print_for(done(), "en")
        printer.print_for(done(progress=Progress.SENT), "en")
        wait_for(lambda: FOUND[0].name.encode() in network.printed, "the slip")
        printer.stop()
    assert printer.state == "ready"
    assert network.printed.count(FOUND[0].name.encode()) == 1


def test_making_slips_imports_no_window() -> None:
    program = "import sys, kiosk.app.slips; kiosk.app.slips.font_files(); sys.exit('kivy' in sys.modules)"
    assert run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_fonts_exist() -> None:
    assert len(font_files()) == 3
    assert all(font.is_file() for font in font_files())


@pytest.fixture
def paper() -> Iterator[SerialPrinter]:
    printer = SerialPrinter()
    yield printer
    printer.close()


def printer_of(connection: Connection) -> Printer:
    return Printer(
        connection,
        Paper.MM_80,
        on_state=lambda _state, _detail: None,
        monotonic=time.monotonic,
        fonts=font_files(),
        look=0.02,
    )


@pytest.mark.parametrize(("first", "pictures"), [("Amelie", 1), ("Łukasz", 2), ("ਗੁਰਪ੍ਰੀਤ", 2)])
def test_a_card_tap_is_printed_after_the_commit_and_not_before(
    tmp_path: Path, paper: SerialPrinter, first: str, pictures: int
) -> None:
    printer, printed = printer_of(serial_printer(paper.path)), []

    def hand_over(slip: Slip) -> None:
        printed.append(slip)
        printer.print(slip)

    slips = Slips(hand_over)
    printer.start()
    with reception(tmp_path, school=bundle(pupils=(pupil("P1", first, "Ross"),))) as desk:
        desk.tap("P1")
        desk.journey.handle(ChooseReason(Reason.PUBLIC_TRANSPORT))
        for frame in desk.frames:
            slips.print_for(frame.view, "en")
        assert printed == [], "the disk has not answered yet"
        desk.settle()
        for frame in desk.frames:
            slips.print_for(frame.view, "en")
        wait_for(lambda: paper.printed.endswith(CUT), "a whole slip")
        printer.stop()
        (entry,) = desk.entries()
    assert [slip.entry_id for slip in printed] == [str(entry.id)]
    assert (b"Amelie R." in paper.printed) == (pictures == 1), (
        "besides the QR code, only text beyond ASCII is a picture"
    )
    assert b"09:07, Tuesday 24 November 2026" in paper.printed
    assert b"Late, before" in paper.printed
    assert b"Bus or train was late" in paper.printed
    assert paper.printed.count(b"\x1dv0") == pictures


class HangingPrinter(Connection):
    """A printer that never answers."""

    def __init__(self) -> None:
        super().__init__(lambda: None, "hangs", keeps_open=True)  # never made
        self.queried, self.go_on = threading.Event(), threading.Event()

    def status(self) -> dict[int, int]:
        self.queried.set()
        self.go_on.wait(60)
        return {}


def sign_in_seconds(folder: Path, slips: Slips) -> float:
    """The longest wait of any pupil, from the tap to the result on the screen, in seconds."""
    folder.mkdir()
    longest = 0.0
    with reception(folder) as desk:
        for who in ("P1", "P2", "P3", "P4"):
            begin = time.perf_counter()
            desk.tap(who)
            desk.journey.handle(ChooseReason(Reason.TRAFFIC))
            desk.settle()
            slips.print_for(desk.journey.view, "en")
            longest = max(longest, time.perf_counter() - begin)
            assert isinstance(desk.journey.view, DoneView)
            desk.journey.handle(Finish())
    return longest


def test_a_hanging_printer_delays_no_pupil(tmp_path: Path) -> None:
    without = sign_in_seconds(tmp_path / "without", Slips(lambda _slip: None))
    hangs = HangingPrinter()
    printer = printer_of(hangs)
    printer.start()
    assert hangs.queried.wait(60)
    try:
        hanging = sign_in_seconds(tmp_path / "hanging", Slips(printer.print))
    finally:
        hangs.go_on.set()
        printer.stop()
    # A busy disk costs tens of milliseconds, a wait for the printer seconds.
    assert hanging < without + 1.0


def test_the_list_of_who_is_on_site_says_whose_it_is() -> None:
    view = staff.frames()["presence-register"].view
    assert isinstance(view, PresenceView)
    slip = list_slip(view, "en")
    assert (slip.name, slip.words) == (
        "Who is on site",
        "The register’s list at 10:14. All others: see the class registers.",
    )
    assert (slip.when, slip.entry_id) == ("10:14, Tuesday 24 November 2026", "")
    first = view.inside[0]
    assert slip.lines[:2] == ("4 signed in", f"08:20 {first.pupil.name} {first.pupil.form}")
    assert any(line.startswith("08:58 · check ") for line in slip.lines)
    assert "2 signed out" in slip.lines
