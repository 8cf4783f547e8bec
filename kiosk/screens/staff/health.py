"""The state of the kiosk's parts, one card each."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import icons
from kiosk.screens.kit.base import Stack, anything, boolean, text
from kiosk.screens.kit.tile_grid import TileGrid
from kiosk.screens.wording import staff as staff_wording
from kiosk.views import Health

__all__ = ["HealthCard", "HealthPanel", "icons"]  # used by the kv file


class HealthCard(Stack):
    """One part of the kiosk and its state."""

    icon = text("")
    title = text("")
    words = anything("")
    alarming = boolean(False)


class HealthPanel(TileGrid):
    """Shows a `Health`."""

    waiting = anything(())
    clock = text("")
    reader = anything(())
    printer = text("")
    storage = text("")
    network = anything(())
    health: Health | None = anything(None)
    alarming = boolean(False)
    """Whether a part needs attention."""

    def show(self, health: Health) -> None:
        """Draw what has changed."""
        self.health = health
        self.waiting = staff_wording.waiting(health)
        self.clock = staff_wording.trust(health)
        self.reader = staff_wording.readers(health)
        self.printer = staff_wording.printer(health)
        self.network = staff_wording.network(health)
        self.storage = staff_wording.storage(health)
        cards: list[Any] = self.children
        self.alarming = any(card.alarming for card in cards)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
