"""The signed-out screen: who is signed out, who stays, and whether it is saved and sent."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder

from kiosk.screens.arriving import done
from kiosk.screens.kit import action, icons, palette, summary
from kiosk.screens.kit.base import anything, boolean, text
from kiosk.screens.kit.yielding_column import YieldingColumn
from kiosk.screens.wording import done as done_wording
from kiosk.screens.wording import leaving
from kiosk.screens.wording.sentence import join
from kiosk.views import LeftView
from kiosk.views.touches import OnTouch

__all__ = ["LeftScreen", "action", "done", "summary"]  # used by the kv file


class LeftScreen(YieldingColumn):
    """Shows a `LeftView`."""

    icon = text(icons.CIRCLE_CHECK)
    tone = anything(palette.OK)
    heading = anything(())
    sign_out_time = anything(())
    facts = anything(())
    next_step = anything(())
    stay = anything(())
    anyone_left = boolean(True)
    saved_note = text("")
    progress_note = text("")
    progress_icon = text("")

    def __init__(self, touch: OnTouch, **kwargs: Any) -> None:
        self.touch = touch
        super().__init__(**kwargs)

    def show(self, view: LeftView) -> None:
        """Draw what has changed."""
        self.anyone_left = bool(view.pupils)
        self.icon = icons.CIRCLE_CHECK if self.anyone_left else icons.CIRCLE_ALERT
        self.tone = palette.OK if self.anyone_left else palette.INFO
        self.heading = leaving.left_heading(view)
        self.sign_out_time = leaving.left_at(view)
        self.facts = leaving.left_facts(view)
        self.next_step = leaving.left_next(view)
        self.stay = join(leaving.stay(view), leaving.not_saved(view), by=" ")
        self.saved_note = done_wording.saved_note()
        self.progress_note = done_wording.progress_note(view)
        self.progress_icon = done.progress_icon(view)


Builder.load_file(str(Path(__file__).with_suffix(".kv")))
