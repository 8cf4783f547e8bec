"""Reason: why are you late? The policy's reasons as tiles."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.attendance.reasons import Reason
from kiosk.screens import header, icons, words
from kiosk.screens.base import Box, anything, boolean, text
from kiosk.screens.mosaic import Mosaic
from kiosk.screens.sentence import Sentence, join, say
from kiosk.screens.tile import Tile
from kiosk.screens.touches import Touches
from kiosk.screens.translate import _
from kiosk.views import Listed, ReasonView

__all__ = ["Mosaic", "ReasonScreen", "header"]  # the kv file beside this one builds a Mosaic and a Header

ICONS = {
    Reason.OVERSLEPT: icons.BED,
    Reason.TRAFFIC: icons.CAR,
    Reason.SCHOOL_TRANSPORT: icons.BUS,
    Reason.PUBLIC_TRANSPORT: icons.TRAIN,
    Reason.MEDICAL: icons.STETHOSCOPE,
    Reason.UNWELL: icons.THERMOMETER,
    Reason.FAMILY: icons.USERS,
    Reason.WEATHER: icons.CLOUD_RAIN,
    Reason.INTERVIEW: icons.BRIEFCASE,
    Reason.OTHER: icons.MESSAGE_MORE,
}


FEW = 4
"""So few reasons stand in two columns whatever the screen."""


class ReasonTile(Tile):
    """One reason; a `quiet` one is the choice not to say."""

    reason: Reason | None = anything(None)
    icon = text("")
    title = text("")
    quiet = boolean(False)


class ReasonScreen(Box):
    """Shows a `ReasonView`. Tiles are built once for each reason and lent out."""

    who = anything(())
    few = boolean(False)

    def __init__(self, touches: Touches, **kwargs: Any) -> None:
        self.touches = touches
        super().__init__(**kwargs)
        self._tiles = {reason: self._tile(reason) for reason in Reason}
        self._skip = ReasonTile(title=_("I’d rather not say"), quiet=True)
        self._skip.bind(on_choose=lambda _tile: touches.choose_reason(None))
        self._offered: tuple[tuple[Reason, ...], bool] | None = None

    def _tile(self, reason: Reason) -> ReasonTile:
        tile = ReasonTile(reason=reason, icon=ICONS[reason], title=words.reason(reason))
        tile.bind(on_choose=lambda _tile: self.touches.choose_reason(reason))
        return tile

    def show(self, view: ReasonView) -> None:
        """Draw what has changed."""
        self.who = named(view.pupil)
        if self._offered != (view.reasons, view.required):
            self._offered = (view.reasons, view.required)
            self.few = len(view.reasons) <= FEW
            self.ids.tiles.clear_widgets()
            for reason in view.reasons:
                self.ids.tiles.add_widget(self._tiles[reason])
            if not view.required:
                self.ids.tiles.add_widget(self._skip)


def named(pupil: Listed) -> Sentence:
    """Amelia K. · 7B."""
    return join(say("{name}", name=pupil.name), say("{form}", form=pupil.form))


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
