"""Slips: what the screen says of somebody who is signed in or out, for a teacher or the gate to read.

A slip is in the pupil's hand and may be lost: it says no more of them than the screen does, the first name
and an initial. It is made of a view that exists only after the commit: what is not saved is not printed.
"""

from collections import deque
from collections.abc import Callable
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
from kiosk.screens.wording.done import recorded
from kiosk.screens.wording.leaving import back
from kiosk.screens.wording.sentence import plain
from kiosk.screens.wording.translate import _
from kiosk.settings import PrinterSection
from kiosk.views import DoneView, LeftView, PupilLabel, View

if TYPE_CHECKING:
    from hardware.printers.printer import Printer

log = structlog.get_logger()

REMEMBERED = 100
"""Entries of which it is known that their slips were printed: views come again with each step of an entry."""


def slips_of(view: View, language: str) -> tuple[Slip, ...]:
    """The slips of what has just been recorded; none where the view says of nothing new.

    Args:
        view: what is on the screen.
        language: the school's, as a BCP 47 tag: a slip is for its staff, whoever stands at the screen.
    """
    spoken = translate.current_language()
    translate.use(language)
    try:
        if isinstance(view, DoneView):
            return () if view.already else (_signed_in(view),)
        return _signed_out(view) if isinstance(view, LeftView) else ()
    finally:
        translate.use(spoken)


class Slips:
    """Hands each slip over once. Used on the screens' thread.

    Args:
        hand_over: takes a slip and returns at once.
    """

    def __init__(self, hand_over: Callable[[Slip], None]) -> None:
        self._hand_over = hand_over
        self._printed: deque[str] = deque(maxlen=REMEMBERED)

    def shown(self, view: View, language: str) -> None:
        """That view is on the screen now, of a school that speaks that language."""
        for slip in slips_of(view, language):
            if slip.entry_id not in self._printed:
                self._printed.append(slip.entry_id)
                self._hand_over(slip)


class SlipPrinter:
    """The kiosk's slip printer; where none is set up, nothing is printed and nothing is missing.

    Args:
        settings: where it is.
        changed: called when `state` has changed, on the printer's thread.
        monotonic: seconds that never jump.
    """

    def __init__(
        self, settings: PrinterSection, changed: Callable[[], None], monotonic: Callable[[], float]
    ) -> None:
        self.state: str | None = None
        """How it stands, in the words of `PrinterState`; None where there is none."""
        self._changed = changed
        self._printer: Printer | None = None
        if settings.port is None:
            return
        # Imported only where there is a printer: python-escpos takes half a second to import.
        from hardware.printers import printer
        from hardware.printers.address import connection

        self.state = PrinterState.ABSENT.value  # until it was looked at
        self._printer = printer.Printer(
            connection(settings.port, baud=settings.baud),
            Paper.MM_58 if settings.paper == 58 else Paper.MM_80,
            on_state=self._take_state,
            monotonic=monotonic,
            fonts=font_files(),
        )
        self._slips = Slips(self._printer.print)

    def start(self) -> None:
        """Begin to look at it, and to print."""
        if self._printer is not None:
            self._printer.start()

    def shown(self, view: View, language: str) -> None:
        """See `Slips.shown`. Returns at once, whatever the printer does; never raises."""
        if self._printer is None:
            return
        try:
            self._slips.shown(view, language)
        except Exception as error:  # whoever stands here is signed in, and a slip is a slip
            log.error("slip.failed", error=type(error).__name__)

    def stop(self) -> None:
        """End; slips that still wait are left out."""
        if self._printer is not None:
            self._printer.stop()

    def _take_state(self, state: PrinterState, _detail: str) -> None:
        self.state = state.value
        self._changed()


def font_files() -> tuple[Path, ...]:
    """The screens' fonts, for names that a printer has no characters for; Latin with its accents first."""
    kivy = find_spec("kivy")  # not imported: what draws a slip needs no window
    latin = Path(kivy.origin).parent / "data/fonts/Roboto-Regular.ttf" if kivy and kivy.origin else None
    return (*([latin] if latin else []), fonts.NASKH[0], fonts.GURMUKHI[0])


def _signed_in(view: DoneView) -> Slip:
    return Slip(
        name=view.pupil.name,
        form=view.pupil.form,
        when=_when(view.at) if view.clock_trusted else "",
        words=plain(recorded(view)),
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
