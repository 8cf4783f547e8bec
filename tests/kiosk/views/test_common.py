import sys

from kiosk.journey.view_rules import RULES
from kiosk.screens.window.registry import VIEWS
from kiosk.views import View


def test_every_view_has_a_screen_and_every_rule_a_view() -> None:
    # A class with slots replaces the one that `dataclass` was given, which stays a subclass for a while.
    views = {getattr(sys.modules[each.__module__], each.__name__) for each in View.__subclasses__()}
    assert set(VIEWS) == views
    assert set(RULES) <= views
