"""What the emulator does around the vendors: addresses, log, state, control, page."""

import json
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from emulator import Emulator, StartError, StateError, credentials
from tests.emulator.conftest import PASSWORD, Client

MODULE = [sys.executable, "-m", "emulator"]


@pytest.mark.parametrize(
    ("method", "path", "names"),
    [
        ("GET", "/api.sendgrid.com/v3/marketing/lists", "GET /api.sendgrid.com/v3/marketing/lists"),
        ("PUT", "/api.sendgrid.com/v3/subusers", "PUT /api.sendgrid.com/v3/subusers"),
        ("GET", "/api.sendgrid.com//v3/subusers", "no such route"),
        ("GET", "/api.sendgrid.com/v3/subusers/", "no such route"),
        ("OPTIONS", "/api.sendgrid.com/v3/subusers", "no such route"),
        ("GET", "/api.mailgun.net/v3/domains", "no vendor with the host 'api.mailgun.net'"),
    ],
)
def test_what_is_not_emulated_is_a_501_that_names_it(client: Client, method: str, path: str, names: str) -> None:
    reply = client.session.request(method, client.emulator.url + path, timeout=10)
    assert reply.status_code == 501
    assert names in reply.json()["message"]
    assert "-> 501" in str(client.emulator.requests[0])


def test_calls_that_come_at_once_are_handled_one_by_one(client: Client, emu: Emulator) -> None:
    def make(number: int) -> str:
        with requests.Session() as session:
            auth = (credentials["TWILIO_ACCOUNT_SID"], credentials["TWILIO_AUTH_TOKEN"])
            url = f"{emu.url}/messaging.twilio.com/v1/Services"
            return str(session.post(url, data={"FriendlyName": str(number)}, auth=auth, timeout=10).json()["sid"])

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(24)))
    assert len(set(made)) == 24
    assert set(made) == set(emu.state.collection("twilio", "services"))


def test_a_connection_is_kept_alive(client: Client) -> None:
    with requests.Session() as session:
        for number in range(5):
            auth = {"Authorization": f"Bearer {credentials['SENDGRID_API_KEY']}"}
            url = f"{client.emulator.url}/api.sendgrid.com/v3/tracking_settings/subscription"
            assert session.patch(url, json={"landing": str(number)}, headers=auth, timeout=10).status_code == 200
        (pool,) = session.adapters["http://"].poolmanager.pools._container.values()  # type: ignore[attr-defined] # requests'
        assert pool.num_connections == 1


def test_a_body_sent_in_chunks_is_read(client: Client) -> None:
    auth = {"Authorization": f"Bearer {credentials['SENDGRID_API_KEY']}", "Content-Type": "application/json"}
    url = f"{client.emulator.url}/api.sendgrid.com/v3/tracking_settings/open"
    reply = client.session.patch(url, data=iter([b'{"enabled"', b": false}"]), headers=auth, timeout=10)
    assert reply.json() == {"enabled": False}


def test_the_log_tells_what_happened(client: Client, emu: Emulator) -> None:
    client.subuser("engage_dev")
    client.subuser("engage_dev")
    client.sendgrid("GET", "/user/username", behalf="engage_dev")
    lines = [re.sub(r"\d+ ms", "N ms", str(entry)) for entry in emu.requests]
    assert lines == [
        "POST api.sendgrid.com/v3/subusers -> 200 (N ms)",
        "POST api.sendgrid.com/v3/subusers -> 400 username exists (N ms)",
        "GET api.sendgrid.com/v3/user/username on behalf of engage_dev -> 200 (N ms)",
    ]
    assert emu.requests[0].body["username"] == "engage_dev"
    assert client.session.get(f"{emu.url}/_emulator/requests", timeout=10).json()[1]["status"] == 400
    client.session.delete(f"{emu.url}/_emulator/requests", timeout=10)
    assert emu.requests == []


