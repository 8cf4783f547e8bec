"""Signing in with a password and a code, roles, recovery, and the audit of all this."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy import select

from sync.register import throttle
from sync.register.accounts import totp as second_step
from sync.register.accounts.devices import known_device
from sync.register.accounts.login import (
    LoginStep,
    Next,
    code_step,
    password_step,
    pending_secret,
    recover,
    sign_out,
)
from sync.register.accounts.sessions import add_staff, person_of, set_password
from sync.register.actor import Actor, Person
from sync.register.errors import AccountError, NotAllowedError
from sync.register.permissions import ALLOWED, Permission, Role, may, require
from sync.register.storage.database import Database
from sync.register.storage.models import AuditRow, StaffRow
from tests.sync.register.support import LOGIN, PASSWORD, Clock, seed

ADDRESS = "192.0.2.7"
WRONG, OTHER = "my cat’s name", "quite another one"
ADMINISTRATOR = Actor("A. Admin", "Network manager", "oak-lane", "admin", Role.ADMINISTRATOR, ADDRESS)


@pytest.fixture
def school(database: Database, clock: Clock) -> Database:
    """The register with the small school and one member of staff."""
    seed(database, clock)
    return database


def first(
    school: Database,
    clock: Clock,
    *,
    password: str = PASSWORD,
    totp: bool = True,
    address: str = ADDRESS,
    device: str | None = None,
) -> LoginStep:
    return password_step(
        school,
        login=LOGIN,
        password=password,
        totp=totp,
        address=address,
        now=clock(),
        device=device or "",
    )


def second(
    school: Database, clock: Clock, token: str | None, code: str, *, device: str | None = None
) -> LoginStep:
    assert token
    return code_step(school, token, code, address=ADDRESS, now=clock(), device=device or "")


def who(school: Database, clock: Clock, token: str | None) -> Person | None:
    with school.read() as session:
        found = person_of(session, token or "", now=clock())
    return found[0] if found else None


def set_up(school: Database, clock: Clock) -> pyotp.TOTP:
    """The app of a user who has signed in once."""
    step = first(school, clock)
    secret = pending_secret(school, step.token or "", now=clock())
    assert secret
    app = pyotp.TOTP(secret.secret)
    assert second(school, clock, step.token, app.at(clock())).next is Next.IN
    clock.forward(seconds=60)
    return app


def audited(school: Database) -> list[tuple[str, str | None, str]]:
    with school.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [(row.action, row.login, row.address) for row in rows]


def test_the_first_sign_in_sets_up_an_app_and_grants_nothing_before_its_code(
    school: Database, clock: Clock
) -> None:
    step = first(school, clock)
    assert (step.next, who(school, clock, step.token)) == (Next.SET_UP, None)
    secret = pending_secret(school, step.token or "", now=clock())
    assert secret
    assert pending_secret(school, step.token or "", now=clock()) == secret
    address = urlsplit(secret.uri)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Latebook:office")
    assert parse_qs(address.query)["secret"] == [secret.secret]
    assert second(school, clock, step.token, "000000").next is Next.REFUSED
    done = second(school, clock, step.token, pyotp.TOTP(secret.secret).at(clock()))
    assert done.next is Next.IN
    assert who(school, clock, done.token) == Person(LOGIN, "J. Office", "Attendance officer", "oak-lane")


def test_a_confirmed_app_is_never_shown_again(school: Database, clock: Clock) -> None:
    set_up(school, clock)
    step = first(school, clock)
    assert (step.next, pending_secret(school, step.token or "", now=clock())) == (Next.CODE, None)
    with school.write() as session, pytest.raises(AccountError, match="already"):
        second_step.set_up(session, LOGIN)


def test_the_previous_code_is_accepted_and_an_older_one_is_not(school: Database, clock: Clock) -> None:
    app = set_up(school, clock)
    for old, result in ((30, Next.IN), (90, Next.REFUSED)):
        clock.forward(minutes=5)
        code = app.at(int(clock().timestamp()) - old)
        assert second(school, clock, first(school, clock).token, code).next is result


def test_a_code_works_once_also_for_two_at_the_same_time(school: Database, clock: Clock) -> None:
    app = set_up(school, clock)
    tokens = [first(school, clock).token for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        steps = list(pool.map(lambda token: second(school, clock, token, app.at(clock())).next, tokens))
    assert sorted(steps) == [Next.IN, Next.REFUSED, Next.REFUSED]


def test_the_token_changes_with_the_code_and_the_old_one_is_invalid(school: Database, clock: Clock) -> None:
    app = set_up(school, clock)
    before = first(school, clock).token
    after = second(school, clock, before, app.at(clock())).token
    assert before != after
    assert second(school, clock, before, app.at(clock())).next is Next.AGAIN


def test_the_second_step_expires(school: Database, clock: Clock) -> None:
    app = set_up(school, clock)
    token = first(school, clock).token
    clock.forward(minutes=10)
    assert second(school, clock, token, app.at(clock())).next is Next.AGAIN


def test_five_wrong_codes_must_wait_even_with_the_right_one(school: Database, clock: Clock) -> None:
    app = set_up(school, clock)
    token = first(school, clock).token
    right = app.at(clock())
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        assert second(school, clock, token, wrong).next is Next.REFUSED
    assert second(school, clock, token, right) == LoginStep(Next.WAIT, wait_s=300)


def test_five_wrong_passwords_must_wait(school: Database, clock: Clock) -> None:
    for _ in range(5):
        assert first(school, clock, password=WRONG).next is Next.REFUSED
    assert first(school, clock) == LoginStep(Next.WAIT, wait_s=60)


def test_wrong_passwords_from_elsewhere_lock_the_user_out_nowhere_else(
    school: Database, clock: Clock
) -> None:
    for machine in range(40):
        for _ in range(5):
            failed = first(school, clock, password=WRONG, address=f"198.51.100.{machine}")
            assert failed.next is Next.REFUSED
    assert first(school, clock).next is Next.SET_UP


def test_a_browser_known_from_an_earlier_login_is_not_locked_out_even_from_its_own_address(
    school: Database, clock: Clock
) -> None:
    step = first(school, clock, totp=False)
    for _ in range(5):
        first(school, clock, password=WRONG)
    assert first(school, clock).next is Next.WAIT
    assert first(school, clock, device=step.device).next is Next.SET_UP
    for _ in range(5):
        assert first(school, clock, password=WRONG, device=step.device).next is Next.REFUSED
    assert first(school, clock, device=step.device).next is Next.WAIT


def test_wrong_codes_of_a_stranger_who_has_the_password_do_not_lock_the_owner_out(
    school: Database, clock: Clock
) -> None:
    app = set_up(school, clock)
    own = second(school, clock, first(school, clock).token, app.at(clock()))
    stranger = first(school, clock, address="198.51.100.7")
    wrong = "000000" if app.at(clock()) != "000000" else "000001"
    for _ in range(5):
        second(school, clock, stranger.token, wrong)
    clock.forward(seconds=60)
    again = first(school, clock, device=own.device)
    assert second(school, clock, again.token, app.at(clock())).next is Next.WAIT
    assert second(school, clock, again.token, app.at(clock()), device=own.device).next is Next.IN


@pytest.mark.parametrize("forged", ["", ".", "a.b", "00.00", "é.ü", "x" * 5000])
def test_a_forged_cookie_makes_no_browser_known(school: Database, clock: Clock, forged: str) -> None:
    for _ in range(5):
        first(school, clock, password=WRONG, device=forged)
    assert first(school, clock, device=forged).next is Next.WAIT


def test_a_browser_is_known_for_its_own_user_until_the_password_changes(
    school: Database, clock: Clock
) -> None:
    device = first(school, clock, totp=False).device or ""
    with school.read() as session:
        assert known_device(session, LOGIN, device)
        assert known_device(session, "admin", device) is None
    with school.write() as session:
        set_password(session, LOGIN, OTHER)
        assert known_device(session, LOGIN, device) is None


def test_without_a_second_step_many_addresses_together_are_slowed_down(
    school: Database, clock: Clock
) -> None:
    known = first(school, clock, totp=False).device
    for machine in range(20):
        for _ in range(5):
            first(school, clock, password=WRONG, totp=False, address=f"198.51.100.{machine}")
    assert first(school, clock, totp=False, address="198.51.100.99").next is Next.WAIT
    assert first(school, clock, totp=False, device=known).next is Next.IN


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_all_addresses_of_one_machine_count_as_one_client(client: str, counted: str) -> None:
    assert throttle.network(client) == counted


def test_without_the_second_step_the_password_is_enough(school: Database, clock: Clock) -> None:
    step = first(school, clock, totp=False)
    assert step.next is Next.IN
    assert who(school, clock, step.token)


def test_logins_failures_and_logouts_are_audited_without_the_typed_text(
    school: Database, clock: Clock
) -> None:
    first(school, clock, password=WRONG)
    password_step(school, login="hunter2 typed here", password=WRONG, totp=True, address=ADDRESS, now=clock())
    step = first(school, clock, totp=False)
    sign_out(school, step.token or "", address=ADDRESS, now=clock())
    assert audited(school) == [
        ("sign-in failed", LOGIN, ADDRESS),
        ("sign-in failed", None, ADDRESS),
        ("sign-in", LOGIN, ADDRESS),
        ("sign-out", LOGIN, ADDRESS),
    ]
    assert who(school, clock, step.token) is None
    with school.read() as session:
        everything = str([vars(row) for row in session.scalars(select(AuditRow))])
    for typed in ("cat", "hunter2", PASSWORD):
        assert typed not in everything


def test_an_administrator_revokes_an_app_and_signs_its_owner_out(school: Database, clock: Clock) -> None:
    app = set_up(school, clock)
    inside = second(school, clock, first(school, clock).token, app.at(clock())).token
    with school.write() as session:
        recover(session, LOGIN, actor=ADMINISTRATOR, now=clock())
    assert who(school, clock, inside) is None
    step = first(school, clock)
    assert step.next is Next.SET_UP
    secret = pending_secret(school, step.token or "", now=clock())
    assert secret
    assert secret.secret != app.secret
    assert audited(school)[-1] == ("account recovered", "admin", ADDRESS)


def test_recovery_may_give_a_new_password(school: Database, clock: Clock) -> None:
    with school.write() as session:
        recover(session, LOGIN, actor=ADMINISTRATOR, now=clock(), password=OTHER)
    assert first(school, clock).next is Next.REFUSED
    assert first(school, clock, password=OTHER).next is Next.SET_UP


def test_only_an_administrator_of_the_school_recovers_accounts(school: Database, clock: Clock) -> None:
    senior = Actor("S. Senior", "Deputy head", "oak-lane", "s", Role.SENIOR)
    elsewhere = Actor("E. Else", "Network manager", "elm", "e", Role.ADMINISTRATOR)
    with school.write() as session:
        with pytest.raises(NotAllowedError, match="administrator"):
            recover(session, LOGIN, actor=senior, now=clock())
        with pytest.raises(AccountError, match="no login"):
            recover(session, LOGIN, actor=elsewhere, now=clock())


def test_a_new_password_leaves_the_app_in_place(school: Database, clock: Clock) -> None:
    set_up(school, clock)
    with school.write() as session:
        set_password(session, LOGIN, OTHER)
    assert first(school, clock, password=OTHER).next is Next.CODE


def test_a_role_is_stored(school: Database, clock: Clock) -> None:
    with school.write() as session:
        add_staff(
            session,
            school="oak-lane",
            login="head",
            name="H. Head",
            position="Head",
            password=OTHER,
            role=Role.SENIOR,
        )
        assert session.get_one(StaffRow, "head").role == "senior"


def test_the_table_of_permissions_is_complete() -> None:
    assert set(ALLOWED) == set(Role)
    for permission in Permission:
        assert any(may(role, permission) for role in Role)
    assert not may(Role.ADMINISTRATOR, Permission.RELEASE)
    assert not may(Role.OFFICE, Permission.MANAGE_STAFF)
    assert not may(Role.SENIOR, Permission.MANAGE_STAFF)
    with pytest.raises(NotAllowedError, match="you need another role: administrator, senior"):
        require(Role.OFFICE, Permission.CHANGE_POLICY)
