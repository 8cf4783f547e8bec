"""The actor of a change, a release or a decision: a user, a member of staff, a kiosk or the operator."""

from dataclasses import dataclass

from sync.register.permissions import Permission, Role, require

KIOSK = "kiosk"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor, with the name and position that the law requires beside a change."""

    name: str
    position: str
    school: str = ""
    """The school's id; empty for a login that no school has."""
    login: str | None = None
    """`None` for a kiosk, for staff at a kiosk, and for an unknown login."""
    role: Role | None = None
    """The role at the office page; `None` for an actor who is not logged in there."""
    address: str = ""
    """The network address; `command line` on the register's own machine."""

    def require(self, permission: Permission) -> None:
        """Check that the actor has this permission.

        Raises:
            NotAllowedError: the role does not have it, or the actor has no role.
        """
        require(self.role, permission)


def kiosk_actor(school: str, name: str, address: str = "") -> Actor:
    """A kiosk as an actor."""
    return Actor(name, KIOSK, school, address=address)


def operator_actor(school: str) -> Actor:
    """The user of the command line on the register's machine."""
    return Actor(OPERATOR, OPERATOR, school, address="command line")


@dataclass(frozen=True, slots=True)
class Person:
    """A logged-in user of the office page."""

    login: str
    name: str
    position: str
    school: str
    role: Role = Role.OFFICE
    start_password: bool = False
    """Whether the user still has an initial password, which must be replaced first."""

    def actor(self, address: str) -> Actor:
        """The user as an actor from that address."""
        return Actor(self.name, self.position, self.school, self.login, self.role, address)
