"""The three roles of office users, and the permissions of each."""

from enum import StrEnum

from sync.register.errors import NotAllowedError


class Role(StrEnum):
    """A user's role at the office page."""

    OFFICE = "office"
    """Staff at reception and in the attendance office."""
    SENIOR = "senior"
    """Senior staff, who also decide on policy, retention and whole sets of records."""
    ADMINISTRATOR = "administrator"
    """Looks after the register: accounts and kiosks. Does not decide about pupils."""


class Permission(StrEnum):
    """An action that not every role may do."""

    SEE_TODAY = "see today"
    SEE_PUPIL = "see a pupil's record"
    CHANGE_PUPIL = "change a pupil's record"
    RELEASE = "release a pupil"
    RESOLVE = "resolve a work item"
    AMEND = "amend a mark"
    EXPORT = "export a list"
    IMPORT_ROSTER = "import a roster"
    CHANGE_POLICY = "change the policy"
    SEE_AUDIT = "see the audit"
    MANAGE_KIOSKS = "enrol and revoke kiosks"
    MANAGE_STAFF = "manage accounts"
    MANAGE_PINS = "give staff their PINs for the kiosk"


_DAILY = {
    Permission.SEE_TODAY,
    Permission.SEE_PUPIL,
    Permission.CHANGE_PUPIL,
    Permission.RELEASE,
    Permission.RESOLVE,
    Permission.AMEND,
    Permission.EXPORT,
}

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OFFICE: frozenset(_DAILY | {Permission.MANAGE_KIOSKS}),
    Role.SENIOR: frozenset(
        _DAILY
        | {
            Permission.MANAGE_KIOSKS,
            Permission.IMPORT_ROSTER,
            Permission.CHANGE_POLICY,
            Permission.SEE_AUDIT,
            Permission.MANAGE_PINS,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_TODAY,
            Permission.IMPORT_ROSTER,
            Permission.CHANGE_POLICY,
            Permission.SEE_AUDIT,
            Permission.MANAGE_KIOSKS,
            Permission.MANAGE_STAFF,
            Permission.MANAGE_PINS,
        }
    ),
}
"""What each role may do. The office enrols kiosks, because it is at reception when one is put up. Only
administrators manage accounts, so that no user can promote themselves. A PIN releases pupils, so senior
staff, who know who may release, assign PINs too."""


def may(role: Role, permission: Permission) -> bool:
    """Whether the role has the permission."""
    return permission in ALLOWED[role]


def require(role: Role | None, permission: Permission) -> None:
    """Check that the role has the permission.

    Raises:
        NotAllowedError: it has not; the text names the roles that have.
    """
    if role is None or not may(role, permission):
        roles = ", ".join(sorted(each.value for each in Role if may(each, permission)))
        raise NotAllowedError(f"to {permission.value} you need another role: {roles}")
