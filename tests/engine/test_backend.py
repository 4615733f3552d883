"""A state in S3, whose secrets a key of KMS encrypts: the backend of a team without Pulumi Cloud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # the package has no types
import pytest
import yaml
from moto.server import ThreadedMotoServer

from tests.engine.support import Project

KEYS = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up"}
BUCKET, KEY = "state", "alias/engage"


@dataclass
class Aws:
    """An AWS with a bucket for the state and a key for its secrets."""

    address: str

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://{self.address}",
            region_name=KEYS["AWS_REGION"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )

    def stored(self) -> dict[str, str]:
        """Every object in the bucket."""
        s3 = self.client("s3")
        names = [row["Key"] for row in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
        return {name: s3.get_object(Bucket=BUCKET, Key=name)["Body"].read().decode() for name in names}


@pytest.fixture
def aws() -> Iterator[Aws]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    aws = Aws(f"{host}:{port}")
    aws.client("s3").create_bucket(Bucket=BUCKET)
    kms = aws.client("kms")
    kms.create_alias(AliasName=KEY, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    yield aws
    server.stop()


def test_a_stack_lives_in_a_bucket_and_its_secrets_under_a_key(project: Project, aws: Aws, tmp_path: Path) -> None:
    """As docs/ci.md has it: log in, make the stack with the key; a passphrase is nowhere."""
    del project.environment["PULUMI_BACKEND_URL"], project.environment["PULUMI_CONFIG_PASSPHRASE"]
    project.environment |= KEYS | {
        "AWS_ENDPOINT_URL": f"http://{aws.address}",
        "PULUMI_CREDENTIALS_PATH": str(tmp_path / "login"),
    }
    backend = f"s3://{BUCKET}?endpoint={aws.address}&disableSSL=true&s3ForcePathStyle=true"
    project.run_cli("login", backend)
    project.secrets_provider = f"awskms://{KEY}?region={KEYS['AWS_REGION']}"
    project.configure(email={"domain": None})

    up = project.up()
    assert up.ok, up.output
    settings = yaml.safe_load((project.directory / "stacks" / f"Pulumi.{project.name}.yaml").read_text())
    assert settings["secretsprovider"] == project.secrets_provider
    assert settings["encryptedkey"]
    assert "encryptionsalt" not in settings
    assert not any((project.directory / "state").iterdir())

    secrets = secrets_of(project)
    assert len(secrets) >= 3
    stored = aws.stored()
    (state,) = [text for name, text in stored.items() if name.endswith(f"/{project.name}.json")]
    assert project.resources()["engage-sms-service"]["id"] in state
    assert [name for name, text in stored.items() if any(secret in text for secret in secrets)] == []

    again = project.preview(expect_no_changes=True)
    assert again.ok, again.output
    assert project.look_for_drift().drift == []
    assert aws.stored() == stored, "the role of previews and of drift.yml only reads"
    assert [secret for secret in secrets if secret in up.output + again.output] == []
    down = project.destroy()
    assert down.ok, down.output
    assert project.emulator.state.collection("twilio", "services") == {}


def secrets_of(project: Project) -> list[str]:
    """The key, the write keys and the password, read back by whoever may use the key."""
    engage = project.outputs()["engage_settings"]
    password = project.resources(show_secrets=True)["engage-email-password"]["outputs"]["result"]["plaintext"]
    return [engage["email"]["subuser_api_key"], *engage["segment"]["write_keys"], password.strip('"')]
