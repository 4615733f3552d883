"""The emulator as a server on loopback: in a thread for tests, in the foreground for people."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from emulator.app import DROP, App, Listener, Observer
from emulator.dns import DnsServer
from emulator.exchange import LogEntry
from emulator.faults import Fault
from emulator.made_up import credentials
from emulator.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class StartError(Exception):
    """The server cannot listen; the message says why and what to do."""


class _Connections:
    """Open connections, so that stopping also ends those that a client keeps alive."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def add(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def discard(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def end(self) -> None:
        with self._lock:
            for connection in self._open:
                _break(connection)


def _break(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster


def _reply(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and body. (werkzeug.test.run_wsgi_app copies the environment, and DROP would be lost.)"""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return lambda _data: None

    body = b"".join(app(environ, start_response))
    return *started[-1], body


def _handler(connections: _Connections) -> type[WSGIRequestHandler]:
    class Handler(WSGIRequestHandler):
        """One connection, kept alive as the vendors' are.

        Werkzeug's own run_wsgi ends the connection after each reply and spends 10 ms on reading what is left of the
        request; this one reads the whole body first, so that neither is needed.
        """

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            connections.add(self.connection)

        def finish(self) -> None:
            connections.discard(self.connection)
            super().finish()

        def run_wsgi(self) -> None:
            if self.headers.get("Expect", "").lower() == "100-continue":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            environ = self.make_environ()
            chunked = environ.get("wsgi.input_terminated", False)
            length = -1 if chunked else int(environ.get("CONTENT_LENGTH") or 0)
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
            status, headers, body = _reply(self.server.app, environ)
            if environ.get(DROP):
                self.close_connection = True
                _break(self.connection)
                return
            code, _, reason = status.partition(" ")
            self.send_response(int(code), reason)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
            """Silent: the application keeps the log of requests."""

    return Handler


def _listen(host: str, port: int) -> socket.socket:
    if host not in LOOPBACK:
        raise StartError(f"{host} is not a loopback address: the emulator has no protection against strangers")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartError(
            f"cannot listen on {host}:{port}: {error.strerror}. "
            "Another program (an emulator that still runs?) has the port: stop it, or choose another with --port"
        ) from error
    listener.listen(128)
    return listener


class Emulator:
    """`with Emulator() as emu: ...` serves the vendors at `emu.url` until the block ends.

    `state` is a file that survives restarts (None: memory only), `port` 0 takes a free one, `observer` sees every
    exchange with a vendor in full, `listener` every line of the request log. With `dns_port` (0: a free one), the zone
    is served at `emu.nameserver`; with `publish`, what the vendors ask for is in it at once: see emulator.dns.
    """

    def __init__(
        self,
        state: Path | None = None,
        port: int = 0,
        observer: Observer | None = None,
        *,
        host: str = "127.0.0.1",
        listener: Listener | None = None,
        dns_port: int | None = None,
        publish: bool = False,
    ) -> None:
        self._app = App(state, observer, listener)
        self._address = (host, port)
        self._dns_port = dns_port
        self._app.store.publishes = publish
        self._dns: DnsServer | None = None
        self._connections = _Connections()
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        host, port = self._address
        with _listen(host, port) as listener:
            self._server = make_server(
                host,
                listener.getsockname()[1],
                self._app,
                threaded=True,
                request_handler=_handler(self._connections),
                fd=listener.fileno(),
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        if self._dns_port is not None:
            try:
                self._dns = DnsServer(self._app.store, host, self._dns_port)
            except OSError as error:
                self.stop()
                raise StartError(
                    f"cannot answer DNS on {host}:{self._dns_port}: {error.strerror}. "
                    "Another program has the UDP port: stop it, or choose another with --dns-port"
                ) from error

    def stop(self) -> None:
        if self._dns is not None:
            self._dns.close()
            self._dns = None
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._connections.end()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        if self._server is None:
            raise StartError("the emulator is not running")
        host = self._address[0]
        return f"http://{f'[{host}]' if ':' in host else host}:{self._server.port}"

    @property
    def nameserver(self) -> str:
        """Where the zone is served, as `address:port`."""
        if self._dns is None:
            raise StartError("the emulator serves no DNS")
        return f"{self._address[0]}:{self._dns.port}"

    @property
    def credentials(self) -> Mapping[str, str]:
        return credentials

    @property
    def state(self) -> Store:
        return self._app.store

    @property
    def requests(self) -> list[LogEntry]:
        return list(self._app.log)

    @property
    def violations(self) -> list[str]:
        return self._app.violations

    def fault(self, **fields: Any) -> Fault:
        """Asks for a failure: see emulator.faults.Fault. FaultError if a field is unknown or wrong."""
        return self._app.faults.add(**fields)

    def reset(self) -> None:
        """Back to the seeded accounts; faults, violations and the request log are forgotten."""
        self._app.reset()
