"""The register's certificate: always checked, against a private authority if the school has one."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sync.uplink.errors import NoAnswerError
from sync.uplink.http import RegisterClient, enrol
from sync.uplink.obstacles import Obstacle
from tests.sync.register.server.test_server import free_port
from tests.sync.uplink.bad_network import playing, say

CERTIFICATE = "the register's certificate cannot be trusted"


def openssl(*arguments: str) -> None:
    subprocess.run([shutil.which("openssl") or "openssl", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private authority, another one, and the register's certificates by the first."""
    folder = tmp_path_factory.mktemp("tls")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for name in ("ours", "theirs"):
        files = ["-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")]
        openssl("req", "-x509", *key, *files, "-subj", f"/CN=Authority {name}", "-days", "2")
    for name, names, days in (
        ("good", "IP:127.0.0.1,IP:127.0.0.2", "2"),
        ("misnamed", "DNS:register.example", "2"),
        ("expired", "IP:127.0.0.1", "0"),
    ):
        request = folder / f"{name}.csr"
        openssl(
            "req", *key, "-keyout", str(folder / f"{name}.key"), "-out", str(request), "-subj", "/CN=register"
        )
        extra = folder / f"{name}.ext"
        extra.write_text(f"subjectAltName={names}\n")
        by = ["-CA", str(folder / "ours.pem"), "-CAkey", str(folder / "ours.key"), "-CAcreateserial"]
        signed = ["-out", str(folder / f"{name}.pem"), "-days", days, "-extfile", str(extra)]
        openssl("x509", "-req", "-in", str(request), *by, *signed)
    not_yet_valid(folder)
    return folder


def not_yet_valid(folder: Path) -> None:
    """A certificate for the year 2090, made as `openssl ca` does: `openssl x509` has no first day."""
    (folder / "index").touch()
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=own\n[own]\ndatabase={folder}/index\nnew_certs_dir={folder}\nserial={folder}/serial\n"
        "default_md=sha256\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n"
    )
    (folder / "early.key").write_bytes((folder / "good.key").read_bytes())
    by = [
        "-cert",
        str(folder / "ours.pem"),
        "-keyfile",
        str(folder / "ours.key"),
        "-config",
        str(folder / "ca.cnf"),
    ]
    dates = ["-startdate", "20900101000000Z", "-enddate", "20910101000000Z"]
    files = [
        "-in",
        str(folder / "good.csr"),
        "-out",
        str(folder / "early.pem"),
        "-extfile",
        str(folder / "good.ext"),
    ]
    openssl("ca", "-batch", "-notext", "-rand_serial", *by, *dates, *files)


@contextmanager
def register(papers: Path, name: str, host: str = "127.0.0.1") -> Iterator[tuple[str, list[bytes]]]:
    """A register on HTTPS that enrols every kiosk; yields its address and the bodies that it got."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            text = b'{"kiosk_id": "k", "token": "t"}'
            self.send_response(201)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A client that does not trust the certificate hangs up."""

    server = Server((host, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers / f"{name}.pem", papers / f"{name}.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://{host}:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()


def test_a_certificate_of_the_schools_own_authority_is_accepted(papers: Path) -> None:
    with register(papers, "good") as (url, sent):
        assert enrol(RegisterClient(url, papers / "ours.pem"), "code", "Reception").kiosk_id == "k"
        assert len(sent) == 1


@pytest.mark.parametrize(
    ("certificate", "ca", "words", "obstacle"),
    [
        ("good", None, "its authority is unknown here; set .uplink. ca", Obstacle.CERTIFICATE),
        ("good", "theirs.pem", "its authority is unknown here", Obstacle.CERTIFICATE),
        ("misnamed", "ours.pem", "it is for another name; check the name in", Obstacle.CERTIFICATE),
        (
            "expired",
            "ours.pem",
            r"it has expired, and this machine's clock says \d{4}-",
            Obstacle.CERTIFICATE,
        ),
        ("early", "ours.pem", r"it is not valid yet, and this machine's clock says .*; set", Obstacle.CLOCK),
    ],
    ids=["no private authority", "another authority", "another name", "expired", "not yet valid"],
)
def test_any_other_certificate_is_refused_with_its_own_reason_and_nothing_is_sent(
    papers: Path, certificate: str, ca: str | None, words: str, obstacle: Obstacle
) -> None:
    with register(papers, certificate) as (url, sent):
        with pytest.raises(NoAnswerError, match=f"{CERTIFICATE}, so nothing was sent: {words}") as caught:
            enrol(RegisterClient(url, papers / ca if ca else None), "code", "Reception")
        assert caught.value.obstacle is obstacle
        assert sent == []


def test_a_port_without_encryption_is_named() -> None:
    with (
        playing(say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), waits=False) as host,
        pytest.raises(NoAnswerError, match="answers without encryption, so nothing was sent: check the port"),
    ):
        enrol(RegisterClient(f"https://{host}"), "code", "Reception")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            r"asks for a login \(407\)",
        ),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", r"does not connect to the register \(403\)"),
        (
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
            r"does not connect to the register \(502\)",
        ),
        (None, "proxy cannot be reached: check its address"),
    ],
    ids=["login", "blocked", "no way", "gone"],
)
def test_each_fault_of_a_proxy_has_its_own_sentence(
    monkeypatch: pytest.MonkeyPatch, answer: bytes | None, words: str
) -> None:
    with playing(say(answer or b"")) as host:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{host if answer else f'127.0.0.1:{free_port()}'}")
        monkeypatch.setenv("NO_PROXY", "")
        with pytest.raises(NoAnswerError, match=words) as caught:
            enrol(RegisterClient("https://register.example"), "code", "Reception")
    assert caught.value.obstacle is Obstacle.PROXY


def test_the_environment_does_not_override_the_setting(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(papers / "ours.pem"))
    with register(papers, "good", "127.0.0.2") as (url, sent):  # an address that may be another machine's
        with pytest.raises(NoAnswerError, match=CERTIFICATE):
            enrol(RegisterClient(url, papers / "theirs.pem"), "code", "Reception")
        assert sent == []


def test_missing_certificates_are_reported_in_a_sentence(papers: Path) -> None:
    nowhere = r"nowhere\.pem cannot be read, so nothing was sent"
    with register(papers, "good") as (url, _), pytest.raises(NoAnswerError, match=nowhere):
        enrol(RegisterClient(url, papers / "nowhere.pem"), "code", "Reception")
