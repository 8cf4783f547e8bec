"""The result for the children whom an adult brought: each child with what is recorded."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.arriving import done
from kiosk.screens.kit import action, icons, palette
from kiosk.screens.kit.base import Stack, Widget, anything, boolean, number, text
from kiosk.screens.wording import bringing as bringing_wording
from kiosk.screens.wording import done as done_wording
from kiosk.screens.wording.sentence import Sentence, join, say
from kiosk.views import BroughtView, PupilLabel
from kiosk.views.touches import OnTouch

__all__ = ["BroughtScreen", "action", "done"]  # used by the kv file


class BroughtRow(Stack):
    """One child, and what is recorded or that it is not saved."""

    icon = text("")
    tone = anything(palette.OK)
    who = anything(())
    words = anything(())
    room = number(0)
    """The height that its words may take."""
    low = boolean(False)
    """Has no room for two lines: the words stand beside the name."""


class BroughtScreen(Stack):
    """Shows a `BroughtView`. The rows are built once and reused."""

    heading = anything(())
    adult = anything(())
    all_saved = boolean(True)
    saved_note = text("")
    progress_note = text("")
    progress_icon = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._rows: list[BroughtRow] = []
        self._space = Widget(size_hint_y=0.01)

    def show(self, view: BroughtView) -> None:
        """Draw what has changed."""
        self.heading = bringing_wording.heading(view)
        self.adult = bringing_wording.brought_by(view)
        self.all_saved = not view.not_saved
        self.saved_note = done_wording.saved_note()
        self.progress_note = done_wording.progress_note(view)
        self.progress_icon = done.progress_icon(view)
        lines = [
            (each.pupil, bringing_wording.recorded(each), icons.CIRCLE_CHECK, palette.OK)
            for each in view.arrivals
        ]
        lines += [
            (pupil, say(bringing_wording.not_saved()), icons.TRIANGLE_ALERT, palette.CLOSED)
            for pupil in view.not_saved
        ]
        while len(self._rows) < len(lines):
            self._rows.append(BroughtRow())
        used = self._rows[: len(lines)]
        for row, (pupil, words, icon, tone) in zip(used, lines, strict=True):
            row.who, row.words, row.icon, row.tone = _who(pupil), words, icon, tone
        place, shown = self.ids.children_place, [*used, self._space]
        if place.children != shown[::-1]:
            place.clear_widgets()
            for widget in shown:
                place.add_widget(widget)


def _who(pupil: PupilLabel) -> Sentence:
    return join(say("{name}", name=pupil.name), say("{form}", form=pupil.form) if pupil.form else ())


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
