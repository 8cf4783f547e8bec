"""The navigation: each page module declares its own entry as `NAVIGATION`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.register.permissions import Permission, Role, may


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One page in the navigation."""

    name: str
    """The page's name, as in `render_page(page_name=…)`."""
    address: str
    label: str
    icon: str
    """A file in `icons/`, without its ending."""
    permission: Permission
    """The permission to see the entry. The page's routes check it again."""
    place: int
    """The sort key. Entries are ten apart, so that a new page fits between two."""


def entries_for(role: Role, entries: Iterable[NavigationEntry]) -> list[NavigationEntry]:
    """The pages that a user of that role may open, in the navigation's order."""
    allowed = [entry for entry in entries if may(role, entry.permission)]
    return sorted(allowed, key=lambda entry: entry.place)
