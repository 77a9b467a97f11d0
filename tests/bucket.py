"""A bucket of a real S3 server (moto), spoken to over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass

import boto3
import pytest


@dataclass(frozen=True)
class Bucket:
    """A bucket and the address of its server."""

    name: str
    endpoint: str

    @property
    def client(self):  # type: ignore[no-untyped-def]
        """A plain client, to look at what was stored."""
        return boto3.client("s3", region_name="eu-central-1", endpoint_url=self.endpoint)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    # Slow to import, and few tests need it.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFAKEFAKEFAKE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fake-secret-access-key")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    made = Bucket("isra-test", s3_endpoint)
    client = made.client
    if made.name not in [item["Name"] for item in client.list_buckets()["Buckets"]]:
        client.create_bucket(
            Bucket=made.name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
    for item in client.list_objects_v2(Bucket=made.name).get("Contents", []):
        client.delete_object(Bucket=made.name, Key=item["Key"])
    return made
