"""Blobs in a bucket (S3, or a server that speaks its protocol), with copies on the local disk.

Every blob but a model's reply is named by its content or never changes, so writes are
conditional and copies never go stale.
"""

import asyncio
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from agent.errors import NotFoundError, StorageError
from agent.memory.blobs import BlobInfo, checked_key, place_file

P = ParamSpec("P")
T = TypeVar("T")

_THREADS = 16
_GONE = {"404", "NoSuchKey", "NotFound"}
_THERE_ALREADY = "PreconditionFailed"
_RESTING_SECONDS = 3600.0
"""A copy used within this time is not removed: another process may be about to open it."""


@dataclass(frozen=True, slots=True)
class S3Options:
    """Where the bucket is and how it is used. Credentials come from AWS's own chain."""

    bucket: str
    prefix: str = ""
    region: str = ""
    endpoint: str = ""
    kms_key: str = ""
    cache_mb: int = 2048
    attempts: int = 5
    """How often a request is tried, with growing pauses."""

    @classmethod
    def parse(cls, address: str, **options: Any) -> "S3Options":
        """From an address such as s3://bucket/prefix."""
        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        return cls(bucket=bucket, prefix=prefix.strip("/"), **options)


class S3Blobs:
    """A blob store in a bucket. Calls run in its own few threads; close it at the end."""

    def __init__(self, options: S3Options, cache: Path) -> None:
        self._options = options
        self._cache = cache
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="isra-s3")
        self._client: Any = None
        self._making = asyncio.Lock()
        self._fetching: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def put_file(self, key: str, path: Path) -> None:
        """Store the file, unless one is there already. Raises StorageError."""
        if await self.exists(key):
            return
        await self._call("stored", key, self._put_file, key, path)

    async def put_bytes(self, key: str, body: bytes, *, replace: bool = True) -> None:
        """Store a small blob. Raises StorageError."""
        await self._call("stored", key, self._put, key, body, replace=replace)

    async def get_bytes(self, key: str) -> bytes:
        """The content. Raises NotFoundError, StorageError."""
        return await self._call("read", key, self._get, key)

    async def get_path(self, key: str) -> Path:
        """The local copy, fetched where there is none. Raises NotFoundError, StorageError."""
        path = self._copy(key)
        async with self._fetching[key]:
            if await asyncio.to_thread(_touch, path):
                return path
            await self._call("read", key, self._fetch, key, path)
        self._fetching.pop(key, None)
        await self._run(self._trim)
        return path

    async def exists(self, key: str) -> bool:
        """Whether the blob is in the bucket. Raises StorageError."""
        try:
            await self._call("looked up", key, self._head, key)
        except NotFoundError:
            return False
        return True

    async def listed(self, prefix: str) -> list[BlobInfo]:
        """Every blob below a folder. Raises StorageError."""
        return await self._call("listed", prefix, self._list, prefix)

    async def delete(self, key: str) -> None:
        """Remove the blob and its copy. Raises StorageError."""
        await self._call("deleted", key, self._delete, key)

    async def presigned(self, key: str, seconds: int = 300) -> str:
        """An address at which the blob can be read for a while without credentials."""
        return await self._call("signed", key, self._sign, key, seconds)

    def close(self) -> None:
        """Let go of the threads; calls under way are waited for."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def _call(
        self, done: str, key: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        checked_key(key)
        try:
            async with self._making:
                if self._client is None:
                    self._client = await self._run(self._make_client)
            return await self._run(function, *args, **kwargs)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _GONE:
                raise NotFoundError(f"There is no stored file {key}.") from error
            raise self._failure(done, key, error) from error
        except (BotoCoreError, OSError) as error:
            raise self._failure(done, key, error) from error

    def _failure(self, done: str, key: str, error: Exception) -> StorageError:
        code = type(error).__name__
        if isinstance(error, ClientError):
            code = str(error.response.get("Error", {}).get("Code", code))
        return StorageError(
            f"{key} could not be {done} in the bucket {self._options.bucket} ({code}).",
            "Check ISRA_BLOB_STORE and the rights of its credentials, or try again later.",
        )

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: function(*args, **kwargs))

    def _make_client(self) -> Any:
        options = self._options
        return boto3.session.Session().client(
            "s3",
            region_name=options.region or None,
            endpoint_url=options.endpoint or None,
            config=Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"mode": "standard", "total_max_attempts": options.attempts},
                max_pool_connections=_THREADS,
                signature_version="s3v4",
                # Servers other than AWS's own have no address for each bucket.
                s3={"addressing_style": "path" if options.endpoint else "auto"},
            ),
        )

    def _place(self, key: str) -> dict[str, str]:
        prefix = f"{self._options.prefix}/" if self._options.prefix else ""
        return {"Bucket": self._options.bucket, "Key": prefix + key}

    def _encryption(self) -> dict[str, str]:
        if self._options.kms_key:
            return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self._options.kms_key}
        return {"ServerSideEncryption": "AES256"}

    def _put_file(self, key: str, path: Path) -> None:
        with path.open("rb") as file:
            self._put(key, file, replace=False)

    def _put(self, key: str, body: Any, *, replace: bool) -> None:
        condition = {} if replace else {"IfNoneMatch": "*"}
        try:
            self._client.put_object(
                **self._place(key), **self._encryption(), **condition, Body=body
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _THERE_ALREADY:
                raise

    def _get(self, key: str) -> bytes:
        body: bytes = self._client.get_object(**self._place(key))["Body"].read()
        return body

    def _fetch(self, key: str, path: Path) -> None:
        body = self._client.get_object(**self._place(key))["Body"]
        place_file(path, lambda part: shutil.copyfileobj(body, part, 1 << 20))

    def _head(self, key: str) -> None:
        self._client.head_object(**self._place(key))

    def _list(self, prefix: str) -> list[BlobInfo]:
        place = self._place(prefix)
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=place["Bucket"], Prefix=place["Key"]
        )
        skip = len(place["Key"]) - len(prefix)
        return [
            BlobInfo(item["Key"][skip:], item["Size"], item["LastModified"].timestamp())
            for page in pages
            for item in page.get("Contents", ())
        ]

    def _delete(self, key: str) -> None:
        self._client.delete_object(**self._place(key))
        self._copy(key).unlink(missing_ok=True)

    def _sign(self, key: str, seconds: int) -> str:
        address: str = self._client.generate_presigned_url(
            "get_object", Params=self._place(key), ExpiresIn=seconds
        )
        return address

    def _copy(self, key: str) -> Path:
        return self._cache.joinpath(*checked_key(key).parts)

    def _trim(self) -> None:
        """Remove the copies that were not used for longest, once there are too many."""
        copies = [(path, path.stat()) for path in self._cache.rglob("*") if path.is_file()]
        over = sum(stat.st_size for _, stat in copies) - self._options.cache_mb * 1_000_000
        for path, stat in sorted(copies, key=lambda item: item[1].st_mtime):
            if over <= 0 or time.time() - stat.st_mtime < _RESTING_SECONDS:
                return
            path.unlink(missing_ok=True)
            over -= stat.st_size


def _touch(path: Path) -> bool:
    """Note that a copy is used; whether there is one."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StorageError(f"{path.name} cannot be used: {error.strerror}.") from error
    return True
