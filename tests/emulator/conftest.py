"""A fresh emulator for each test, judged by the vendors' documents where they are at hand."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from emulator import Emulator
from tests.conformance import Conformance

ADDRESS = "192.0.2.10"
PASSWORD = "correct-horse-1-battery"


class Client:
    """Sends what a test asks for, with the seeded credentials unless it brings others."""

    def __init__(self, emulator: Emulator, conformance: Conformance | None) -> None:
        self.emulator = emulator
        self._conformance = conformance
        self.session = requests.Session()

    def send(self, method: str, host: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.emulator.url}/{host}{path}", timeout=10, **options)

    def sendgrid(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        behalf: str | None = None,
        host: str = "api.sendgrid.com",
        **options: Any,
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {key or self.emulator.credentials['SENDGRID_API_KEY']}"}
        if behalf is not None:
            headers["on-behalf-of"] = behalf
        return self.send(method, host, f"/v3{path}", headers=headers | options.pop("headers", {}), **options)

    def expect_violation(self, violation: str) -> None:
        """The one violation so far is this, and the documents agree that the request was wrong."""
        assert self.emulator.violations == [violation]
        assert self._conformance is not None
        assert self._conformance.problems or not Conformance.available()
        self.emulator.violations.clear()
        self._conformance.problems.clear()

    def subuser(self, username: str = "engage_dev", /, **fields: Any) -> requests.Response:
        body = {"username": username, "email": "dev@example.com", "password": PASSWORD, "ips": [ADDRESS]}
        return self.sendgrid("POST", "/subusers", json=body | fields)

    def twilio(self, method: str, path: str, **options: Any) -> requests.Response:
        credentials = self.emulator.credentials
        options.setdefault("auth", (credentials["TWILIO_ACCOUNT_SID"], credentials["TWILIO_AUTH_TOKEN"]))
        host = "api.twilio.com" if path.startswith("/2010") else "messaging.twilio.com"
        return self.send(method, host, path, **options)

    def segment(
        self, method: str, path: str, *, host: str = "api.segmentapis.com", **options: Any
    ) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.emulator.credentials['SEGMENT_PUBLIC_API_TOKEN']}",
            "Content-Type": "application/vnd.segment.v1+json",
        }
        return self.send(method, host, path, headers=headers | options.pop("headers", {}), **options)


@pytest.fixture
def client(emu: Emulator, conformance: Conformance) -> Iterator[Client]:
    client = Client(emu, conformance)
    with client.session:
        yield client


def refusal(response: requests.Response) -> tuple[int, list[str]]:
    """(status, messages) of a refusal by SendGrid or Segment."""
    return response.status_code, [error["message"] for error in response.json()["errors"]]
