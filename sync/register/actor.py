"""Who did it: the one type for the person, kiosk or operator behind a change, a release or a decision."""

from dataclasses import dataclass

from sync.register.permissions import Permission, Role, require

KIOSK = "kiosk"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with what the law wants kept beside a change: their name and position."""

    name: str
    position: str
    school: str = ""
    """The school's id; empty for a login that no school has."""
    login: str | None = None
    """`None` for a kiosk, for staff at a kiosk, and for an unknown login."""
    role: Role | None = None
    """What they are on the office page; `None` for everyone who is not logged in there."""
    address: str = ""
    """The address that they act from; `command line` on the register's own machine."""

    def require(self, permission: Permission) -> None:
        """Let only those go on who have this permission.

        Raises:
            NotAllowedError: the role does not have it, or there is none.
        """
        require(self.role, permission)


def kiosk_actor(school: str, name: str, address: str = "") -> Actor:
    """A kiosk, by its name."""
    return Actor(name, KIOSK, school, address=address)


def operator_actor(school: str) -> Actor:
    """The user of the command line on the register's machine."""
    return Actor(OPERATOR, OPERATOR, school, address="command line")


@dataclass(frozen=True, slots=True)
class Person:
    """The user who is signed in."""

    login: str
    name: str
    position: str
    school: str
    role: Role = Role.OFFICE
    start_password: bool = False
    """Whether the password is an initial one, which must be replaced before anything else."""

    def actor(self, address: str) -> Actor:
        """This user, acting from that address."""
        return Actor(self.name, self.position, self.school, self.login, self.role, address)