def make_everything(client: Client) -> list[str]:
    """One of each thing that has a secret; returns the secrets."""
    tokens = client.subuser("engage_dev").json()
    key = client.sendgrid("POST", "/api_keys", json={"name": "k"}, behalf="engage_dev").json()["api_key"]
    client.twilio("POST", "/v1/Services", data={"FriendlyName": "Engage"})
    account = f"/2010-04-01/Accounts/{credentials['TWILIO_ACCOUNT_SID']}.json"
    assert client.twilio("GET", account).json()["auth_token"] == credentials["TWILIO_AUTH_TOKEN"]
    source = {"slug": "engage", "enabled": True, "metadataId": "iUM16Md8P2"}
    write_keys = client.segment("POST", "/sources", json=source).json()["data"]["source"]["writeKeys"]
    secrets = [value for name, value in credentials.items() if name != "TWILIO_ACCOUNT_SID"]
    return [PASSWORD, key, tokens["signup_session_token"], tokens["authorization_token"], *write_keys, *secrets]


def test_no_secret_is_kept_in_clear_and_what_exists_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state.json"
    with Emulator(file) as emu:
        client = Client(emu, None)
        with client.session:
            secrets = make_everything(client)
            before = client.twilio("GET", "/v1/Services").json()["services"][0]["sid"]
            shown = [
                client.session.get(emu.url + path, timeout=10).text
                for path in ("/", "/_emulator/state", "/_emulator/requests", "/_emulator/violations")
            ]
    places = [file.read_text(), *shown, *map(repr, emu.requests)]
    found = [(secret, place[:80]) for secret in secrets for place in places if secret in place]
    assert found == []
    assert "_sha256" not in shown[1]
    with Emulator(file) as emu:
        client = Client(emu, None)
        with client.session:
            assert client.sendgrid("GET", "/scopes", key=secrets[1]).status_code == 200
            assert client.twilio("GET", "/v1/Services").json()["services"][0]["sid"] == before
            assert client.twilio("POST", "/v1/Services", data={"FriendlyName": "b"}).json()["sid"] != before
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]


