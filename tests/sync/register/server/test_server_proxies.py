"""What a proxy says about a client is trusted only if the proxy is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from sync.register.context import Register
from sync.register.server.app import create_app
from sync.register.server.settings import RegisterSettings
from sync.register.storage.models import AuditRow
from sync.settings import SettingsError, load
from tests.sync.register.support import LOGIN, PASSWORD, Clock, seed, serving

THROUGH = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
DATA = {"login": LOGIN, "password": PASSWORD}


@contextmanager
def behind(tmp_path: Path, *proxies: str) -> Iterator[tuple[str, Register]]:
    clock = Clock()
    app = create_app(f"sqlite:///{tmp_path / 'register.db'}", now=clock, totp=False)
    register: Register = app.state.register
    seed(register.database, clock)
    with serving(app, trusted_proxies=proxies) as url:
        yield url, register


def addresses(register: Register) -> list[str]:
    with register.database.read() as session:
        return list(session.scalars(select(AuditRow.address)))


@pytest.mark.parametrize("trusted", ["127.0.0.1", "127.0.0.0/8"])
def test_a_trusted_proxy_states_the_clients_address_and_https(tmp_path: Path, trusted: str) -> None:
    with behind(tmp_path, trusted) as (url, register):
        answer = httpx.post(f"{url}/login", data=DATA, headers=THROUGH)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-latebook=")
        assert "Secure" in cookie
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert addresses(register) == ["203.0.113.9"]
        token = cookie.split(";")[0]
        assert httpx.get(url, headers=THROUGH | {"Cookie": token}).status_code == 200
        other_name = token.removeprefix("__Host-")
        assert httpx.get(url, headers=THROUGH | {"Cookie": other_name}).status_code == 303


@pytest.mark.parametrize("trusted", [(), ("10.0.0.0/8",)])
def test_no_other_client_is_trusted(tmp_path: Path, trusted: tuple[str, ...]) -> None:
    with behind(tmp_path, *trusted) as (url, register):
        answer = httpx.post(f"{url}/login", data=DATA, headers=THROUGH)
        assert "Secure" not in answer.headers["set-cookie"]
        assert answer.headers["set-cookie"].startswith("latebook=")
        assert "strict-transport-security" not in answer.headers
        assert addresses(register) == ["127.0.0.1"]


def test_guessing_is_throttled_by_the_clients_real_address(tmp_path: Path) -> None:
    with behind(tmp_path, "127.0.0.1") as (url, _):
        statuses = []
        for number in range(61):
            data = {"login": f"nobody{number}", "password": "wrong"}
            statuses.append(httpx.post(f"{url}/login", data=data, headers=THROUGH, timeout=30).status_code)
        assert (statuses.count(403), statuses[-1]) == (60, 429)
        elsewhere = THROUGH | {"X-Forwarded-For": "203.0.113.10"}
        assert httpx.post(f"{url}/login", data=DATA, headers=elsewhere, timeout=30).status_code == 303


def test_the_setting_is_a_list_in_a_file_and_a_text_in_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text('[server]\ntrusted_proxies = ["127.0.0.1", "10.0.0.0/8"]\n')
    expected = ("127.0.0.1", "10.0.0.0/8")
    assert load(RegisterSettings, file, {}).value.server.trusted_proxies == expected
    environ = {"LATEBOOK_SERVER_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}
    assert load(RegisterSettings, None, environ).value.server.trusted_proxies == expected
    assert load(RegisterSettings, None, {}).value.server.trusted_proxies == ()


@pytest.mark.parametrize("wrong", ["proxy.example", "*", "10.0.0.0/99"])
def test_an_invalid_address_is_refused_with_the_reason(wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"is not an address; write for example 127\.0\.0\.1"):
        load(RegisterSettings, None, {"LATEBOOK_SERVER_TRUSTED_PROXIES": wrong})


def test_a_login_takes_a_code_unless_it_is_switched_off() -> None:
    assert load(RegisterSettings, None, {}).value.login.totp
    assert not load(RegisterSettings, None, {"LATEBOOK_LOGIN_TOTP": "false"}).value.login.totp
