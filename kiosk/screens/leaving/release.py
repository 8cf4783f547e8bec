"""The release screen: a request that waits. No pupil leaves before a member of staff has released them."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import action, icons, palette, tile_grid
from kiosk.screens.kit.base import Stack, anything, boolean, number, text
from kiosk.screens.kit.tile import Tile
from kiosk.screens.kit.yielding_column import YieldingColumn
from kiosk.screens.wording import leaving as leaving_wording
from kiosk.screens.wording import release as release_wording
from kiosk.screens.wording.sentence import join, say
from kiosk.views import PupilRelease, ReleaseState, ReleaseView
from kiosk.views.touches import OnTouch

__all__ = ["ReleaseScreen", "action", "tile_grid"]  # used by the kv file

STATES = {
    ReleaseState.RELEASED: (icons.CIRCLE_CHECK, palette.OK),
    ReleaseState.REFUSED: (icons.CIRCLE_ALERT, palette.LATE),
    ReleaseState.NOT_SAVED: (icons.TRIANGLE_ALERT, palette.CLOSED),
}
"""The icon and tone of an answered request; a word beside them says the same."""
WAITS = (icons.CLOCK, palette.INFO)
ICONS = {
    ReleaseState.OFFLINE: icons.CLOUD_OFF,
    ReleaseState.STAFF_ONLY: icons.KEY_ROUND,
    ReleaseState.SAVING: icons.LOADER,
}


class ReleaseRow(Stack):
    """One of several pupils, and the state of their request."""

    icon = text("")
    words = anything(())
    tone = anything(palette.INFO)


class WordsTile(Tile):
    """A tile whose words may take two lines."""

    icon = text("")
    words = anything("")


class ReleaseScreen(YieldingColumn):
    """Shows a `ReleaseView`."""

    icon = text(icons.ARMCHAIR)
    heading = text("")
    words = anything(())
    hint = text("")
    who = anything(())
    calm = boolean(False)
    """In the colour of information: for a member of staff, not for the adult."""
    lines = number(0)
    several = number(0)
    """How many pupils are listed one by one; 0 for a single pupil."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._rows: list[ReleaseRow] = []
        self._staff = self.ids.staff.__self__  # keeps the tiles alive while they are not shown
        self._cancel = self.ids.cancel.__self__

    def show(self, view: ReleaseView) -> None:
        """Draw what has changed."""
        listed = tuple(each.pupil for each in view.pupils)
        is_open = view.state is not ReleaseState.SAVING
        self.calm = view.office_only
        self.icon = icons.SCHOOL if view.office_only else ICONS.get(view.state, icons.ARMCHAIR)
        self.heading = release_wording.release_heading(view)
        self.words = release_wording.release_text(view)
        self.hint = release_wording.release_hint(view)
        self.who = join(leaving_wording.pupils(listed), release_wording.asked(view), by="  ")
        takes_a_seat = view.just_asked and view.state in release_wording.WITH_THE_OFFICE
        self._offer(
            self._staff, view.staff_can_release and is_open and not (takes_a_seat or view.office_only)
        )
        self._offer(self._cancel, is_open and not view.office_only)
        self._list(view.pupils if len(view.pupils) > 1 else ())

    @staticmethod
    def disc_size(*, portrait: bool, large: bool, several: bool) -> int:
        """The disc's diameter in the design's pixels; 0 where the words need its room."""
        if (several and (portrait or large)) or (portrait and large):
            return 0
        if portrait:
            return 130
        return 150 if several else 230

    @staticmethod
    def heading_share(*, portrait: bool, compact: bool, large: bool, several: bool) -> float:
        """The share of its full size that the heading takes."""
        if large:
            return 0.7
        if several and portrait:
            return 0.85
        return 0.7 if several and compact else 1.0

    def _offer(self, tile: WordsTile, offered: bool) -> None:
        place = self.ids.buttons if tile is self._staff else self.ids.ends
        if offered and tile.parent is None:
            place.add_widget(tile, index=len(place.children))  # Kivy counts from the last child: the first
        elif not offered and tile.parent is not None:
            place.remove_widget(tile)

    def _list(self, pupils: tuple[PupilRelease, ...]) -> None:
        self.several = len(pupils)
        while len(self._rows) < len(pupils):
            self._rows.append(ReleaseRow())
        place = self.ids.standings
        for row, each in zip(self._rows, pupils, strict=False):
            row.icon, row.tone = STATES.get(each.state, WAITS)
            name = say("{name}", name=each.pupil.name)
            row.words = join(name, say(release_wording.request_state(each.state)))
        if len(place.children) != len(pupils):
            place.clear_widgets()
            for row in self._rows[: len(pupils)]:
                place.add_widget(row)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
