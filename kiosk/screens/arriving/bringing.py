"""The screen of an adult who brings late children: the adult, the children, and one reason for all."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from attendance.reasons import Reason
from kiosk.screens.arriving.reason import ICONS
from kiosk.screens.kit import header, icons, tile_grid
from kiosk.screens.kit.base import Stack, Widget, anything, boolean, number, text
from kiosk.screens.kit.theme import theme
from kiosk.screens.kit.tile import Tile
from kiosk.screens.wording import bringing as bringing_wording
from kiosk.screens.wording import common as common_wording
from kiosk.views import BringView, PupilLabel
from kiosk.views.touches import AddPupil, ChangeName, ChooseReason, OnTouch, RemovePupil, SignInChildren

__all__ = ["BringScreen", "header", "tile_grid"]  # used by the kv file

ROWS_WITH_ICONS = 3
"""On a small or a portrait display, fewer rows of reasons have room for an icon above the words."""


class AdultRow(Tile):
    """The adult’s name, which a touch corrects."""

    name = text("")


class ChildRow(Stack):
    """One child, with a tile that takes the child off the list (`on_remove`)."""

    __events__ = ("on_remove",)

    pupil: PupilLabel | None = anything(None)

    def on_remove(self) -> None:
        """Called when the child is to be taken off the list."""


class RemoveTile(Tile):
    """Takes a child off the list."""

    icon = text(icons.X)


class AddChildTile(Tile):
    """Adds another child."""


class SignInTile(Tile):
    """Signs the children in."""

    words = anything(())
    ready = boolean(False)


class BringReason(Tile):
    """One reason; the chosen one has a tick."""

    icon = text("")
    words = anything("")
    chosen = boolean(False)
    with_icon = boolean(True)
    glyph = number(0)
    """The size of the icon or the tick."""


class BringScreen(Stack):
    """Shows a `BringView`. Rows and tiles are built once and reused.

    The button that commits stands at the side where Done is on no screen.
    """

    visit_time = anything(())
    question = anything(())
    rows = number(0)
    """Rows of reasons."""

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)
        self._adult = AdultRow()
        self._adult.bind(on_choose=lambda _tile: touch(ChangeName()))
        self._add = AddChildTile()
        self._add.bind(on_choose=lambda _tile: touch(AddPupil()))
        self._commit = SignInTile()
        self._commit.bind(on_choose=lambda _tile: touch(SignInChildren()))
        self._children: list[ChildRow] = []
        self._reasons: dict[Reason, BringReason] = {}
        self._space = Widget(size_hint_y=0.01)
        self._view: BringView | None = None
        for name in ("portrait", "large"):
            theme.fbind(name, lambda *_: self._show_again())

    def show(self, view: BringView) -> None:
        """Draw what has changed."""
        self._view = view
        self.visit_time = bringing_wording.visit_time(view)
        self.question = bringing_wording.question(view)
        self._adult.name = view.adult
        self._commit.words = bringing_wording.sign_in(view)
        self._commit.ready = self._commit.enabled = view.complete
        self._place_people(view)
        self._show_reasons(view)

    def _show_again(self) -> None:
        """The sizes have changed, and with them what has room where."""
        if self._view is not None:
            self.show(self._view)

    def _place_people(self, view: BringView) -> None:
        """Adult, children and the choice to add one; upright, the button stands below the reasons."""
        while len(self._children) < len(view.pupils):
            self._children.append(self._child())
        rows = self._children[: len(view.pupils)]
        for row, pupil in zip(rows, view.pupils, strict=True):
            row.pupil = pupil
        children = [*rows, *([self._add] if view.may_add else [])]
        places: dict[str, list[Any]] = {
            "people": [self._adult, *children, self._space, self._commit],
            "pairs": [],
            "below": [],
        }
        if theme.portrait:  # two children in a row
            places = {"people": [self._adult], "pairs": children, "below": [self._commit]}
        for place, widgets in places.items():
            if self.ids[place].children != widgets[::-1]:
                self.ids[place].clear_widgets()
                for widget in widgets:
                    if widget.parent is not None:
                        widget.parent.remove_widget(widget)
                    self.ids[place].add_widget(widget)

    def _child(self) -> ChildRow:
        row = ChildRow()
        row.bind(on_remove=lambda row: self.touch(RemovePupil(row.pupil.id)))
        return row

    def _show_reasons(self, view: BringView) -> None:
        rows = -(-len(view.reasons) // 3)
        self.rows = rows
        # Where a tile is low, its words need the room of the icon.
        with_icons = rows < ROWS_WITH_ICONS or not (theme.portrait or theme.compact)
        for reason in view.reasons:
            tile = self._reasons.setdefault(reason, self._reason(reason))
            tile.icon, tile.words = ICONS[reason], common_wording.reason(reason)
            tile.chosen = reason is view.chosen
            tile.with_icon = with_icons
        tiles = [self._reasons[reason] for reason in view.reasons]
        place = self.ids.reasons
        if place.children != tiles[::-1]:
            place.clear_widgets()
            for tile in tiles:
                place.add_widget(tile)

    def _reason(self, reason: Reason) -> BringReason:
        tile = BringReason(value=reason)
        tile.bind(on_choose=lambda tile: self.touch(ChooseReason(tile.value)))
        return tile


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
