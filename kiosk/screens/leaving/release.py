"""The release screen: wait for the office. No pupil leaves before a member of staff has released them."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, header, icons, palette, summary, tile_grid
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording.sentence import join, say
from kiosk.views import PupilRelease, ReleaseState, ReleaseView
from kiosk.views.touches import OnTouch

__all__ = ["ReleaseScreen", "action", "header", "summary", "tile_grid"]  # used by the kv file

STATE_LOOKS = {
    ReleaseState.RELEASED: (icons.CIRCLE_CHECK, palette.OK),
    ReleaseState.REFUSED: (icons.CIRCLE_ALERT, palette.LATE),
    ReleaseState.NOT_SAVED: (icons.TRIANGLE_ALERT, palette.CLOSED),
}
"""The icon and tone of an answered request; a word beside them says the same."""
WAITING_LOOK = (icons.CLOCK, palette.INFO)
HEADING_ICONS = {
    ReleaseState.OFFLINE: icons.CLOUD_OFF,
    ReleaseState.STAFF_ONLY: icons.KEY_ROUND,
    ReleaseState.SAVING: icons.LOADER,
}


class ReleaseRow(Stack):
    """One of several pupils, and the state of their request."""

    icon = text("")
    words = anything(())
    tone = anything(palette.INFO)


class ReleaseScreen(Stack):
    """Shows a `ReleaseView`."""

    icon = text(icons.BELL_RING)
    heading = text("")
    words = anything(())
    who = anything(())
    facts = anything(())
    staff_can_release = boolean(False)
    lines = number(0)
    several = number(0)
    """How many pupils are listed one by one; 0 for a single pupil."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._rows: list[ReleaseRow] = []

    def show(self, view: ReleaseView) -> None:
        """Draw what has changed."""
        pupils = tuple(each.pupil for each in view.pupils)
        self.icon = HEADING_ICONS.get(view.state, icons.BELL_RING)
        self.heading = leaving_wording.release_heading(view)
        self.words = leaving_wording.release_text(view)
        self.who = leaving_wording.pupils(pupils)
        self.facts = leaving_wording.request(pupils[:1], view.collector, view.reason, view.back_at)
        self.staff_can_release = view.staff_can_release and view.state is not ReleaseState.SAVING
        self._list(view.pupils if len(view.pupils) > 1 else ())

    def _list(self, pupils: tuple[PupilRelease, ...]) -> None:
        self.several = len(pupils)
        while len(self._rows) < len(pupils):
            self._rows.append(ReleaseRow())
        place = self.ids.rows
        for row, each in zip(self._rows, pupils, strict=False):
            row.icon, row.tone = STATE_LOOKS.get(each.state, WAITING_LOOK)
            name = say("{name}", name=each.pupil.name)
            row.words = join(name, say(leaving_wording.request_state(each.state)))
        if len(place.children) != len(pupils):
            place.clear_widgets()
            for row in self._rows[: len(pupils)]:
                place.add_widget(row)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
