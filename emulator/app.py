"""The application: vendors' routes under their hosts, and what happens around every call to one of them."""

import json
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from emulator import control
from emulator.context import host, vendor_path, violation
from emulator.errors import VendorError
from emulator.exchange import LogEntry, RawRequest, RawResponse, log_entry
from emulator.faults import Fault, Faults
from emulator.store import Store
from emulator.vendors import Vendor, all_vendors

Observer = Callable[[RawRequest, RawResponse], None]
Listener = Callable[[LogEntry], None]

LOG_LENGTH = 5000
DROP = "emulator.drop"
"""Key in the WSGI environment: the server breaks the connection instead of replying."""


def json_response(body: object, status: int = 200, content_type: str = "application/json") -> Response:
    return Response(json.dumps(body), status, content_type=content_type)


class App(Flask):
    """Handlers of state run one at a time; every exchange is logged, shown to the observer and, if it may have changed
    something, saved before its reply is sent."""

    def __init__(self, state: Path | None, observer: Observer | None, listener: Listener | None) -> None:
        super().__init__(__name__)
        # A doubled slash is a client's mistake and must look like one; and no vendor answers to OPTIONS as Flask does.
        self.url_map.merge_slashes = False
        self.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
        self.vendors = all_vendors()
        self.store = Store(self._seed, state)
        self.faults = Faults()
        self.log: deque[LogEntry] = deque(maxlen=LOG_LENGTH)
        self.violations: list[str] = []
        self._observer = observer
        self._listener = listener
        self.extensions.update(store=self.store, violations=self.violations)
        self._by_host = {name: vendor for vendor in self.vendors for name in vendor.hosts}
        for vendor in self.vendors:
            for blueprint, hosts in vendor.resources.items():
                for name in hosts:
                    self.register_blueprint(
                        blueprint, url_prefix=f"/{name}", name=f"{blueprint.name}@{name.replace('.', '-')}"
                    )
        self.register_blueprint(control.blueprint(self))
        self.register_error_handler(VendorError, lambda e: self._refusal(e))
        self.register_error_handler(HTTPException, self._not_emulated)
        self.register_error_handler(InternalServerError, self._bug)

    def _seed(self, store: Store) -> None:
        for vendor in self.vendors:
            vendor.seed(store)

    def full_dispatch_request(self) -> Response:
        if host() in ("", control.PREFIX):
            return super().full_dispatch_request()
        began = time.perf_counter()
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        raw = RawRequest(
            method=request.method,
            host=host(),
            path=vendor_path(),
            query=tuple(request.args.items(multi=True)),
            headers=dict(request.headers),
            body=request.get_data(),
        )
        vendor = self._by_host.get(raw.host)
        with self.store.lock:
            fault = self.faults.take(vendor.name, raw.method, raw.path) if vendor else None
        if fault:
            time.sleep(fault.latency_ms / 1000)
        with self.store.lock:
            response = self._injected(vendor, fault) or super().full_dispatch_request()
            for name, value in (vendor.headers() if vendor else {}).items():
                response.headers.setdefault(name, value)
            if request.method not in ("GET", "HEAD"):
                self.store.save()
            emulated = response.status_code != 501 and (fault is None or not (fault.status or fault.drop))
            reply = RawResponse(response.status_code, dict(response.headers), response.get_data(), emulated)
            milliseconds = (time.perf_counter() - began) * 1000
            self._note(raw, reply, log_entry(raw, reply, at=at, milliseconds=milliseconds, note=str(fault or "")))
        if fault and fault.drop:
            request.environ[DROP] = True
        return response

    def _note(self, raw: RawRequest, reply: RawResponse, entry: LogEntry) -> None:
        self.log.append(entry)
        if self._listener:
            self._listener(entry)
        if self._observer:
            self._observer(raw, reply)

    def reset(self) -> None:
        """Back to the seeded accounts; faults, violations and the request log are forgotten."""
        with self.store.lock:
            self.store.reset()
            self.faults.clear()
            self.violations.clear()
            self.log.clear()

    @staticmethod
    def _refusal(error: VendorError) -> Response:
        response = json_response(error.body, error.status)
        response.headers.update(error.headers)
        return response

    def _injected(self, vendor: Vendor | None, fault: Fault | None) -> Response | None:
        if vendor is None or fault is None or fault.drop == "after" or not (fault.status or fault.drop):
            return None
        status = fault.status or 503
        if fault.html:
            page = f"<html><body><h1>{status}</h1><p>upstream connect error</p></body></html>"
            response = Response(page, status, content_type="text/html")
        else:
            response = self._refusal(vendor.failure(status, fault.reset_in))
        if fault.body is not None:
            response = json_response(fault.body, status)
        response.headers.update(fault.headers)
        return response

    def _not_emulated(self, error: HTTPException) -> Response:
        if error.code not in (404, 405):
            return Response(error.description, error.code or 500)
        known = host() in self._by_host or host() == control.PREFIX
        what = "no such route is emulated" if known else f"no vendor with the host {host()!r} is emulated"
        message = f"{request.method} {request.path}: {what}. This says nothing about the real API."
        return json_response({"emulator": "not emulated", "message": message}, 501)

    @staticmethod
    def _bug(error: InternalServerError) -> Response:
        violation(f"the emulator itself failed: {error.original_exception!r}")
        return json_response({"emulator": "failed", "message": repr(error.original_exception)}, 500)
