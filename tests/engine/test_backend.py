"""A backend on S3."""

from __future__ import annotations

from collections.abc import Iterator

import boto3  # type: ignore[import-untyped]  # the package has no types
import pytest
from moto.server import ThreadedMotoServer

from tests.engine.support import Project

KEYS = {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up"}


@pytest.fixture
def s3() -> Iterator[str]:
    """Host and port of an S3 with a bucket `state`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name=KEYS["AWS_REGION"],
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket="state")
    client.close()
    yield f"{host}:{port}"
    server.stop()


def test_a_stack_can_be_kept_in_a_bucket(project: Project, s3: str) -> None:
    project.configure(email=None, segment=None)
    url = f"s3://state?endpoint={s3}&disableSSL=true&s3ForcePathStyle=true"
    project.environment.update(KEYS | {"PULUMI_BACKEND_URL": url})
    up = project.up()
    assert up.ok, up.output
    assert project.resources()["engage-sms-service"]["id"].startswith("MG")
    assert not any((project.directory / "state").iterdir())
