"""The emulator's own API under `/_emulator/`, for people, scripts and starters; none of it exists at a vendor."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request

from emulator.exchange import redact
from emulator.faults import FaultError
from emulator.store import Store

if TYPE_CHECKING:
    from emulator.app import App

PREFIX = "_emulator"
PRODUCT = "twilio-engage-emulator"
VERSION = "0.1.0"


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, indent=1), status, content_type="application/json")


def _refuse(status: int, message: str) -> Response:
    return _json({"message": message}, status)


def visible(store: Store) -> dict[str, dict[str, dict[str, Any]]]:
    """All that exists, for eyes: hashes of secrets are of no use to anyone who reads."""
    with store.lock:
        return {
            vendor: {
                name: {
                    key: redact({k: v for k, v in record.items() if not k.endswith("_sha256")})
                    for key, record in records.items()
                }
                for name, records in collections.items()
            }
            for vendor, collections in store.vendors.items()
        }


def blueprint(app: App) -> Blueprint:
    bp = Blueprint("control", __name__)

    @bp.get("/")
    def page() -> str:
        return render_template(
            "page.html",
            state=visible(app.store),
            log=list(app.log)[-50:][::-1],
            faults=[fault.model_dump(mode="json", exclude_defaults=True) for fault in app.faults],
            violations=app.violations,
            hosts={vendor.name: sorted(vendor.hosts) for vendor in app.vendors},
            version=VERSION,
        )

    @bp.get(f"/{PREFIX}/health")
    def health() -> Response:
        """Tells whoever started an emulator whether this one is theirs."""
        vendors = {vendor.name: sorted(vendor.hosts) for vendor in app.vendors}
        return _json({"product": PRODUCT, "version": VERSION, "pid": os.getpid(), "vendors": vendors})

    @bp.post(f"/{PREFIX}/reset")
    def reset() -> Response:
        app.reset()
        return Response(status=204)

    @bp.get(f"/{PREFIX}/requests")
    def requests() -> Response:
        return _json([{**asdict(entry), "line": str(entry)} for entry in app.log])

    @bp.delete(f"/{PREFIX}/requests")
    def forget_requests() -> Response:
        app.log.clear()
        return Response(status=204)

    @bp.get(f"/{PREFIX}/violations")
    def violations() -> Response:
        return _json(app.violations)

    _fault_routes(bp, app)
    _state_routes(bp, app.store)
    return bp


def _fault_routes(bp: Blueprint, app: App) -> None:
    @bp.get(f"/{PREFIX}/faults")
    def faults() -> Response:
        return _json([fault.model_dump(mode="json") for fault in app.faults])

    @bp.post(f"/{PREFIX}/faults")
    def add_fault() -> Response:
        fields = request.get_json(force=True, silent=True)
        if not isinstance(fields, dict):
            return _refuse(400, "a fault is a JSON object")
        try:
            fault = app.faults.add(**fields)
        except FaultError as error:
            return _refuse(400, str(error))
        return _json(fault.model_dump(mode="json"), 201)

    @bp.delete(f"/{PREFIX}/faults")
    def clear_faults() -> Response:
        app.faults.clear()
        return Response(status=204)


def _state_routes(bp: Blueprint, store: Store) -> None:
    one = f"/{PREFIX}/state/<vendor>/<collection>/<path:key>"

    @bp.get(f"/{PREFIX}/state")
    def state() -> Response:
        return _json(visible(store))

    @bp.put(one)
    def put(vendor: str, collection: str, key: str) -> Response:
        record = request.get_json(force=True, silent=True)
        if not isinstance(record, dict):
            return _refuse(400, "a record is a JSON object")
        with store.lock:
            store.collection(vendor, collection)[key] = record
            store.save()
        return Response(status=204)

    @bp.delete(one)
    def remove(vendor: str, collection: str, key: str) -> Response:
        try:
            store.remove(vendor, collection, key)
        except KeyError as error:
            return _refuse(404, f"nothing is called {error} in {vendor}/{collection}")
        store.save()
        return Response(status=204)

    @bp.patch(one)
    def alter(vendor: str, collection: str, key: str) -> Response:
        changes = request.get_json(force=True, silent=True)
        if not isinstance(changes, dict):
            return _refuse(400, "the changes are a JSON object")
        try:
            store.alter(vendor, collection, key, **changes)
        except KeyError as error:
            return _refuse(404, f"nothing is called {error} in {vendor}/{collection}")
        store.save()
        return Response(status=204)
