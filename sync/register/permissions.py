"""Who may do what: three roles, as a table and nothing else."""

from enum import StrEnum

from sync.register.errors import NotAllowedError


class Role(StrEnum):
    """What somebody is at the office page."""

    OFFICE = "office"
    """Whoever sits at reception or in the attendance office."""
    SENIOR = "senior"
    """A senior member of staff: also what touches policy, retention and records at large."""
    ADMINISTRATOR = "administrator"
    """Whoever looks after the register: accounts and kiosks. Does not decide about pupils."""


class Permission(StrEnum):
    """Something that not everybody may do."""

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
"""What each role may do. The office enrols kiosks, because it is the office that is at reception when one is
put up; accounts are an administrator's alone, so that nobody makes themselves more than they are. A PIN
releases pupils, so a senior member of staff, who knows who may, gives it too."""


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody of that role may."""
    return permission in ALLOWED[role]


def require(role: Role, permission: Permission) -> None:
    """Let only those go on who may.

    Raises:
        NotAllowedError: the role has not that permission.
    """
    if not may(role, permission):
        who = ", ".join(sorted(each.value for each in Role if may(each, permission)))
        raise NotAllowedError(f"to {permission.value} takes another role: {who}")
