"""The wires of the guarded client: resolve a name once, check every answer, connect to it.

TLS names, Host headers and connection pooling stay those of the HTTP library; only the way a
connection is opened is our own.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore2
import httpx2

from agent.errors import ConfigurationError
from tools.web.addresses import is_public
from tools.web.errors import WebError

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Addresses of a host name; raises OSError where there are none."""

PORTS = frozenset({80, 443})
_RESOLVE_SECONDS = 5.0
_MOST_ADDRESSES = 4


async def system_resolve(host: str, port: int) -> list[str]:
    """Addresses by the system's own resolver."""
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def trust(ca_file: Path | None = None) -> ssl.SSLContext:
    """The certificates trusted: the system's, and those of one more file where given.

    Raises:
        ConfigurationError: the file is not there or holds no certificate.
    """
    context = httpx2.create_ssl_context(trust_env=False)
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(ca_file))
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                f"ISRA_CA_FILE cannot be read: {ca_file}.", "Give a file of PEM certificates."
            ) from error
    return context


@dataclass(frozen=True)
class Network:
    """How names are resolved, connections are opened and certificates are checked."""

    resolve: Resolver = system_resolve
    wires: httpcore2.AsyncNetworkBackend = field(default_factory=httpcore2.AnyIOBackend)
    certificates: ssl.SSLContext = field(default_factory=trust)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections to public addresses only; a name with any other answer is refused."""

    def __init__(self, network: Network) -> None:
        self._resolve = network.resolve
        self._wires = network.wires

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the checked address itself, so that no second answer can slip in."""
        if port not in PORTS:
            raise WebError(
                f"{host} is to be reached on port {port}; only 80 and 443 are used.",
                code="refused_address",
            )
        addresses = await self._public(host, port)
        failure: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return await self._wires.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never: a socket file is no public address."""
        raise WebError("A socket file is no web address.", code="refused_address")

    async def sleep(self, seconds: float) -> None:
        """Wait between the library's own attempts."""
        await self._wires.sleep(seconds)

    async def _public(self, host: str, port: int) -> list[str]:
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise WebError(
                f"The site {host} cannot be found (no address for its name).",
                "Check the network, or upload the PDF.",
                code="unreachable",
            ) from error
        if not addresses or not all(map(is_public, addresses)):
            raise WebError(
                f"{host} does not lie on the public internet; it is not fetched.",
                code="refused_address",
            )
        return addresses


class _Body(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> Any:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class GuardedTransport(httpx2.AsyncBaseTransport):
    """httpx2 over guarded connections; no proxy, no retries, no HTTP/2."""

    def __init__(self, network: Network, connections: int = 20) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=network.certificates,
            max_connections=connections,
            max_keepalive_connections=connections // 2,
            keepalive_expiry=5,
            network_backend=GuardedBackend(network),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; redirects are the client's to check and follow."""
        response = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response.stream),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
