"""The People page: accounts, their roles and how they end, and PINs for the kiosk."""

import re
from collections.abc import Iterator

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from sync.register.permissions import Role
from sync.register.storage.models import AuditRow, KioskStaffRow
from sync.wire.pins import TypedPin
from tests.sync.register.pages import Office, office
from tests.sync.register.support import LOGIN, Kiosk, Running


@pytest.fixture
def admin(register: Running) -> Iterator[Office]:
    with office(register, "admin", Role.ADMINISTRATOR) as it:
        yield it


@pytest.fixture
def senior(register: Running) -> Iterator[Office]:
    with office(register, "head", Role.SENIOR) as it:
        yield it


NEW = {"login": " Sam ", "name": "S. New", "position": "Receptionist", "role": "office"}


def shown_secret(page: httpx.Response) -> str:
    """The initial password or PIN that the page shows."""
    found = re.search(r"<code>([A-Z0-9-]+)</code>", page.text)
    assert found, page.text
    return found[1]


def audited(register: Running) -> list[tuple[str, str | None, str | None]]:
    with register.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id))
        return [(row.action, row.login, row.subject) for row in rows]


def test_an_initial_password_opens_only_the_account_page(admin: Office, register: Running) -> None:
    password = shown_secret(admin.post("/people/accounts", NEW))
    with Office(register.url) as sam:
        assert sam.log_in("sam", password).url.path == "/account"
        for path in ("/", "/needs", "/kiosks"):
            assert sam.get(path).url.path == "/account"
        assert sam.get("/today/live", headers={"HX-Request": "true"}).headers["hx-redirect"] == "/account"
        assert sam.post("/kiosks/code").url.path == "/account"
        own = {"present": password, "new": "three words of mine", "again": "three words of mine"}
        assert sam.post("/account/password", own).url.path == "/"
        assert "S. New" in sam.get("/").text
    assert password not in admin.get("/people").text
    assert ("account added", "admin", "sam") in audited(register)


def test_a_taken_user_name_is_refused(admin: Office) -> None:
    refused = admin.post("/people/accounts", NEW | {"login": LOGIN})
    assert (refused.status_code, "is taken" in refused.text) == (400, True)
    assert 'value="S. New"' in refused.text


@pytest.mark.parametrize("login", ["two words", "a/b", "", "x" * 65])
def test_an_invalid_user_name_is_refused_with_the_reason(admin: Office, login: str) -> None:
    assert admin.post("/people/accounts", NEW | {"login": login}).status_code == 400


