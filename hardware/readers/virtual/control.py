"""The virtual reader's control socket, through which another terminal taps cards and switches faults.

A Unix domain socket for this account only (mode 0600). One connection is one request: a line of JSON, such as
`{"do": "tap", "card": "em4100:0012D687"}`, answered by a line of JSON, `{"ok": true, "frames": 4}` or
`{"ok": false, "error": "One sentence."}`.
"""

import json
import socket
import socketserver
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal, Self

import structlog
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from hardware.errors import ControlError, VirtualReaderError
from hardware.readers.simulation import ReaderFault, SimulatedReader
from hardware.readers.virtual.virtual import VirtualReader

LINE_BYTES = 4096
"""The longest request or answer."""
REQUEST_SECONDS = 5.0
"""Time limit for a connection to send its request."""
ANSWER_SECONDS = 70.0
"""Time limit for an answer: somewhat more than the longest hold."""
MAX_REPEATS = 1200
"""Repeats of a hold of one minute."""

log = structlog.get_logger()


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Tap(_Request):
    do: Literal["tap"]
    card: str | int
    also: str | int | None = None
    repeats: int | None = Field(None, ge=0, le=MAX_REPEATS)


class _Switch(_Request):
    do: Literal["fault"]
    name: ReaderFault
    on: bool


class _Simple(_Request):
    do: Literal["unplug", "replug", "state"]


_requests: TypeAdapter[_Tap | _Switch | _Simple] = TypeAdapter(
    Annotated[_Tap | _Switch | _Simple, Field(discriminator="do")]
)


class ControlServer:
    """Answers requests to a virtual reader until closed."""

    def __init__(self, path: Path, reader: VirtualReader) -> None:
        """Create the socket; requests are answered from `serve` on.

        Raises:
            ControlError: another virtual reader answers at the path, or no socket can be made there.
        """
        self._path = path
        self._server = _Server(path, reader)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="virtual reader control"
        )

    def serve(self) -> None:
        """Start answering on a thread of its own.

        Raises:
            RuntimeError: the server was started before.
        """
        self._thread.start()

    def close(self) -> None:
        """Finish the requests in progress and remove the socket. May be called more than once."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.serve()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Handler(socketserver.StreamRequestHandler):
    timeout = REQUEST_SECONDS
    server: "_Server"

    def handle(self) -> None:
        line = self.rfile.readline(LINE_BYTES)
        if line:
            self.wfile.write(json.dumps(_answer(line, self.server.reader)).encode() + b"\n")


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    def __init__(self, path: Path, reader: VirtualReader) -> None:
        self.reader = reader
        self._path = path
        _make_way(path)
        beside = path.with_name(f"{path.name}.new")
        beside.unlink(missing_ok=True)
        try:
            super().__init__(str(beside), _Handler)
        except OSError as error:
            raise ControlError(
                f"No control socket can be made at {path} ({error.strerror or error}): choose another path."
            ) from error

    def server_bind(self) -> None:
        super().server_bind()
        # Before listen(), so that no other account can connect first.
        Path(str(self.server_address)).chmod(0o600)

    def server_activate(self) -> None:
        super().server_activate()
        # Renamed only now: a client that sees the socket can connect to it.
        Path(str(self.server_address)).rename(self._path)

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()  # a client that disconnected or sent nothing; the name is enough
        log.warning("control.request_failed", error=type(error).__name__)


def _answer(line: bytes, reader: VirtualReader) -> dict[str, Any]:
    try:
        return {"ok": True, **_do(_requests.validate_json(line), reader)}
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the request"
        return {"ok": False, "error": f"The virtual reader does not understand {field}: {first['msg']}."}
    except (VirtualReaderError, ValueError) as error:
        return {"ok": False, "error": str(error)}


def _do(request: _Tap | _Switch | _Simple, reader: VirtualReader) -> dict[str, Any]:
    if isinstance(request, _Tap):
        frames = reader.tap(request.card, also=request.also, repeats=request.repeats)
        if not frames:
            raise VirtualReaderError(f"No program reads {reader.state().link}: is the kiosk running?")
        return {"frames": frames}
    if isinstance(request, _Switch):
        reader.switch(request.name, on=request.on)
    elif request.do == "unplug":
        reader.unplug()
    elif request.do == "replug":
        reader.replug()
    return asdict(reader.state())


def _make_way(path: Path) -> None:
    """Remove a socket that a killed program left behind; refuse to remove anything else."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return
    if not path.is_socket():
        raise ControlError(f"{path} exists and is not a socket: move it away, or choose another path.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise ControlError(f"Another virtual reader answers at {path}: stop it first.")


def ask(path: Path, request: dict[str, Any], *, timeout: float = ANSWER_SECONDS) -> dict[str, Any]:
    """Send a request to a virtual reader and return the answer.

    Args:
        path: its control socket.
        request: `do` names the action: tap (with `card`, optionally `also` and `repeats`), fault (with `name`
            and `on`), unplug, replug or state.
        timeout: seconds to wait for the answer.

    Raises:
        ControlError: no virtual reader listens there, no answer came, or the reader reported an error.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(str(path))
            line.sendall(json.dumps(request).encode() + b"\n")
            with line.makefile("rb") as answers:
                answer = answers.readline(LINE_BYTES)
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise ControlError(
            f"No virtual reader listens at {path}: start the demo, or `latebook reader simulate`, first."
        ) from error
    except TimeoutError as error:
        raise ControlError(f"The virtual reader at {path} did not answer within {timeout:g} s.") from error
    except OSError as error:
        raise ControlError(
            f"The virtual reader at {path} cannot be reached: {error.strerror or error}."
        ) from error
    try:
        reply = json.loads(answer)
    except ValueError as error:
        raise ControlError(f"The virtual reader at {path} gave an unreadable answer.") from error
    if not reply["ok"]:
        raise ControlError(reply["error"])
    return dict(reply)


def run_virtual(
    link: Path, control: Path, stop: threading.Event, *, device: SimulatedReader | None = None
) -> None:
    """Run a virtual reader and its control socket until `stop` is set.

    Args:
        link: path at which the kiosk opens the port.
        control: path of the control socket.
        stop: ends the run.
        device: the simulated reader; by default an RDM6300.

    Raises:
        VirtualReaderError: the link's path is taken by something other than a link.
        ControlError: the control socket cannot be made.
    """
    with VirtualReader(link, device=device) as reader, ControlServer(control, reader):
        stop.wait()
        reader.close()  # first, or the server would wait for a tap in progress
