"""The network below the sites: names to addresses, addresses to servers on loopback.

The product's own client runs against it with only its resolver, its wires and its certificates
given: every TCP connection and TLS handshake is real, on loopback.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpcore2
import httpx2
import trustme

from tests.fakes.internet.site import Answer, Request, Site
from tools.web.addresses import is_public
from tools.web.network import Network

SECRET = b"SECRET OF THE INSIDE"
_DEAD = "2001:4860:4860::dead"


class Internet:
    """Sites by host name. `connected` are the addresses connections were opened to."""

    def __init__(self) -> None:
        self.sites: dict[str, Site] = {}
        self.names: dict[str, list[list[str]]] = {}
        self.connected: list[str] = []
        self.inside: list[str] = []
        """Connections that reached the server of the inside."""
        self.resolved: list[str] = []
        self._numbers = count(10)
        self._ports: dict[int, int] = {}
        self._inside_port = 0
        self._authority = trustme.CA()
        self._stranger = trustme.CA()
        self.untrusted: set[str] = set()

    def site(self, host: str, pages: dict[str, Answer] | None = None, *aliases: str) -> Site:
        """Put a site on the net under a name, and others."""
        site = self.sites.setdefault(host, Site())
        site.pages.update(pages or {})
        address = f"93.184.216.{next(self._numbers)}"
        for name in (host, *aliases):
            self.sites[name] = site
            self.names.setdefault(name, [[address]])
        return site

    def name(self, host: str, *answers: Iterable[str]) -> None:
        """Give a name addresses; several answers are given in turn (rebinding)."""
        self.names[host] = [list(answer) for answer in answers]

    def network(self) -> Network:
        """What the client is given."""
        context = httpx2.create_ssl_context(trust_env=False)
        self._authority.configure_trust(context)
        return Network(resolve=self._resolve, wires=_Wires(self), certificates=context)

    def ca(self) -> bytes:
        """The certificate of the authority, as PEM."""
        return bytes(self._authority.cert_pem.bytes())

    def refused_connections(self) -> list[str]:
        """Addresses that are not public and were connected to all the same."""
        return [address for address in self.connected if not is_public(address)]

    async def _resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        answers = self.names.get(host)
        if answers:
            return answers.pop(0) if len(answers) > 1 else answers[0]
        loop = asyncio.get_running_loop()
        try:
            infos = await loop.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
        except socket.gaierror:
            if host == "localhost":
                return ["127.0.0.1", "::1"]
            raise
        return [str(info[4][0]) for info in infos]

    def route(self, address: str, port: int) -> int:
        """The loopback port behind an address. Raises OSError where nothing listens."""
        self.connected.append(address)
        if address == _DEAD:
            raise OSError("unreachable")
        if not is_public(address):
            return self._inside_port
        return self._ports[port]

    async def open(self) -> list[asyncio.Server]:
        """Start the servers: http, https and the inside."""
        plain = await asyncio.start_server(self.serve("http"), "127.0.0.1", 0)
        secure = await asyncio.start_server(self.serve("https"), "127.0.0.1", 0, ssl=self._tls())
        inside = await asyncio.start_server(self._leak, "127.0.0.1", 0)
        self._ports = {80: _port(plain), 443: _port(secure)}
        self._inside_port = _port(inside)
        return [plain, secure, inside]

    def _tls(self) -> ssl.SSLContext:
        """A certificate for each name asked for; a stranger's for the untrusted."""
        made: dict[str, ssl.SSLContext] = {}

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            host = name or "nameless.test"
            if host not in made:
                by = self._stranger if host in self.untrusted else self._authority
                made[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                by.issue_cert(host).configure_cert(made[host])
            connection.context = made[host]

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("nameless.test").configure_cert(context)
        context.sni_callback = choose
        return context

    def serve(self, scheme: str) -> Any:
        """Answers connections with what the sites say."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while request := await _read(reader, scheme):
                    site = self.sites.get(request.host)
                    reply = site.answer(request) if site else Site().answer(request)
                    if reply.raw is not None:
                        await reply.raw(writer)
                        break
                    writer.write(reply.bytes())
                    await writer.drain()
            except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                pass
            finally:
                writer.close()

        return serve

    async def _leak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.inside.append("connected")
        body = SECRET
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()


class _Wires(httpcore2.AsyncNetworkBackend):
    """Connections to an address end at its server on loopback."""

    def __init__(self, internet: Internet) -> None:
        self._internet = internet
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        try:
            behind = self._internet.route(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from error
        return await self._inner.connect_tcp("127.0.0.1", behind, *args, **kwargs)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


async def _read(reader: asyncio.StreamReader, scheme: str) -> Request | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1") if not reader.at_eof() else ""
    if not head.strip():
        return None
    first, *rest = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {
        key.lower(): value.strip() for key, _, value in (line.partition(":") for line in rest)
    }
    length = int(headers.get("content-length", 0))
    body = await reader.readexactly(length) if length else b""
    path, _, query = target.partition("?")
    host = headers.get("host", "").partition(":")[0]
    return Request(method, scheme, host, path, query, headers, body)


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


@asynccontextmanager
async def open_internet() -> AsyncIterator[Internet]:
    """The internet with its servers running in this event loop."""
    internet = Internet()
    servers = await internet.open()
    try:
        yield internet
    finally:
        for server in servers:
            server.close()


@asynccontextmanager
async def serve_plainly(site: Site) -> AsyncIterator[str]:
    """One site on a loopback port of its own, as a search API is; gives its address."""
    internet = Internet()
    internet.sites["127.0.0.1"] = site
    server = await asyncio.start_server(internet.serve("http"), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{_port(server)}"
    finally:
        server.close()
