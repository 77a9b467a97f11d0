"""Blobs in a bucket, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from agent.domain import Industry
from agent.errors import NotFoundError, StorageError
from agent.memory.artifacts import ArtifactStore
from agent.memory.blobs_s3 import S3Blobs, S3Options
from agent.memory.replies import StoredReplies
from tests.bucket import Bucket
from tests.fakes.flaky import Flaky
from tests.fakes.llm.server import serve


def options(bucket: Bucket, **more: object) -> S3Options:
    return S3Options.parse(
        f"s3://{bucket.name}/isra/", region="eu-central-1", endpoint=bucket.endpoint, **more
    )


@pytest.fixture
async def blobs(bucket: Bucket, tmp_path: Path) -> AsyncIterator[S3Blobs]:
    made = S3Blobs(options(bucket), tmp_path / "cache")
    yield made
    made.close()


async def test_a_file_is_stored_encrypted_and_found_again_elsewhere(
    blobs: S3Blobs, bucket: Bucket, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"content" * 100_000)
    assert not await blobs.exists("pdf/one.pdf")
    await blobs.put_file("pdf/one.pdf", source)
    assert await blobs.exists("pdf/one.pdf")
    head = bucket.client.head_object(Bucket=bucket.name, Key="isra/pdf/one.pdf")
    assert head["ServerSideEncryption"] == "AES256"
    elsewhere = S3Blobs(options(bucket), tmp_path / "other")
    paths = await asyncio.gather(*(elsewhere.get_path("pdf/one.pdf") for _ in range(5)))
    assert {path.read_bytes() for path in paths} == {source.read_bytes()}
    assert len([path for path in (tmp_path / "other").rglob("*") if path.is_file()]) == 1
    elsewhere.close()


async def test_objects_are_encrypted_with_the_key_that_is_set(
    bucket: Bucket, tmp_path: Path
) -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/abc"
    made = S3Blobs(options(bucket, kms_key=key), tmp_path)
    await made.put_bytes("artifacts/a.json", b"{}")
    head = bucket.client.head_object(Bucket=bucket.name, Key="isra/artifacts/a.json")
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == key
    made.close()


async def test_what_is_stored_is_not_written_over(
    blobs: S3Blobs, bucket: Bucket, tmp_path: Path
) -> None:
    await blobs.put_bytes("artifacts/a.json", b"first", replace=False)
    await blobs.put_bytes("artifacts/a.json", b"second", replace=False)
    assert await blobs.get_bytes("artifacts/a.json") == b"first"
    await blobs.put_bytes("artifacts/a.json", b"third")
    assert await blobs.get_bytes("artifacts/a.json") == b"third"


async def test_a_signed_address_can_be_read_without_credentials(blobs: S3Blobs) -> None:
    await blobs.put_bytes("pdf/one.pdf", b"content")
    address = await blobs.presigned("pdf/one.pdf", 60)
    async with httpx.AsyncClient() as client:
        assert (await client.get(address)).content == b"content"
    assert "X-Amz-Expires=60" in address


async def test_blobs_are_listed_and_deleted(blobs: S3Blobs) -> None:
    for name in ("a", "b"):
        await blobs.put_bytes(f"bundles/{name}.sqlite", b"12345")
    await blobs.put_bytes("pdf/c.pdf", b"1")
    listed = await blobs.listed("bundles/")
    assert [(item.key, item.size) for item in listed] == [
        ("bundles/a.sqlite", 5),
        ("bundles/b.sqlite", 5),
    ]
    await blobs.delete("bundles/a.sqlite")
    assert [item.key for item in await blobs.listed("bundles/")] == ["bundles/b.sqlite"]


async def test_a_missing_blob_is_told(blobs: S3Blobs) -> None:
    with pytest.raises(NotFoundError):
        await blobs.get_path("pdf/none.pdf")
    with pytest.raises(NotFoundError):
        await blobs.get_bytes("pdf/none.pdf")


async def test_a_missing_bucket_is_a_clear_failure(bucket: Bucket, tmp_path: Path) -> None:
    made = S3Blobs(S3Options("no-such-bucket", endpoint=bucket.endpoint), tmp_path)
    with pytest.raises(StorageError) as caught:
        await made.put_bytes("artifacts/a.json", b"{}")
    assert "no-such-bucket" in caught.value.what
    assert "ISRA_BLOB_STORE" in caught.value.do
    made.close()


async def test_requests_that_fail_for_a_while_are_tried_again(
    bucket: Bucket, tmp_path: Path
) -> None:
    flaky = Flaky(bucket.endpoint)
    flaky.fails = lambda method, path: len(flaky.failed) < 2
    with serve(flaky) as address:
        made = S3Blobs(
            S3Options(bucket.name, "isra", "eu-central-1", address, attempts=4), tmp_path
        )
        await made.put_bytes("artifacts/a.json", b"{}")
        assert await made.get_bytes("artifacts/a.json") == b"{}"
        made.close()
    assert len(flaky.failed) == 2


async def test_results_and_replies_live_in_the_bucket_too(blobs: S3Blobs) -> None:
    store = ArtifactStore(blobs)
    noun = Industry(id="cement", name="Cement")
    assert await store.get(await store.put(noun), Industry) == noun
    replies = StoredReplies(blobs)
    assert await replies.get("abc") is None
    await replies.put("abc", "text")
    assert await replies.get("abc") == "text"


async def test_copies_that_rest_longest_go_first(bucket: Bucket, tmp_path: Path) -> None:
    import os
    import time

    made = S3Blobs(options(bucket, cache_mb=1), tmp_path / "cache")
    for name in ("old", "young"):
        await made.put_bytes(f"pdf/{name}.pdf", b"x" * 700_000)
    old = await made.get_path("pdf/old.pdf")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    young = await made.get_path("pdf/young.pdf")
    assert not old.exists()
    assert young.exists()
    assert (await made.get_path("pdf/old.pdf")).stat().st_size == 700_000
    made.close()
