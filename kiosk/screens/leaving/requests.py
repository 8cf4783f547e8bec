"""The list of requests: several adults wait, and one of them looks at theirs."""

from uuid import UUID

from kiosk.screens.kit import icons
from kiosk.screens.kit.choice import Answer, ChoiceScreen
from kiosk.screens.wording import release as release_wording
from kiosk.screens.wording.sentence import join
from kiosk.screens.wording.translate import _
from kiosk.views import RequestListView
from kiosk.views.touches import ChooseRequest

MOST = 12
"""How many fit on the smallest display. The oldest are listed; a later one is as soon as one of them is
settled."""


class RequestListScreen(ChoiceScreen):
    """Shows a `RequestListView`."""

    def show(self, view: RequestListView) -> None:
        """Draw what has changed."""
        self.question = _("Which request?")
        self.columns = 2 if len(view.requests) <= 8 else 3
        self.columns_upright = 1 if len(view.requests) <= 8 else 2
        self.show_answers(
            tuple(
                Answer(
                    each.id,
                    join(release_wording.request_line(each), release_wording.asked(each)),
                    icons.BELL_RING,
                )
                for each in view.requests[:MOST]
            )
        )

    def choose(self, value: UUID) -> None:
        """Report the chosen request."""
        self.touch(ChooseRequest(value))
