"""The pages in the navigation, and who is shown which."""

from dataclasses import dataclass

from sync.register.permissions import Permission, Role, may


@dataclass(frozen=True, slots=True)
class NavPage:
    """One page in the navigation."""

    here: str
    """As pages call themselves by `framed(here=…)`."""
    address: str
    label: str
    icon: str
    permission: Permission
    """Without it the page is neither shown nor opened."""


PAGES = (
    NavPage("today", "/", "Today", "layout-dashboard", Permission.SEE_TODAY),
    NavPage("needs", "/needs", "Needs the office", "triangle-alert", Permission.SEE_TODAY),
    NavPage("leaving", "/leaving", "Leaving", "user-check", Permission.RELEASE),
    NavPage("on-site", "/on-site", "On site now", "life-buoy", Permission.SEE_TODAY),
    NavPage("kiosks", "/kiosks", "Kiosks", "monitor-smartphone", Permission.SEE_TODAY),
    NavPage("punctuality", "/punctuality", "Punctuality", "chart-column", Permission.SEE_PUPIL),
    NavPage("changes", "/changes", "Changes", "history", Permission.SEE_PUPIL),
    NavPage("pupils", "/pupils", "Pupils & cards", "users-round", Permission.SEE_PUPIL),
    NavPage("people", "/people", "People", "user-cog", Permission.MANAGE_PINS),
    NavPage("audit", "/audit", "Audit", "scroll-text", Permission.SEE_AUDIT),
    NavPage("settings", "/settings", "Policy & settings", "settings", Permission.SEE_TODAY),
)
"""In the order in which they stand."""


def pages_for(role: Role) -> list[NavPage]:
    """The pages that somebody of that role may open."""
    return [page for page in PAGES if may(role, page.permission)]