def test_a_changed_role_applies_from_the_next_page(admin: Office, register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as sam:
        assert sam.get("/audit").status_code == 403
        changed = {"name": "S. New", "position": "Deputy head", "role": "senior"}
        assert "Saved." in admin.post("/people/accounts/sam", changed).text
        assert sam.get("/audit").status_code == 200


def test_ending_an_account_logs_it_out_at_once(admin: Office, register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as sam:
        assert sam.get("/").url.path == "/"
        assert "The account has ended" in admin.post("/people/accounts/sam/end").text
        assert sam.get("/").url.path == "/login"
        assert sam.log_in("sam").status_code == 403
    assert ("account ended", "admin", "sam") in audited(register)


def test_an_administrator_logs_a_user_out_everywhere(admin: Office, register: Running) -> None:
    with office(register, "sam", Role.OFFICE) as sam:
        admin.post("/people/accounts/sam/log-out")
        assert sam.get("/").url.path == "/login"


def test_a_new_initial_password_ends_the_old_password_and_its_sessions(
    admin: Office, register: Running
) -> None:
    with office(register, "sam", Role.OFFICE) as sam:
        password = shown_secret(admin.post("/people/accounts/sam/start-password"))
        assert sam.get("/").url.path == "/login"
        assert sam.log_in("sam").status_code == 403
        assert sam.log_in("sam", password).url.path == "/account"


def test_an_administrator_cannot_end_or_demote_themselves(admin: Office) -> None:
    less = {"name": "A. Admin", "position": "Network manager", "role": "office"}
    for path, form in (("", less), ("/end", {}), ("/start-password", {})):
        assert admin.post(f"/people/accounts/admin{path}", form).status_code == 400
    assert admin.get("/people/accounts/admin").status_code == 200


def test_another_schools_account_is_unknown(admin: Office, register: Running) -> None:
    with office(register, "elsewhere", Role.OFFICE, school="elm") as other:
        assert admin.get("/people/accounts/elsewhere").status_code == 404
        for path in ("", "/end", "/start-password", "/second-step", "/log-out"):
            form = {"name": "X", "position": "Y", "role": "senior"}
            assert admin.post(f"/people/accounts/elsewhere{path}", form).status_code == 404
        assert other.get("/").url.path == "/"


PIN = {"name": "R. Front", "position": "Receptionist"}


def test_a_pin_reaches_kiosks_with_a_new_bundle(senior: Office, kiosk: Kiosk) -> None:
    before = kiosk.get("/bundle").json()
    assert before["staff"] == []
    pin = shown_secret(senior.post("/people/pins", PIN))
    after = kiosk.get("/bundle").json()
    (member,) = after["staff"]
    assert after["version"] != before["version"]
    assert (member["name"], member["position"]) == ("R. Front", "Receptionist")
    assert TypedPin(pin).is_of(member["pin"])


def test_a_pin_is_drawn_and_shown_once(senior: Office, kiosk: Kiosk) -> None:
    pin = shown_secret(senior.post("/people/pins", PIN | {"pin": "8305"}))  # as a page of before may send
    assert re.fullmatch(r"[0-9]{6}", pin)
    assert pin not in senior.get("/people").text
    assert TypedPin(pin).is_of(kiosk.get("/bundle").json()["staff"][0]["pin"])


def test_a_pin_without_a_position_is_refused_and_the_form_is_kept(senior: Office, kiosk: Kiosk) -> None:
    refused = senior.post("/people/pins", PIN | {"position": " "})
    assert (refused.status_code, 'value="R. Front"' in refused.text) == (400, True)
    assert kiosk.get("/bundle").json()["staff"] == []


def test_a_pin_changes_and_ends_with_a_new_bundle_each_time(
    senior: Office, register: Running, kiosk: Kiosk
) -> None:
    old = shown_secret(senior.post("/people/pins", PIN))
    first = kiosk.get("/bundle").json()
    holder = first["staff"][0]["id"]
    new = shown_secret(senior.post(f"/people/pins/{holder}/pin"))
    second = kiosk.get("/bundle").json()
    assert TypedPin(new).is_of(second["staff"][0]["pin"])
    assert not TypedPin(old).is_of(second["staff"][0]["pin"])
    senior.post(f"/people/pins/{holder}", {"name": "R. Back", "position": "Receptionist"})
    third = kiosk.get("/bundle").json()
    assert third["staff"][0]["name"] == "R. Back"
    assert "The PIN has ended" in senior.post(f"/people/pins/{holder}/end").text
    fourth = kiosk.get("/bundle").json()
    assert fourth["staff"] == []
    assert len({each["version"] for each in (first, second, third, fourth)}) == 4
    assert senior.get(f"/people/pins/{holder}").status_code == 404
    with register.database.read() as session:
        row = session.scalars(select(KioskStaffRow)).one()
        assert (row.name, row.pin_hash, row.ended_at is not None) == ("R. Back", "", True)
    assert [action for action, _, _ in audited(register)][-4:] == [
        "PIN given",
        "PIN changed",
        "PIN changed",
        "PIN ended",
    ]


def test_pins_of_an_earlier_version_are_named_and_all_drawn_again_at_once(
    senior: Office, register: Running, kiosk: Kiosk
) -> None:
    shown_secret(senior.post("/people/pins", PIN))
    assert "earlier version" not in senior.get("/people").text
    earlier = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    with register.database.write() as session:
        for name, pin in (("A. Old", "2468"), ("B. Old", "9152")):
            session.add(
                KioskStaffRow(
                    school_id="oak-lane", id=name, name=name, position="Cook", pin_hash=earlier.hash(pin)
                )
            )
    page = senior.get("/people").text
    assert "2 PINs are of an earlier version of Latebook and may have only four digits." in page
    assert (page.count("draw a new one"), page.count("six digits</span>")) == (2, 1)
    shown = senior.post("/people/pins/renew").text
    drawn = dict(re.findall(r'<th scope="row"[^>]*>(.*?)</th>.*?<code>([0-9]{6})</code>', shown))
    assert list(drawn) == ["A. Old", "B. Old"]
    stored = {each["name"]: each["pin"] for each in kiosk.get("/bundle").json()["staff"]}
    assert all(TypedPin(pin).is_of(stored[name]) for name, pin in drawn.items())
    page = senior.get("/people").text
    assert "earlier version" not in page
    assert not any(pin in page for pin in drawn.values())
    assert senior.post("/people/pins/renew").url.path == "/people", "there is nothing to draw"


def test_another_schools_pin_is_unknown(senior: Office, register: Running, kiosk: Kiosk) -> None:
    senior.post("/people/pins", PIN)
    holder = kiosk.get("/bundle").json()["staff"][0]["id"]
    with office(register, "elsewhere", Role.SENIOR, school="elm") as other:
        assert other.get(f"/people/pins/{holder}").status_code == 404
        for path in ("/pin", "/end"):
            assert other.post(f"/people/pins/{holder}{path}").status_code in (400, 404)
    assert kiosk.get("/bundle").json()["staff"] != []


def test_senior_staff_assign_pins_and_see_no_accounts(senior: Office) -> None:
    page = senior.get("/people").text
    assert "Give a PIN" in page
    assert "Accounts" not in page
    assert "J. Office" not in page.split("<main", 1)[1]
