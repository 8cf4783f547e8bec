"""Slips: the result on the screen, printed for the pupil to show to a teacher or at the gate.

A slip may be lost, so it names the pupil only as the screen does, by first name and initial. It is made from
a view that exists only after the commit, so nothing unsaved is printed.
"""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from hardware.printers.slip import Paper, Slip
from hardware.states import PrinterState
from kiosk.screens import fonts
from kiosk.screens.wording import translate
from kiosk.screens.wording.common import clock, day, reason
from kiosk.screens.wording.done import outcome_text
from kiosk.screens.wording.leaving import back
from kiosk.screens.wording.sentence import plain
from kiosk.screens.wording.staff import inside, outside, presence_time, source_text
from kiosk.screens.wording.translate import _
from kiosk.settings import PrinterSection
from kiosk.views import (
    BroughtView,
    DoneView,
    LeftView,
    PresenceLine,
    PresenceView,
    PupilLabel,
    View,
)

if TYPE_CHECKING:
    from hardware.printers.printer import Printer

log = structlog.get_logger()

REMEMBERED = 100
"""Number of printed entries remembered, since a view is shown again with each step of an entry's progress."""


def slips_of(view: View, language: str) -> tuple[Slip, ...]:
    """The slips for the entries that a view shows as recorded; empty for any other view.

    Args:
        view: the view on the screen.
        language: the school's language (BCP 47 tag), since staff read the slip; not the user's.
    """
    users_language = translate.current_language()
    translate.use(language)
    try:
        if isinstance(view, DoneView):
            return () if view.already else (_signed_in(view),)
        if isinstance(view, BroughtView):
            return tuple(_signed_in(each) for each in view.arrivals if not each.already)
        return _signed_out(view) if isinstance(view, LeftView) else ()
    finally:
        translate.use(users_language)


def list_slip(view: PresenceView, language: str) -> Slip:
    """The slip with who is on site, as the screen shows it, in the school's language (BCP 47 tag)."""
    users_language = translate.current_language()
    translate.use(language)
    try:
        return Slip(
            name=_("Who is on site"),
            form="",
            when=_when(view.now),
            words=plain(source_text(view)),
            reason="",
            entry_id="",
            lines=(
                *_lines(plain(inside(view)), view.inside),
                *_lines(plain(outside(view)), view.outside),
            ),
        )
    finally:
        translate.use(users_language)


def _lines(title: str, lines: Sequence[PresenceLine]) -> tuple[str, ...]:
    return (title, *(f"{plain(presence_time(line))} {line.pupil.name} {line.pupil.form}" for line in lines))


class Slips:
    """Prints each slip once. For the UI thread.

    Args:
        hand_over: queues a slip for printing and returns at once.
    """

    def __init__(self, hand_over: Callable[[Slip], None]) -> None:
        self._hand_over = hand_over
        self._printed: deque[str] = deque(maxlen=REMEMBERED)

    def print_for(self, view: View, language: str) -> None:
        """Print the slips of a view that is on the screen now, in the school's language."""
        for slip in slips_of(view, language):
            if slip.entry_id not in self._printed:
                self._printed.append(slip.entry_id)
                self._hand_over(slip)


class SlipPrinter:
    """The kiosk's slip printer. Does nothing when the settings name none.

    Args:
        settings: the printer's address and paper.
        on_change: called on the printer's thread after `state` has changed.
        monotonic: seconds of a monotonic clock.
    """

    def __init__(
        self, settings: PrinterSection, on_change: Callable[[], None], monotonic: Callable[[], float]
    ) -> None:
        self.state: str | None = None
        """The printer's state, a value of `PrinterState`; `None` without a printer."""
        self._on_change = on_change
        self._printer: Printer | None = None
        if settings.port is None:
            return
        # Imported only when there is a printer: importing python-escpos takes half a second.
        from hardware.printers import printer
        from hardware.printers.address import connection

        self.state = PrinterState.ABSENT.value  # until the first status query
        self._printer = printer.Printer(
            connection(settings.port, baud=settings.baud),
            Paper.MM_58 if settings.paper == 58 else Paper.MM_80,
            on_state=self._take_state,
            monotonic=monotonic,
            fonts=font_files(),
        )
        self._slips = Slips(self._printer.print)

    def start(self) -> None:
        """Start the printer's thread."""
        if self._printer is not None:
            self._printer.start()

    def print_for(self, view: View, language: str) -> None:
        """See `Slips.print_for`. Returns at once; never raises."""
        if self._printer is None:
            return
        try:
            self._slips.print_for(view, language)
        except Exception as error:  # the entry is recorded; a missing slip must not disturb the screen
            log.error("slip.failed", error=type(error).__name__)

    def print_list(self, view: PresenceView, language: str) -> None:
        """Print who is on site, in the school's language. Returns at once; never raises."""
        if self._printer is None:
            return
        try:
            self._printer.print(list_slip(view, language))
        except Exception as error:  # the list is on the screen too
            log.error("slip.failed", error=type(error).__name__)

    def stop(self) -> None:
        """Stop the printer's thread and drop the slips that still wait."""
        if self._printer is not None:
            self._printer.stop()

    def _take_state(self, state: PrinterState, _detail: str) -> None:
        self.state = state.value
        self._on_change()


def font_files() -> tuple[Path, ...]:
    """The screens' fonts, for names that a printer cannot print as text; the Latin font first."""
    kivy = find_spec("kivy")  # located, not imported: drawing a slip needs no window
    latin = Path(kivy.origin).parent / "data/fonts/Roboto-Regular.ttf" if kivy and kivy.origin else None
    return (*([latin] if latin else []), fonts.NASKH[0], fonts.GURMUKHI[0])


def _signed_in(view: DoneView) -> Slip:
    return Slip(
        name=view.pupil.name,
        form=view.pupil.form,
        when=_when(view.at) if view.clock_trusted else "",
        words=plain(outcome_text(view)),
        reason=reason(view.reason) if view.reason else "",
        entry_id=str(view.entry),
    )


def _signed_out(view: LeftView) -> tuple[Slip, ...]:
    return tuple(_left(view, entry, pupil) for entry, pupil in zip(view.entries, view.pupils, strict=True))


def _left(view: LeftView, entry: UUID, pupil: PupilLabel) -> Slip:
    label, at = back(view.back_at)
    until = f"{label} {at}" if view.back_at else at
    return Slip(
        name=pupil.name,
        form=pupil.form,
        when=_when(view.at) if view.clock_trusted else "",
        words=_("Signed out") if view.clock_trusted else _("The office will confirm the time"),
        reason=f"{reason(view.reason)} · {until}" if view.reason else until,
        entry_id=str(entry),
    )


def _when(at: datetime) -> str:
    return f"{clock(at)}, {day(at)} {at.year}"
