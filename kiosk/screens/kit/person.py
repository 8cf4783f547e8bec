"""Whose screen it is: a colour for each person in turn, a disc with initials, and who comes next."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.kit import palette
from kiosk.screens.kit.at_screen import person
from kiosk.screens.kit.base import Layered, Stack, anything, boolean, colour, text
from kiosk.screens.kit.look import tr
from kiosk.screens.kit.tile import Chip
from kiosk.screens.kit.yielding_column import YieldingColumn
from kiosk.screens.wording import common as common_wording
from kiosk.views import PupilLabel

__all__ = ["Disc", "NameChip", "NextPupils", "PersonPanel", "YieldingColumn"]  # used by kv files

MOST_NAMES = 2
"""How many of the next pupils are named; the others are counted."""


def initials(pupil: PupilLabel | None) -> str:
    """The first letters of the shown name: AK for Amelia K."""
    words = pupil.name.split() if pupil else []
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Disc(Layered):
    """The pupil's initials on a round ground."""

    pupil: PupilLabel | None = anything(None)
    initials = text("")
    ground = colour()
    ink = colour()
    filled = boolean(False)
    """The ground has the person's colour; else the letters."""
    recorded = boolean(False)
    """Has a tick: the pupil is signed in or out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("pupil", lambda *_: setattr(self, "initials", initials(self.pupil)))


class PersonPanel(Stack):
    """Names the pupil on the colour of the person who stands here. Children follow the name."""

    pupil: PupilLabel | None = anything(None)
    form_line = anything(())


class NextPupils(Stack):
    """The strip of the pupils whose cards wait. It cannot be touched."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._chips = [NameChip(tone=palette.OK) for _number in range(MOST_NAMES + 1)]

    def on_kv_post(self, _base: object) -> None:
        """Kivy's event after the kv rules were applied."""
        person.fbind("next_pupils", self._show)
        tr.fbind("_", self._show)
        self._show()

    def _show(self, *_: object) -> None:
        pupils = person.next_pupils
        names = [pupil.name for pupil in pupils[:MOST_NAMES]]
        if len(pupils) > MOST_NAMES:
            names.append(f"+{len(pupils) - MOST_NAMES}")
        place = self.ids.names
        place.clear_widgets()
        for chip, name in zip(self._chips, names, strict=False):
            chip.words = name
            place.add_widget(chip)
        self.ids.text.words = common_wording.next_pupils(len(pupils))


class NameChip(Chip):
    """One name, which stands alone in every language."""


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
