"""The navigation: each page module declares its own entry as `NAVIGATION`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.register.permissions import Permission, Role, may


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One page in the navigation."""

    here: str
    """The page's name, as `framed(here=…)` has it."""
    address: str
    label: str
    icon: str
    """A file in `icons/`, without its ending."""
    permission: Permission
    """What a user must be allowed to be offered the page. Its routes check it again."""
    place: int
    """Entries stand in the order of these numbers. They are ten apart, so that a new page fits between."""


def entries_for(role: Role, entries: Iterable[NavigationEntry]) -> list[NavigationEntry]:
    """The pages that a user of that role may open, in the navigation's order."""
    allowed = [entry for entry in entries if may(role, entry.permission)]
    return sorted(allowed, key=lambda entry: entry.place)
