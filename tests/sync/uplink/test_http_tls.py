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
    return folder


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
    ("certificate", "ca"),
    [("good", None), ("good", "theirs.pem"), ("misnamed", "ours.pem"), ("expired", "ours.pem")],
    ids=["no private authority", "another authority", "another name", "expired"],
)
def test_any_other_certificate_is_refused_and_nothing_is_sent(
    papers: Path, certificate: str, ca: str | None
) -> None:
    with register(papers, certificate) as (url, sent):
        with pytest.raises(NoAnswerError, match=CERTIFICATE):
            enrol(RegisterClient(url, papers / ca if ca else None), "code", "Reception")
        assert sent == []


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
