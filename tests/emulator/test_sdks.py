"""The vendors' own libraries, which know nothing of an emulator, find in it what they expect of the vendor."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from sendgrid.sendgrid import SendGridAPIClient
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from emulator import Emulator
from tests.emulator.conftest import ADDRESS, PASSWORD

# Neither library is typed.
sendgrid_client: Any = SendGridAPIClient
twilio_client: Any = Client


class ToEmulator(TwilioHttpClient):
    """Sends to the emulator what is meant for a vendor, and leaves links alone that lead to the emulator already."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self._base = base

    def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override] # their bases disagree
        if not uri.startswith(self._base):
            parts = urlsplit(uri)
            uri = f"{self._base}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, uri, *args, **kwargs)


def test_sendgrids_library_makes_a_subuser_and_a_key_for_it(emu: Emulator) -> None:
    host = f"{emu.url}/api.sendgrid.com"
    parent = sendgrid_client(emu.credentials["SENDGRID_API_KEY"], host=host)
    body = {"username": "engage_dev", "email": "dev@example.com", "password": PASSWORD, "ips": [ADDRESS]}
    assert parent.client.subusers.post(request_body=body).status_code == 200
    behalf = sendgrid_client(emu.credentials["SENDGRID_API_KEY"], host=host, impersonate_subuser="engage_dev")
    made = behalf.client.api_keys.post(request_body={"name": "engage"})
    assert made.status_code == 201
    own = sendgrid_client(made.to_dict["api_key"], host=host)
    assert own.client.user.username.get().to_dict["username"] == "engage_dev"
    assert own.client.api_keys._(made.to_dict["api_key_id"]).delete().status_code == 204


def test_twilios_library_makes_changes_lists_and_deletes_addresses(emu: Emulator) -> None:
    transport = ToEmulator(emu.url)
    client = twilio_client(
        emu.credentials["TWILIO_ACCOUNT_SID"], emu.credentials["TWILIO_AUTH_TOKEN"], http_client=transport
    )
    parts = {"street": "101 Spear Street", "city": "San Francisco", "region": "CA", "postal_code": "94105"}
    try:
        made = [client.addresses.create(customer_name=f"{n}", iso_country="US", **parts) for n in range(5)]
        assert {address.street for address in made} == {"101 Spear St"}
        assert made[0].update(street_secondary="Suite 300").street_secondary == "Suite 300"
        # Three pages: the library follows the relative links of the replies.
        assert [address.sid for address in client.addresses.list(page_size=2)] == [address.sid for address in made]
        assert [address.sid for address in client.addresses.list(customer_name="3")] == [made[3].sid]
        assert made[0].delete()
        with pytest.raises(TwilioRestException) as caught:
            made[0].fetch()
        assert (caught.value.status, caught.value.code) == (404, 20404)
    finally:
        assert transport.session is not None
        transport.session.close()


def test_twilios_library_makes_changes_lists_and_deletes_services(emu: Emulator) -> None:
    transport = ToEmulator(emu.url)
    client = twilio_client(
        emu.credentials["TWILIO_ACCOUNT_SID"], emu.credentials["TWILIO_AUTH_TOKEN"], http_client=transport
    )
    try:
        assert client.api.accounts(emu.credentials["TWILIO_ACCOUNT_SID"]).fetch().type == "Full"
        made = [client.messaging.v1.services.create(friendly_name=f"Engage {n}", usecase="marketing") for n in range(5)]
        made[0].update(sticky_sender=False, inbound_request_url="https://example.com/in", validity_period=60)
        read = client.messaging.v1.services(made[0].sid).fetch()
        assert (read.sticky_sender, read.inbound_request_url, read.validity_period) == (
            False,
            "https://example.com/in",
            60,
        )
        # Three pages: the library follows the links of the replies.
        assert [service.sid for service in client.messaging.v1.services.list(page_size=2)] == [s.sid for s in made]
        assert made[0].delete()
        with pytest.raises(TwilioRestException) as caught:
            made[0].fetch()
        assert (caught.value.status, caught.value.code) == (404, 20404)
    finally:
        assert transport.session is not None
        transport.session.close()


def test_twilios_library_makes_keys_subaccounts_and_permissions(emu: Emulator) -> None:
    transport = ToEmulator(emu.url)
    account_sid = emu.credentials["TWILIO_ACCOUNT_SID"]
    client = twilio_client(account_sid, emu.credentials["TWILIO_AUTH_TOKEN"], http_client=transport)
    try:
        policy = {"allow": ["/twilio/messaging/services/list"]}
        key = client.iam.v1.new_api_key.create(account_sid=account_sid, key_type="restricted", policy=policy)
        assert client.iam.v1.api_key(key.sid).update(friendly_name="engage").policy == policy
        listed = client.iam.v1.get_api_keys.list(account_sid=account_sid, page_size=1)
        assert key.sid in {row.sid for row in listed}
        caller = twilio_client(key.sid, key.secret, account_sid=account_sid, http_client=transport)
        assert caller.messaging.v1.services.list() == []
        child = client.api.v2010.accounts.create(friendly_name="child")
        standard = client.api.v2010.accounts(child.sid).new_keys.create(friendly_name="engage")
        assert client.api.v2010.accounts(child.sid).keys(standard.sid).fetch().friendly_name == "engage"
        assert child.update(status="suspended").status == "suspended"
        assert client.balance.fetch().currency == "USD"
        wanted = {"country_code": "DE", "type": "country", "enabled": True}
        changed = client.accounts.v1.messaging_geopermissions.update(permissions=[wanted])
        assert changed.permissions[0]["error_code"] == 0
    finally:
        assert transport.session is not None
        transport.session.close()
