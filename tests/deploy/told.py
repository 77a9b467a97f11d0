"""A server of AWS's interfaces that is told some of its answers; moto gives the others.

For what moto does not play, as the end of a deployment: the scripts' real clients speak to it over
HTTP, so that what they send is AWS's own protocol.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import httpx
from botocore.config import Config

_JSON = "application/x-amz-json-1.1"


class Told:
    """The address, the answers by operation in their order, and what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.asked: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def answer(self, operation: str, *answers: dict[str, Any]) -> None:
        """What is answered, one after the other; the last one from then on."""
        self.answers[operation] = list(answers)

    def client(self, service: str) -> Any:
        """A real client of this server, which does not try again."""
        return boto3.client(
            service,
            region_name="eu-central-1",
            endpoint_url=self.address,
            config=Config(retries={"total_max_attempts": 1}),
        )


@contextmanager
def telling(moto: str) -> Iterator[Told]:
    """A server before moto's."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            told.asked[operation].append(json.loads(body))
            if answers := told.answers.get(operation):
                found = answers.pop(0) if len(answers) > 1 else answers[0]
                self._reply(400 if "__type" in found else 200, json.dumps(found).encode())
                return
            reply = httpx.post(moto + self.path, content=body, headers=dict(self.headers))
            self._reply(reply.status_code, reply.content)

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", _JSON)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Told(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
