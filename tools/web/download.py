"""Downloads one PDF: capped while it streams, resumed where it breaks off, named by its content."""

import asyncio
import hashlib
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx2

from tools.web.answers import checked, deadline, too_large
from tools.web.client import WebClient, patient
from tools.web.errors import WebError

_ATTEMPTS = 4
_MAGIC = b"%PDF-"
_MAGIC_WINDOW = 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """What a server said of a file when it was last had: for asking whether it changed."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """As the headers of a conditional request."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Download:
    """A PDF that was fetched; `path` is None where the server says it has not changed."""

    url: str
    path: Path | None
    name: str
    sha256: str = ""
    seen: Seen = Seen()


@dataclass(slots=True)
class _Part:
    """What has come so far."""

    path: Path
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    head: bytes = b""
    seen: Seen = Seen()
    url: str = ""
    name: str = ""
    ranges: bool = False

    def restart(self) -> None:
        """Begin again from the first byte."""
        self.path.write_bytes(b"")
        self.size, self.head, self.digest = 0, b"", hashlib.sha256()

    def add(self, block: bytes) -> None:
        """Write a block behind the others."""
        with self.path.open("ab") as file:
            file.write(block)
        self.digest.update(block)
        self.size += len(block)
        self.head = (self.head + block)[:_MAGIC_WINDOW]


async def download_pdf(client: WebClient, url: str, folder: Path, seen: Seen = Seen()) -> Download:
    """Fetch a PDF into `folder` as <sha256>.pdf; nothing else is left there.

    `seen` from an earlier download asks the server whether the file changed. Raises WebError.
    """
    result: Download = await patient(client.limits.longest_wait)(
        _download, client, url, folder, seen
    )
    return result


async def _download(client: WebClient, url: str, folder: Path, seen: Seen) -> Download:
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    part = _Part(await asyncio.to_thread(_new_file, folder))
    try:
        async with deadline(client.limits.pdf_seconds, checked(url).host):
            if not await _all_of_it(client, url, part, seen):
                return Download(part.url, None, part.name, seen=seen)
        path = folder / f"{part.digest.hexdigest()}.pdf"
        await asyncio.to_thread(part.path.replace, path)
        return Download(part.url, path, part.name, part.digest.hexdigest(), part.seen)
    finally:
        with suppress(FileNotFoundError):
            await asyncio.to_thread(part.path.unlink)


async def _all_of_it(client: WebClient, url: str, part: _Part, seen: Seen) -> bool:
    """Take the file in, going on where it broke off; False where it has not changed."""
    for attempt in range(1, _ATTEMPTS + 1):
        before = part.size
        try:
            return await _some_of_it(client, url, part, seen)
        except WebError as error:
            broken = error.code in {"truncated", "timeout"}
            # A server that resumes is asked again as long as each attempt brings something.
            if not (broken and part.ranges and part.size > before) or attempt == _ATTEMPTS:
                raise
    return True


async def _some_of_it(client: WebClient, url: str, part: _Part, seen: Seen) -> bool:
    async with client.stream(url, _headers(part, seen)) as response:
        if response.status_code == 304:
            part.url, part.name = str(response.url), file_name(response)
            return False
        await _begin(response, part)
        expected = _declared(response, part.size)
        if expected is not None and expected > client.limits.pdf_bytes:
            raise too_large(response.url.host, client.limits.pdf_bytes)
        async for block in response.aiter_raw():
            if part.size + len(block) > client.limits.pdf_bytes:
                raise too_large(response.url.host, client.limits.pdf_bytes)
            await asyncio.to_thread(part.add, block)
            if part.size >= _MAGIC_WINDOW:
                _check_magic(part, response)
        _check_magic(part, response)
        if expected is not None and part.size != expected:
            raise WebError(
                f"{response.url.host} broke off the file.",
                "Try again later, or upload the PDF.",
                code="truncated",
                retryable=True,
            )
    return True


def _headers(part: _Part, seen: Seen) -> dict[str, str]:
    accept = {"Accept": "application/pdf,*/*;q=0.1"}
    if part.size:
        return {**accept, "Range": f"bytes={part.size}-", "If-Range": _unchanged(part.seen)}
    return {**accept, **seen.headers()}


def _unchanged(seen: Seen) -> str:
    """What proves that a file is still byte for byte the same (RFC 9110, 13.1.5)."""
    return seen.modified if seen.etag.startswith("W/") or not seen.etag else seen.etag


async def _begin(response: httpx2.Response, part: _Part) -> None:
    """Note what the answer says of the file; a whole file after a break starts from nothing."""
    span = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
    if part.size and not (response.status_code == 206 and span and int(span[1]) == part.size):
        await asyncio.to_thread(part.restart)
    part.seen = Seen(response.headers.get("etag", ""), response.headers.get("last-modified", ""))
    accepts = response.headers.get("accept-ranges", "").lower() == "bytes"
    part.ranges = (accepts or response.status_code == 206) and bool(_unchanged(part.seen))
    part.url, part.name = str(response.url), file_name(response)


def _declared(response: httpx2.Response, so_far: int) -> int | None:
    length = response.headers.get("content-length", "")
    return so_far + int(length) if length.isdigit() else None


def _check_magic(part: _Part, response: httpx2.Response) -> None:
    if _MAGIC not in part.head:
        start = part.head[:256].lstrip().lower()
        page = start.startswith((b"<!doctype", b"<html", b"<"))
        what = "a web page" if page else "something else"
        raise WebError(f"{response.url.host} sends {what} in place of the PDF.", code="not_pdf")


def file_name(response: httpx2.Response) -> str:
    """A harmless file name for what an address gave."""
    quoted = re.search(
        r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", response.headers.get("content-disposition", "")
    )
    name = quoted[1] if quoted else urlsplit(str(response.url)).path.rpartition("/")[2]
    name = re.sub(r"[^\w.() -]+", "_", unquote(name).replace("\\", "/").rpartition("/")[2]).strip(
        " ."
    )
    stem = name.removesuffix(".pdf").removesuffix(".PDF")[:100]
    return f"{stem or 'report'}.pdf"


def _new_file(folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        return Path(file.name)