def test_the_state_of_an_earlier_release_gets_what_it_did_not_know(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with Emulator(file) as emu:
        whole = json.loads(json.dumps(emu.state.vendors))
        emu.state.collection("twilio", "services")["MG1"] = {"sid": "MG1"}
    document = json.loads(file.read_text())
    del document["vendors"]["segment"]["spaces"]
    (workspace,) = document["vendors"]["segment"]["workspaces"].values()
    workspace.pop("features")
    workspace["name"] = "Renamed"
    document["vendors"]["sendgrid"]["ips"].clear()
    file.write_text(json.dumps(document))
    with Emulator(file) as emu:
        assert emu.state.collection("segment", "spaces") == whole["segment"]["spaces"]
        (workspace,) = emu.state.collection("segment", "workspaces").values()
        assert (workspace["name"], workspace["features"]) == (
            "Renamed",
            ["Spaces", "Destination Subscriptions", "Protocols"],
        )
        assert emu.state.collection("sendgrid", "ips") == {}, "what was removed stays so"


def test_what_an_alteration_was_given_stays_as_it_is(emu: Emulator) -> None:
    given: dict[str, str] = {}
    emu.state.alter("twilio", "accounts", emu.credentials["TWILIO_ACCOUNT_SID"], notes=given)
    emu.state.collection("twilio", "accounts")[emu.credentials["TWILIO_ACCOUNT_SID"]]["notes"]["a"] = "b"
    assert given == {}


def test_a_reset_makes_the_same_ids_again(client: Client, emu: Emulator) -> None:
    first = client.sendgrid("POST", "/api_keys", json={"name": "k"}).json()
    assert client.session.post(f"{emu.url}/_emulator/reset", timeout=10).status_code == 204
    assert emu.requests == []
    assert client.sendgrid("POST", "/api_keys", json={"name": "k"}).json() == first


def test_drift_is_made_over_http(client: Client, emu: Emulator) -> None:
    client.subuser("engage_dev")
    client.sendgrid("POST", "/api_keys", json={"name": "k"}, behalf="engage_dev")
    where = f"{emu.url}/_emulator/state/sendgrid/subusers/engage_dev"
    assert client.session.patch(where, json={"disabled": True}, timeout=10).status_code == 204
    assert client.sendgrid("GET", "/subusers").json()[0]["disabled"] is True
    assert client.session.delete(where, timeout=10).status_code == 204
    assert client.session.delete(where, timeout=10).status_code == 404
    assert client.session.patch(where, json={"disabled": True}, timeout=10).status_code == 404
    assert len(client.session.get(f"{emu.url}/_emulator/state", timeout=10).json()["sendgrid"]["api_keys"]) == 1


def test_violations_are_told_over_http(client: Client, emu: Emulator) -> None:
    client.twilio("POST", "/v1/Services", data={"FriendlyName": "a", "Name": "b"})
    told = client.session.get(f"{emu.url}/_emulator/violations", timeout=10).json()
    assert told == ["POST messaging.twilio.com/v1/Services: unknown parameter 'Name'"]
    client.expect_violation(told[0])


def test_health_names_the_product(client: Client, emu: Emulator) -> None:
    health = client.session.get(f"{emu.url}/_emulator/health", timeout=10).json()
    assert health["product"] == "twilio-engage-emulator"
    assert set(health["vendors"]) == {"sendgrid", "twilio", "segment"}


def test_the_page_shows_what_exists_and_escapes_it(client: Client, emu: Emulator) -> None:
    client.twilio("POST", "/v1/Services", data={"FriendlyName": "<script>alert(1)</script>"})
    emu.fault(status=500, path="never")
    page = client.session.get(emu.url, timeout=10).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "messaging.twilio.com/v1/Services -&gt; 201" in page
    assert "never" in page


def test_an_error_of_the_emulator_itself_is_a_violation(client: Client, emu: Emulator) -> None:
    emu.state.collection("sendgrid", "accounts").clear()
    assert client.sendgrid("GET", "/user/account").status_code == 500
    assert "the emulator itself failed" in emu.violations.pop()


def test_it_listens_on_loopback_only() -> None:
    with pytest.raises(StartError, match="not a loopback address"):
        Emulator(host="0.0.0.0").start()  # noqa: S104 - that it is refused is the test


def test_a_stopped_emulator_ends_its_connections() -> None:
    with Emulator() as emu, socket.create_connection(("127.0.0.1", int(emu.url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET /_emulator/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        emu.stop()
        connection.settimeout(5)
        while connection.recv(4096):
            pass
    with pytest.raises(StartError, match="not running"):
        _ = emu.url


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 99, "counters": {}, "vendors": {}}'])
def test_a_state_file_that_cannot_be_read_is_a_clear_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(StateError, match="remove"):
        Emulator(file)
    run = subprocess.run([*MODULE, "--port", "0", "--state", str(file)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert str(file) in run.stderr
    assert "Traceback" not in run.stderr


def test_a_port_that_is_taken_is_a_clear_error(emu: Emulator) -> None:
    port = emu.url.rpartition(":")[2]
    run = subprocess.run([*MODULE, "--port", port], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert f"cannot listen on 127.0.0.1:{port}" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_tells_its_address_and_stops_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "state.json"
    command = [*MODULE, "--port", "0", "--state", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert url is not None
        auth = (credentials["TWILIO_ACCOUNT_SID"], credentials["TWILIO_AUTH_TOKEN"])
        where = f"{url.group()}/messaging.twilio.com/v1/Services"
        assert requests.post(where, data={"FriendlyName": "a"}, auth=auth, timeout=10).status_code == 201
        assert process.stdout.readline().startswith("POST messaging.twilio.com/v1/Services -> 201")
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    assert len(json.loads(file.read_text())["vendors"]["twilio"]["services"]) == 1
